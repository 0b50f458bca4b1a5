import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { BucketRateLimiter } from './bucket-rate-limiter.js';
import { ExponentialFailureRateLimiter } from './exponential-failure-rate-limiter.js';
import { FastSlowRateLimiter } from './fast-slow-rate-limiter.js';
import { MaxOfRateLimiter } from './max-of-rate-limiter.js';

test('the longest delay counts', () => {
  const limiter = new MaxOfRateLimiter<string>(
    new FastSlowRateLimiter(5, 3000, 3),
    new ExponentialFailureRateLimiter(1000, 10_000),
  );
  expect(Array.from({ length: 5 }, () => limiter.when('one'))).toEqual([1000, 2000, 4000, 8000, 10_000]);
  expect(limiter.when('two')).toBe(1000);
});

test('every limiter counts every failure, whichever decides', () => {
  const fastSlow = new FastSlowRateLimiter<string>(5, 3000, 3);
  const exponential = new ExponentialFailureRateLimiter<string>(1000, 10_000);
  const limiter = new MaxOfRateLimiter(fastSlow, exponential);
  limiter.when('one');
  fastSlow.when('one');
  expect([fastSlow.numRequeues('one'), exponential.numRequeues('one')]).toEqual([2, 1]);
  expect(limiter.numRequeues('one')).toBe(2);
});

test('forgets everywhere', () => {
  const fastSlow = new FastSlowRateLimiter<string>(5, 3000, 3);
  const exponential = new ExponentialFailureRateLimiter<string>(1000, 10_000);
  const limiter = new MaxOfRateLimiter(fastSlow, exponential);
  limiter.when('one');
  limiter.forget('one');
  expect([fastSlow, exponential, limiter].map((each) => each.numRequeues('one'))).toEqual([0, 0, 0]);
});

test('a bucket slows down items that failed rarely', () => {
  const limiter = new MaxOfRateLimiter<string>(
    new ExponentialFailureRateLimiter(5, 1000),
    new BucketRateLimiter(10, 1, new FakeClock()),
  );
  expect(['one', 'two', 'three'].map((item) => limiter.when(item))).toEqual([5, 100, 200]);
});

test('of no limiters there is no delay', () => {
  const limiter = new MaxOfRateLimiter<string>();
  expect([limiter.when('one'), limiter.numRequeues('one')]).toEqual([0, 0]);
});
