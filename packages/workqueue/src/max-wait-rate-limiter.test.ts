import { expect, test } from 'vitest';
import { ExponentialFailureRateLimiter } from './exponential-failure-rate-limiter.js';
import { MaxWaitRateLimiter } from './max-wait-rate-limiter.js';

test('waits as long as the other one says, and never longer than it may', () => {
  const limiter = new MaxWaitRateLimiter(new ExponentialFailureRateLimiter<string>(1, 1000), 5);
  expect(Array.from({ length: 5 }, () => limiter.when('one'))).toEqual([1, 2, 4, 5, 5]);
  expect(limiter.numRequeues('one')).toBe(5);
  limiter.forget('one');
  expect([limiter.numRequeues('one'), limiter.when('one')]).toEqual([0, 1]);
});
