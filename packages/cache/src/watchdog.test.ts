import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test, vi } from 'vitest';
import { Watchdog } from './watchdog.js';

const late = (): Error => new Error('late');

test('aborts when nothing rearms it in time, with the reason of the last arming', async () => {
  const clock = new FakeClock();
  using watchdog = new Watchdog(clock, new AbortController().signal);
  watchdog.arm(100, () => new Error('first'));
  await clock.advance(99);
  watchdog.arm(100, () => new Error('second'));
  await clock.advance(99);
  expect(watchdog.signal.aborted).toBe(false);
  await clock.advance(1);
  expect(watchdog.signal.reason).toEqual(new Error('second'));
});

test('an earlier deadline counts as well as a later one', async () => {
  const clock = new FakeClock();
  using watchdog = new Watchdog(clock, new AbortController().signal);
  watchdog.arm(1000, late);
  watchdog.arm(10, late);
  await clock.advance(10);
  expect(watchdog.signal.aborted).toBe(true);
});

test('however often it is rearmed, one timer is set', async () => {
  const clock = new FakeClock();
  const setTimeout = vi.spyOn(clock, 'setTimeout');
  using watchdog = new Watchdog(clock, new AbortController().signal);
  for (let i = 0; i < 1000; i++) watchdog.arm(100 + i, late);
  expect([setTimeout.mock.calls.length, clock.pending]).toEqual([1, 1]);
});

test('aborts with the outer signal, and its reason', () => {
  const outer = new AbortController();
  using watchdog = new Watchdog(new FakeClock(), outer.signal);
  outer.abort(new Error('stop'));
  expect(watchdog.signal.reason).toEqual(new Error('stop'));
});

test('is aborted from the start where the outer signal is', () => {
  using watchdog = new Watchdog(new FakeClock(), AbortSignal.abort(new Error('stop')));
  expect(watchdog.signal.reason).toEqual(new Error('stop'));
});

test('disposing leaves neither timer nor listener behind, and never aborts', async () => {
  const clock = new FakeClock();
  const outer = new AbortController();
  const removed = vi.spyOn(outer.signal, 'removeEventListener');
  const watchdog = new Watchdog(clock, outer.signal);
  watchdog.arm(10, late);
  watchdog[Symbol.dispose]();
  await clock.advance(100);
  outer.abort();
  expect(watchdog.signal.aborted).toBe(false);
  expect([clock.pending, removed.mock.calls.length]).toEqual([0, 1]);
});
