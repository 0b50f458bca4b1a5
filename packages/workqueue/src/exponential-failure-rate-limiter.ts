import type { RateLimiter } from './rate-limiter.js';

/** Largest power of two that a number holds: beyond it, no delay times infinity would be no number. */
const MaxExponent = 1023;

/** Each failure of an item doubles its delay. */
export class ExponentialFailureRateLimiter<T> implements RateLimiter<T> {
  readonly #baseDelayMs: number;
  readonly #maxDelayMs: number;
  readonly #failures = new Map<T, number>();

  /**
   * Defaults: 5 ms to 1000 s, as client-go's controllers.
   *
   * @throws RangeError when a delay is negative or no number.
   */
  constructor(baseDelayMs = 5, maxDelayMs = 1_000_000) {
    if (!(baseDelayMs >= 0) || !(maxDelayMs >= 0))
      throw new RangeError(`baseDelayMs and maxDelayMs must be 0 or more, got ${baseDelayMs} and ${maxDelayMs}`);
    this.#baseDelayMs = baseDelayMs;
    this.#maxDelayMs = maxDelayMs;
  }

  when(item: T): number {
    const failures = this.numRequeues(item);
    this.#failures.set(item, failures + 1);
    return Math.min(this.#baseDelayMs * 2 ** Math.min(failures, MaxExponent), this.#maxDelayMs);
  }

  forget(item: T): void {
    this.#failures.delete(item);
  }

  numRequeues(item: T): number {
    return this.#failures.get(item) ?? 0;
  }
}
