import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lockFile, lockFiles } from './lock-file.js';

let directory: string;
let file: string;
let lock: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'lock-'));
  file = path.join(directory, 'config');
  lock = `${file}.lock`;
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(directory, { recursive: true });
});

/** Virtual time that begins with the file system's own. */
const newClock = (): FakeClock => new FakeClock(Date.now());

/** A process that has been, and is no more. */
function goneProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('a lock is a file beside the file, for as long as it is held', async () => {
  const held = await lockFile(file);
  expect(await readFile(lock, 'utf8')).toMatch(new RegExp(`^${process.pid} ${hostname()} [-0-9a-f]{36}\\n$`));
  expect((await stat(lock)).mode & 0o777).toBe(0o600);
  await held[Symbol.asyncDispose]();
  expect(existsSync(lock)).toBe(false);
  await held[Symbol.asyncDispose]();
});

test('who comes later waits for his turn', async () => {
  const clock = newClock();
  const first = await lockFile(file, { clock });
  const order: string[] = [];
  const second = lockFile(file, { clock }).then((held) => {
    order.push('second');
    return held;
  });
  await clock.advance(1000);
  order.push('first is done');
  await first[Symbol.asyncDispose]();
  // Files are read in real time: nobody knows when the next attempt is due.
  while (order.length < 2) await clock.advance(50);
  await (await second)[Symbol.asyncDispose]();
  expect(order).toEqual(['first is done', 'second']);
  expect(existsSync(lock)).toBe(false);
});

describe('a lock that stays taken', () => {
  test.each([
    ['kubectl’s', '', 'another process'],
    ['a process’s', `${process.pid} ${hostname()}\n`, `process ${process.pid} on ${hostname()}`],
    ['one of another machine', '1 elsewhere\n', 'process 1 on elsewhere'],
    ['one that says anything', '1 \u001b[2J\n', 'process 1 on \\u001b[2J'],
    ['one that is too long', `1 ${'x'.repeat(10_000)}\n`, 'another process'],
  ])('%s: is an error that says whose it is', async (_, content, holder) => {
    await writeFile(lock, content);
    const clock = newClock();
    const error = lockFile(file, { clock, timeoutMs: 1000 }).catch((error: unknown) => error);
    await clock.advance(1100);
    expect(await error).toMatchObject({
      name: 'LockedError',
      message: `${lock}: locked by ${holder}; if nobody is at work, delete it`,
    });
    expect(existsSync(lock)).toBe(true);
  });

  test('does not keep whoever aborts', async () => {
    await writeFile(lock, '');
    const clock = newClock();
    const controller = new AbortController();
    const waiting = lockFile(file, { clock, signal: controller.signal }).catch((error: unknown) => error);
    await clock.advance(10);
    controller.abort(new Error('mine'));
    expect(await waiting).toEqual(new Error('mine'));
    expect(clock.pending).toBe(0);
  });
});

describe('a lock that was left behind is taken', () => {
  test('after thirty seconds', async () => {
    await writeFile(lock, '');
    const clock = newClock();
    const old = new Date(clock.now() - 30_001);
    await utimes(lock, old, old);
    await using _held = await lockFile(file, { clock });
    expect(await readFile(lock, 'utf8')).toContain(`${process.pid} `);
  });

  test('after thirty seconds on the clock that files are dated by, which may be set meanwhile', async () => {
    await writeFile(lock, '');
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 31_000);
    await using _held = await lockFile(file, { timeoutMs: 0 });
    expect(await readFile(lock, 'utf8')).toContain(`${process.pid} `);
  });

  test('at once, when its process is gone', async () => {
    await writeFile(lock, `${goneProcess()} ${hostname()}\n`);
    await using _held = await lockFile(file, { clock: newClock() });
    expect(await readFile(lock, 'utf8')).toContain(`${process.pid} `);
  });

  test('by one at a time', async () => {
    await writeFile(lock, `${goneProcess()} ${hostname()}\n`);
    await writeFile(`${lock}.left`, `${process.pid} ${hostname()}\n`);
    const clock = newClock();
    const error = lockFile(file, { clock, timeoutMs: 1000 }).catch((error: unknown) => error);
    await clock.advance(1100);
    expect(await error).toMatchObject({ name: 'LockedError' });
  });

  test('by whoever comes after one who was gone while he did it', async () => {
    await writeFile(lock, `${goneProcess()} ${hostname()}\n`);
    await writeFile(`${lock}.left`, `${goneProcess()} ${hostname()}\n`);
    const clock = newClock();
    const held: AsyncDisposable[] = [];
    void lockFile(file, { clock }).then((each) => held.push(each));
    // Files are read in real time: nobody knows when the next attempt is due.
    while (held.length === 0) await clock.advance(50);
    expect(await readFile(lock, 'utf8')).toContain(`${process.pid} `);
    expect(existsSync(`${lock}.left`)).toBe(false);
    await held[0]?.[Symbol.asyncDispose]();
  });

  test('by one of many', async () => {
    await writeFile(lock, `${goneProcess()} ${hostname()}\n`);
    let holders = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      await using _held = await lockFile(file);
      most = Math.max(most, ++holders);
      await writeFile(file, 'x');
      holders--;
    };
    await Promise.all(Array.from({ length: 5 }, work));
    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });
});

test('a lock that somebody took meanwhile is not released', async () => {
  const held = await lockFile(file);
  await rm(lock);
  await writeFile(lock, 'theirs');
  await held[Symbol.asyncDispose]();
  expect(await readFile(lock, 'utf8')).toBe('theirs');
});

test('where there is no directory there is nothing to lock', async () => {
  await using _held = await lockFile(path.join(directory, 'none/config'));
  expect(existsSync(path.join(directory, 'none'))).toBe(false);
});

test('of several locks none is kept when one cannot be had', async () => {
  const other = path.join(directory, 'z');
  await writeFile(`${other}.lock`, '');
  const clock = newClock();
  const error = lockFiles([other, file], { clock, timeoutMs: 0 }).catch((error: unknown) => error);
  await clock.advance(100);
  expect(await error).toMatchObject({ name: 'LockedError' });
  expect(existsSync(lock)).toBe(false);
});
