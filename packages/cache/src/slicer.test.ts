import { realClock } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { newSlicer } from './slicer.js';

function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end) continue;
}

test('a turn that is waited for is one of the event loop, though others come in it and wait for theirs', async () => {
  let turns = 0;
  let counting: NodeJS.Immediate;
  const count = (): void => {
    turns++;
    counting = setImmediate(count);
  };
  counting = setImmediate(count);
  const workers = Array.from({ length: 3 }, async () => {
    const slicer = newSlicer(realClock);
    for (let slice = 0; slice < 4; slice++) {
      work(2);
      await slicer.yield();
    }
  });
  await Promise.all(workers);
  clearImmediate(counting);
  expect(turns).toBeGreaterThanOrEqual(3);
});

test('a clock without turns has its timers', async () => {
  const clock = new FakeClock();
  let yielded = false;
  const waiting = newSlicer(clock)
    .yield()
    .then(() => (yielded = true));
  await Promise.resolve();
  expect(yielded).toBe(false);
  await clock.advance(0);
  await waiting;
});
