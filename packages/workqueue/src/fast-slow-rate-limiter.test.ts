import { expect, test } from 'vitest';
import { FastSlowRateLimiter } from './fast-slow-rate-limiter.js';

test('the first failures are fast, all later ones slow', () => {
  const limiter = new FastSlowRateLimiter<string>(5, 10_000, 3);
  expect(Array.from({ length: 6 }, () => limiter.when('one'))).toEqual([5, 5, 5, 10_000, 10_000, 10_000]);
  expect(limiter.numRequeues('one')).toBe(6);
});

test('counts the failures of each item by itself, and forgets those of one', () => {
  const limiter = new FastSlowRateLimiter<string>(5, 10_000, 1);
  expect([limiter.when('one'), limiter.when('one'), limiter.when('two')]).toEqual([5, 10_000, 5]);
  limiter.forget('one');
  limiter.forget('never seen');
  expect([limiter.numRequeues('one'), limiter.numRequeues('two')]).toEqual([0, 1]);
  expect([limiter.when('one'), limiter.when('two')]).toEqual([5, 10_000]);
});

test('no fast attempts are none', () => {
  expect(new FastSlowRateLimiter<string>(5, 10_000, 0).when('one')).toBe(10_000);
});
