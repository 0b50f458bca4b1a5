// What client-go's own tests of its rate limiters say, under their names.
import { expect, test } from 'vitest';
import { ExponentialFailureRateLimiter } from './exponential-failure-rate-limiter.js';
import { FastSlowRateLimiter } from './fast-slow-rate-limiter.js';
import { MaxOfRateLimiter } from './max-of-rate-limiter.js';
import { MaxWaitRateLimiter } from './max-wait-rate-limiter.js';
import type { RateLimiter } from './rate-limiter.js';

const Second = 1000;
const Minute = 60 * Second;
const Hour = 60 * Minute;

/** One item fails five times and another twice; then the first is forgotten, and fails again. */
function failures(limiter: RateLimiter<string>): { one: number[]; two: number[]; counted: number[]; anew: number } {
  const fail = (item: string, times: number): number[] => Array.from({ length: times }, () => limiter.when(item));
  const [one, two] = [fail('one', 5), fail('two', 2)];
  const counted = [limiter.numRequeues('one'), limiter.numRequeues('two')];
  limiter.forget('one');
  counted.push(limiter.numRequeues('one'));
  return { one, two, counted, anew: limiter.when('one') };
}

test('TestItemExponentialFailureRateLimiter', () => {
  const expected = { one: [1, 2, 4, 8, 16], two: [1, 2], counted: [5, 2, 0], anew: 1 };
  expect(failures(new ExponentialFailureRateLimiter(1, Second))).toEqual(expected);
});

test.each([
  ['of milliseconds, before', 1, 1000 * Second, 5, 32],
  ['of milliseconds, far beyond', 1, 1000 * Second, 1000, 1000 * Second],
  ['of minutes, before', Minute, 1000 * Hour, 2, 4 * Minute],
  ['of minutes, far beyond', Minute, 1000 * Hour, 1000, 1000 * Hour],
])('TestItemExponentialFailureRateLimiterOverFlow: %s', (_, baseDelayMs, maxDelayMs, before, expected) => {
  const limiter = new ExponentialFailureRateLimiter<string>(baseDelayMs, maxDelayMs);
  for (let i = 0; i < before; i++) limiter.when('one');
  expect(limiter.when('one')).toBe(expected);
});

test('TestItemFastSlowRateLimiter', () => {
  const expected = { one: [5, 5, 5, 10 * Second, 10 * Second], two: [5, 5], counted: [5, 2, 0], anew: 5 };
  expect(failures(new FastSlowRateLimiter(5, 10 * Second, 3))).toEqual(expected);
});

test('TestMaxOfRateLimiter', () => {
  const limiter = new MaxOfRateLimiter<string>(
    new FastSlowRateLimiter(5, 3 * Second, 3),
    new ExponentialFailureRateLimiter(1, Second),
  );
  const expected = { one: [5, 5, 5, 3 * Second, 3 * Second], two: [5, 5], counted: [5, 2, 0], anew: 5 };
  expect(failures(limiter)).toEqual(expected);
});

test('TestWithMaxWaitRateLimiter', () => {
  let calls = 0;
  const steps: RateLimiter<number> = {
    when: () => (++calls <= 100 ? 5 : 1000 * Second),
    numRequeues: () => 0,
    forget() {},
  };
  const limiter = new MaxWaitRateLimiter(steps, 500 * Second);
  const delays = Array.from({ length: 200 }, (_, item) => limiter.when(item));
  expect(new Set(delays.slice(0, 100))).toEqual(new Set([5]));
  expect(new Set(delays.slice(100))).toEqual(new Set([500 * Second]));
});
