import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { ResyncTimer } from './resync-timer.js';

function setUp(periodMs = 1000): { clock: FakeClock; timer: ResyncTimer; times: () => number } {
  const clock = new FakeClock();
  let calls = 0;
  return { clock, timer: new ResyncTimer(clock, periodMs, () => calls++), times: () => calls };
}

test('calls back every period from its start on, and no more once stopped', async () => {
  const { clock, timer, times } = setUp();
  await clock.advance(5000);
  expect(times()).toBe(0);
  timer.start();
  await clock.advance(999);
  expect(times()).toBe(0);
  await clock.advance(2001);
  expect(times()).toBe(3);
  timer.stop();
  await clock.advance(5000);
  expect([times(), clock.pending]).toEqual([3, 0]);
});

test('may be started twice, and stopped before and after', async () => {
  const { clock, timer, times } = setUp();
  timer.stop();
  timer.start();
  timer.start();
  await clock.advance(1000);
  expect([times(), clock.pending]).toEqual([1, 1]);
  timer.stop();
  timer.stop();
});

test('does not catch up on what it slept through', async () => {
  const { clock, timer, times } = setUp();
  timer.start();
  const now = clock.now.bind(clock);
  clock.now = () => now() + 10_000;
  await clock.advance(1000);
  expect(times()).toBe(1);
  timer.stop();
});

test('a timer of the runtime that fires early is set again', async () => {
  const { clock, timer, times } = setUp(100_000);
  const setTimeout = clock.setTimeout.bind(clock);
  clock.setTimeout = (callback, ms) => setTimeout(callback, Math.min(ms, 30_000));
  timer.start();
  await clock.advance(99_999);
  expect(times()).toBe(0);
  await clock.advance(1);
  expect(times()).toBe(1);
  timer.stop();
});

test.each([999, 0, -1, Number.NaN])('a period of %d is refused', (periodMs) => {
  expect(() => setUp(periodMs)).toThrow(new RangeError(`resyncPeriodMs must be at least 1000, got ${periodMs}`));
});
