import { ExponentialFailureRateLimiter } from './exponential-failure-rate-limiter.js';
import type { RateLimiter } from './rate-limiter.js';

/** 1 ms doubling to 1000 s for each item, and nothing that all items share: client-go's `DefaultItemBasedRateLimiter`. */
export function defaultItemBasedRateLimiter<T>(): RateLimiter<T> {
  return new ExponentialFailureRateLimiter<T>(1, 1_000_000);
}
