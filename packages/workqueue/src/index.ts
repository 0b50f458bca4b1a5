export { BucketRateLimiter } from './bucket-rate-limiter.js';
export type { Clock } from './clock.js';
export { defaultControllerRateLimiter } from './default-controller-rate-limiter.js';
export { ExponentialFailureRateLimiter } from './exponential-failure-rate-limiter.js';
export { FastSlowRateLimiter } from './fast-slow-rate-limiter.js';
export { MaxOfRateLimiter } from './max-of-rate-limiter.js';
export type { RateLimiter } from './rate-limiter.js';
export { RateLimitingQueue, type RateLimitingQueueOptions, type Work } from './rate-limiting-queue.js';
