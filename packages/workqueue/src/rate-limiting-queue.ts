import { type Clock, realClock } from './clock.js';
import { defaultControllerRateLimiter } from './default-controller-rate-limiter.js';
import { DelayHeap } from './delay-heap.js';
import type { RateLimiter } from './rate-limiter.js';
import { RingBuffer } from './ring-buffer.js';

/** An item handed to a worker. Disposing it is `queue.done(item)`. */
export interface Work<T> extends Disposable {
  readonly item: T;
}

export interface RateLimitingQueueOptions<T> {
  /** For metrics and logs. */
  readonly name?: string | undefined;
  /** Default: {@link defaultControllerRateLimiter}. */
  readonly rateLimiter?: RateLimiter<T | string> | undefined;
  /** Aborting it is `shutDown()`. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  /** Identity of an item. Items are compared with `===` otherwise, so use strings or pass this. */
  readonly keyFunc?: ((item: T) => string) | undefined;
}

/**
 * A queue for workers.
 *
 * - Fair: items are processed in the order they were added.
 * - Stingy: an item is never processed twice at the same time, and an item added many times before it is processed is
 *   processed once.
 * - An item added while it is being processed is processed again.
 */
export class RateLimitingQueue<T = string> implements AsyncIterable<Work<T>>, AsyncDisposable {
  readonly name: string;
  readonly #clock: Clock;
  readonly #identity: (item: T) => T | string;
  readonly #limiter: RateLimiter<T | string>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.shutDown();

  /** Identities in the order in which they are to be processed. */
  readonly #ready = new RingBuffer<T | string>();
  /** The newest item of every identity that has to be processed: those in `#ready`, and those waiting for `done`. */
  readonly #dirty = new Map<T | string, T>();
  /** What is being processed, with the hand-out it belongs to. */
  readonly #processing = new Map<T | string, Work<T>>();
  readonly #delayed = new DelayHeap<T | string>();
  readonly #delayedItems = new Map<T | string, T>();
  readonly #waiting = new RingBuffer<() => void>();
  readonly #drained: (() => void)[] = [];
  #timer: { readonly at: number; readonly handle: unknown } | undefined;
  #shuttingDown = false;

  constructor(options: RateLimitingQueueOptions<T> = {}) {
    this.name = options.name ?? '';
    this.#clock = options.clock ?? realClock;
    this.#identity = options.keyFunc ?? ((item) => item);
    this.#limiter = options.rateLimiter ?? defaultControllerRateLimiter(this.#clock);
    this.#signal = options.signal;
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (this.#signal?.aborted) this.shutDown();
  }

  /** How many items are ready; neither those in process nor those delayed. */
  get length(): number {
    return this.#ready.length;
  }

  /** How many items wait for their time. */
  get delayedLength(): number {
    return this.#delayed.size;
  }

  get shuttingDown(): boolean {
    return this.#shuttingDown;
  }

  /** Does nothing once the queue shuts down. */
  add(item: T): void {
    if (this.#shuttingDown) return;
    const id = this.#identity(item);
    const known = this.#dirty.has(id);
    this.#dirty.set(id, item);
    if (known || this.#processing.has(id)) return;
    this.#push(id);
  }

  /** Adds the item when `delayMs` have passed. Of several delays of one item the shortest counts. */
  addAfter(item: T, delayMs: number): void {
    if (this.#shuttingDown) return;
    if (!(delayMs > 0)) return this.add(item);
    const id = this.#identity(item);
    this.#delayedItems.set(id, item);
    this.#delayed.add(id, this.#clock.now() + delayMs);
    this.#arm();
  }

  /** Adds the item when the rate limiter says that it may be tried again. */
  addRateLimited(item: T): void {
    this.addAfter(item, this.#limiter.when(this.#identity(item)));
  }

  /** The item is done with, well or not: the rate limiter starts over with it. */
  forget(item: T): void {
    this.#limiter.forget(this.#identity(item));
  }

  numRequeues(item: T): number {
    return this.#limiter.numRequeues(this.#identity(item));
  }

  /** The next item, or `undefined` once the queue is shut down and empty. Every item needs `done(item)`. */
  async get(): Promise<T | undefined> {
    const work = await this.#take();
    return work?.item;
  }

  /** The item has been processed; if it was added meanwhile, it is ready again. */
  done(item: T): void {
    const id = this.#identity(item);
    if (!this.#processing.delete(id)) return;
    if (this.#dirty.has(id)) this.#push(id);
    else if (this.#processing.size === 0) this.#settleDrained();
  }

  /** Takes no new items; workers finish what is ready. Delayed items are dropped. */
  shutDown(): void {
    this.#shuttingDown = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#delayed.clear();
    this.#delayedItems.clear();
    this.#clock.clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
    for (let wake = this.#waiting.shift(); wake; wake = this.#waiting.shift()) wake();
  }

  /** Like {@link shutDown}, and resolves when nothing is being processed. Items that no worker has taken do not hold it up. */
  async shutDownWithDrain(): Promise<void> {
    this.shutDown();
    if (this.#processing.size > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
  }

  /** Items until shutdown. Any number of loops may run at once; each item goes to one of them. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Work<T>, void, void> {
    for (;;) {
      const work = await this.#take();
      if (!work) return;
      try {
        yield work;
      } finally {
        // A loop that is left without `using` must not hold the item for ever.
        work[Symbol.dispose]();
      }
    }
  }

  /** Shuts down, drops what is ready, and waits for what is being processed: it cannot hang for want of workers. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ready.clear();
    this.#dirty.clear();
    await this.shutDownWithDrain();
  }

  async #take(): Promise<Work<T> | undefined> {
    while (this.#ready.length === 0) {
      if (this.#shuttingDown) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const id = this.#ready.shift() as T | string;
    const item = this.#dirty.get(id) as T;
    this.#dirty.delete(id);
    const work: Work<T> = {
      item,
      // Only for this hand-out: the item may be done already, and in other hands.
      [Symbol.dispose]: () => {
        if (this.#processing.get(id) === work) this.done(item);
      },
    };
    this.#processing.set(id, work);
    return work;
  }

  #push(id: T | string): void {
    this.#ready.push(id);
    this.#waiting.shift()?.();
  }

  #settleDrained(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** One timer for all delayed items, set to the first of them. */
  #arm(): void {
    const at = this.#delayed.nextAt;
    if (at === undefined || (this.#timer && this.#timer.at <= at)) return;
    this.#clock.clearTimeout(this.#timer?.handle);
    const handle = this.#clock.setTimeout(() => this.#release(), at - this.#clock.now());
    this.#timer = { at, handle };
  }

  #release(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (let ready = this.#delayed.take(now); ready; ready = this.#delayed.take(now)) {
      const item = this.#delayedItems.get(ready.item) as T;
      this.#delayedItems.delete(ready.item);
      this.add(item);
    }
    this.#arm();
  }
}
