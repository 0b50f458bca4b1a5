import { defaultControllerRateLimiter } from './default-controller-rate-limiter.js';
import { DelayingQueue, type DelayingQueueOptions } from './delaying-queue.js';
import type { AddOptions } from './queued-item.js';
import type { RateLimiter } from './rate-limiter.js';

export interface RateLimitingQueueOptions<T = string, R = string> extends DelayingQueueOptions<T, R> {
  /** Default: {@link defaultControllerRateLimiter}. */
  readonly rateLimiter?: RateLimiter<T | string> | undefined;
}

/** A {@link DelayingQueue} with a rate limiter that says when an item that failed may be tried again. */
export class RateLimitingQueue<T = string, R = string> extends DelayingQueue<T, R> {
  readonly #limiter: RateLimiter<T | string>;

  constructor(options: RateLimitingQueueOptions<T, R> = {}) {
    super(options);
    this.#limiter = options.rateLimiter ?? defaultControllerRateLimiter(this.clock);
  }

  /** Adds the item when the rate limiter says that it may be tried again. */
  addRateLimited(item: T, options?: AddOptions<R>): void {
    this.addAfter(item, this.#limiter.when(this.keyOf(item)), options);
  }

  /** The item is done with, well or not: the rate limiter starts over with it. It still needs `done(item)`. */
  forget(item: T): void {
    this.#limiter.forget(this.keyOf(item));
  }

  numRequeues(item: T): number {
    return this.#limiter.numRequeues(this.keyOf(item));
  }
}
