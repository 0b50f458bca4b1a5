import { type Clock, realClock } from './clock.js';
import type { RateLimiter } from './rate-limiter.js';

/** A token bucket for all items together, whatever their failures. */
export class BucketRateLimiter<T> implements RateLimiter<T> {
  readonly #intervalMs: number;
  readonly #burst: number;
  readonly #clock: Clock;
  /** When the tokens handed out so far will have been earned. */
  #earnedAt: number;

  /** Defaults: 10 a second, 100 at once, as client-go's controllers. */
  constructor(qps = 10, burst = 100, clock: Clock = realClock) {
    if (!(qps > 0) || !(burst >= 1))
      throw new RangeError(`qps must be positive and burst at least 1, got ${qps} and ${burst}`);
    this.#intervalMs = 1000 / qps;
    this.#burst = burst;
    this.#clock = clock;
    this.#earnedAt = -Infinity;
  }

  when(): number {
    const now = this.#clock.now();
    this.#earnedAt = Math.max(this.#earnedAt, now - this.#burst * this.#intervalMs) + this.#intervalMs;
    return Math.max(this.#earnedAt - now, 0);
  }

  forget(): void {
    // Tokens are not an item's, so there is nothing of it to forget.
  }

  numRequeues(): number {
    return 0;
  }
}
