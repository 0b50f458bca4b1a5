import { BucketRateLimiter } from './bucket-rate-limiter.js';
import { type Clock, realClock } from './clock.js';
import { ExponentialFailureRateLimiter } from './exponential-failure-rate-limiter.js';
import { MaxOfRateLimiter } from './max-of-rate-limiter.js';
import type { RateLimiter } from './rate-limiter.js';

/** What client-go gives controllers: 5 ms doubling to 1000 s for each item, and 10 a second (100 at once) for all of them. */
export function defaultControllerRateLimiter<T>(clock: Clock = realClock): RateLimiter<T> {
  return new MaxOfRateLimiter<T>(new ExponentialFailureRateLimiter<T>(), new BucketRateLimiter<T>(10, 100, clock));
}
