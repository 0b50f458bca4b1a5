import { expect, test, vi } from 'vitest';
import { FakeClock, settle } from './testing.js';

test('time stands still until it is moved', async () => {
  const clock = new FakeClock(1000);
  const callback = vi.fn<() => void>();
  clock.setTimeout(callback, 0);
  await settle();
  expect(clock.now()).toBe(1000);
  expect(callback).not.toHaveBeenCalled();
  await clock.advance(0);
  expect(callback).toHaveBeenCalledOnce();
});

test('timers run when they are due, in order, each at its own time', async () => {
  const clock = new FakeClock(0);
  const runs: string[] = [];
  const at = (name: string, ms: number): unknown => clock.setTimeout(() => runs.push(`${name} ${clock.now()}`), ms);
  at('c', 30);
  at('a', 10);
  at('b', 20);
  at('a2', 10);
  at('past', -5);
  at('never', 101);
  await clock.advance(100);
  expect(runs).toEqual(['past 0', 'a 10', 'a2 10', 'b 20', 'c 30']);
  expect([clock.now(), clock.pending, clock.untilNext]).toEqual([100, 1, 1]);
});

test('what follows from a timer runs before the next one, and its own timers are in time', async () => {
  const clock = new FakeClock(0);
  const runs: string[] = [];
  const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.setTimeout(resolve, ms));
  const worker = async (): Promise<void> => {
    await wait(10);
    for (let i = 0; i < 50; i++) await Promise.resolve();
    runs.push(`first ${clock.now()}`);
    await wait(5);
    runs.push(`second ${clock.now()}`);
  };
  void worker();
  clock.setTimeout(() => runs.push(`other ${clock.now()}`), 15);
  await clock.advance(20);
  expect(runs).toEqual(['first 10', 'other 15', 'second 15']);
});

test('a timer that was cleared does not run, even when another one clears it as they come due', async () => {
  const clock = new FakeClock();
  const callback = vi.fn<() => void>();
  const first = clock.setTimeout(callback, 1);
  clock.clearTimeout(first);
  clock.clearTimeout(first);
  clock.clearTimeout(undefined);
  clock.setTimeout(() => clock.clearTimeout(second), 2);
  const second = clock.setTimeout(callback, 2);
  await clock.advance(5);
  expect(callback).not.toHaveBeenCalled();
  expect([clock.pending, clock.untilNext]).toEqual([0, undefined]);
});

test('an error of a timer comes out of advance', async () => {
  const clock = new FakeClock(0);
  clock.setTimeout(() => {
    throw new Error('boom');
  }, 5);
  await expect(clock.advance(10)).rejects.toThrow('boom');
  expect(clock.now()).toBe(5);
});

test.each([-1, Number.NaN])('time cannot be moved by %s', async (ms) => {
  await expect(new FakeClock().advance(ms)).rejects.toThrow(RangeError);
});

test('random numbers are the same for the same seed, lie in [0, 1), and are spread', () => {
  const numbers = (seed?: number): number[] => {
    const clock = new FakeClock(0, seed);
    return Array.from({ length: 10_000 }, () => clock.random());
  };
  expect(numbers()).toEqual(numbers(1));
  expect(numbers(2)).not.toEqual(numbers(1));
  expect(numbers().every((number) => number >= 0 && number < 1)).toBe(true);
  for (let tenth = 0; tenth < 10; tenth++) {
    expect(numbers().filter((number) => Math.floor(number * 10) === tenth).length).toBeGreaterThan(800);
  }
});
