import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { realClock, sleep } from './clock.js';
import { FakeClock } from './testing.js';

test('sleep resolves when its time has passed', async () => {
  const clock = new FakeClock();
  const woke = vi.fn<() => void>();
  void sleep(clock, 100).then(() => woke());
  await clock.advance(99);
  expect(woke).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(woke).toHaveBeenCalledOnce();
});

test('sleep rejects with the reason of its signal, and leaves no timer and no listener', async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const reason = new Error('enough');
  const aborted = sleep(clock, 100, controller.signal);
  const finished = sleep(clock, 50, controller.signal);
  await clock.advance(50);
  await finished;
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  controller.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  expect(clock.pending).toBe(0);
});

test('however many sleep with the same signal, it has one listener, and none when they are awake', async () => {
  const clock = new FakeClock();
  const { signal } = new AbortController();
  const sleeping = Array.from({ length: 20 }, () => sleep(clock, 100, signal));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  await clock.advance(100);
  await Promise.all(sleeping);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('sleep with a signal that was aborted before does not begin', async () => {
  const clock = new FakeClock();
  const reason = new Error('enough');
  await expect(sleep(clock, 100, AbortSignal.abort(reason))).rejects.toBe(reason);
  expect(clock.pending).toBe(0);
});

test('sleep goes on when a timer fires early, as long ones do', async () => {
  const clock = new FakeClock(0);
  const limit = 2 ** 31 - 1;
  const shortened = {
    now: () => clock.now(),
    setTimeout: (callback: () => void, ms: number) => clock.setTimeout(callback, Math.min(ms, limit)),
    clearTimeout: (timer: unknown) => clock.clearTimeout(timer),
    random: () => 0,
  };
  const woke = vi.fn<() => void>();
  void sleep(shortened, 2.5 * limit).then(() => woke());
  await clock.advance(2.4 * limit);
  expect(woke).not.toHaveBeenCalled();
  await clock.advance(0.2 * limit);
  expect(woke).toHaveBeenCalledOnce();
});

test('the real clock gives runtimes no delay that they would take for none', () => {
  const setTimeout = vi.spyOn(globalThis, 'setTimeout').mockReturnThis();
  for (const ms of [2 ** 40, Infinity, -5, 7]) realClock.setTimeout(() => {}, ms);
  expect(setTimeout.mock.calls.map(([, ms]) => ms)).toEqual([2 ** 31 - 1, 2 ** 31 - 1, 0, 7]);
  setTimeout.mockRestore();
});

test('the real clock runs and clears timers, tells the time of day, and does not go back', async () => {
  expect(Math.abs(realClock.now() - Date.now())).toBeLessThan(60_000);
  const before = realClock.now();
  const never = vi.fn<() => void>();
  realClock.clearTimeout(realClock.setTimeout(never, 0));
  await sleep(realClock, 1);
  expect(realClock.now()).toBeGreaterThanOrEqual(before);
  expect(never).not.toHaveBeenCalled();
  expect(realClock.random()).toBeLessThan(1);
});
