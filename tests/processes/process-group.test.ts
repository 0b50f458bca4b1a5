import path from 'node:path';
import { expect, test } from 'vitest';
import { EventProcess } from './event-process.js';
import { ProcessGroup } from './process-group.js';

/** A program that has nothing to do. */
const Program = path.join(import.meta.dirname, 'machine-time.ts');

test('who waits hears at once that a process has ended, unless it was told to', async () => {
  await using group = new ProcessGroup();
  const start = (identity: string) => group.add(new EventProcess(Program, identity, [], group.check));
  const told = start('told');
  told.tell('stop');
  await group.until('its end', () => told.exited);
  start('one');
  await expect(group.until('nothing', () => false)).rejects.toThrow('waiting for nothing: one: it ended by itself: 0');
});
