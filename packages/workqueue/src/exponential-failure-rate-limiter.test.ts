import { expect, test } from 'vitest';
import { ExponentialFailureRateLimiter } from './exponential-failure-rate-limiter.js';

function delays(limiter: ExponentialFailureRateLimiter<string>, item: string, count: number): number[] {
  return Array.from({ length: count }, () => limiter.when(item));
}

test('each failure doubles the delay up to the longest', () => {
  const limiter = new ExponentialFailureRateLimiter<string>(1, 10);
  expect(delays(limiter, 'one', 6)).toEqual([1, 2, 4, 8, 10, 10]);
});

test('begins with 5 ms and ends with 1000 s by default', () => {
  const limiter = new ExponentialFailureRateLimiter<string>();
  const expected = Array.from({ length: 20 }, (_, failures) => Math.min(5 * 2 ** failures, 1_000_000));
  expect(delays(limiter, 'one', 20)).toEqual(expected);
  expect(expected.slice(-3)).toEqual([655_360, 1_000_000, 1_000_000]);
});

test('counts the failures of each item by itself, and forgets those of one', () => {
  const limiter = new ExponentialFailureRateLimiter<string>(1, 1000);
  expect(delays(limiter, 'one', 3)).toEqual([1, 2, 4]);
  expect(delays(limiter, 'two', 2)).toEqual([1, 2]);
  limiter.forget('one');
  limiter.forget('never seen');
  expect([limiter.numRequeues('one'), limiter.numRequeues('two')]).toEqual([0, 2]);
  expect([limiter.when('one'), limiter.when('two')]).toEqual([1, 4]);
});

test.each([
  ['a power beyond what numbers hold is the longest delay', 5, 1000, 1000],
  ['no base delay is none for ever', 0, 1000, 0],
  ['without a longest delay it grows without end', 5, Infinity, Infinity],
])('%s', (_, baseDelayMs, maxDelayMs, expected) => {
  const limiter = new ExponentialFailureRateLimiter<string>(baseDelayMs, maxDelayMs);
  expect(delays(limiter, 'one', 1100).at(-1)).toBe(expected);
});

test('a base delay above the longest is cut to it', () => {
  expect(new ExponentialFailureRateLimiter<string>(50, 10).when('one')).toBe(10);
});

test.each([
  [-1, 10],
  [NaN, 10],
  [1, -1],
  [1, NaN],
])('refuses delays of %d and %d', (baseDelayMs, maxDelayMs) => {
  expect(() => new ExponentialFailureRateLimiter(baseDelayMs, maxDelayMs)).toThrow(
    new RangeError(`baseDelayMs and maxDelayMs must be 0 or more, got ${baseDelayMs} and ${maxDelayMs}`),
  );
});
