import { ExponentialFailureRateLimiter, type RateLimiter } from '@client-ts/workqueue';

/** A rate limiter of which every failure is told and survived: what it says instead is what the default one does. */
export class SurvivingRateLimiter<T> implements RateLimiter<T> {
  readonly #limiter: RateLimiter<T>;
  readonly #default = new ExponentialFailureRateLimiter<T>();
  readonly #onError: (error: unknown, item: T) => void;

  constructor(limiter: RateLimiter<T>, onError: (error: unknown, item: T) => void) {
    this.#limiter = limiter;
    this.#onError = onError;
  }

  when(item: T): number {
    return this.#ask(item, (limiter) => limiter.when(item));
  }

  forget(item: T): void {
    this.#default.forget(item);
    this.#ask(item, (limiter) => limiter.forget(item));
  }

  numRequeues(item: T): number {
    return this.#ask(item, (limiter) => limiter.numRequeues(item));
  }

  #ask<R>(item: T, question: (limiter: RateLimiter<T>) => R): R {
    try {
      return question(this.#limiter);
    } catch (error) {
      this.#onError(error, item);
      return question(this.#default);
    }
  }
}
