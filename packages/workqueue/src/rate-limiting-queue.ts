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
  /** The only one: of what is delayed, and, when the queue shuts down, of those who wait for that. */
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
    this.#add(this.#identity(item), item);
  }

  /**
   * Adds the item when `delayMs` have passed, at once when that is not positive. Of several delays of one item the one
   * that ends first counts.
   */
  addAfter(item: T, delayMs: number): void {
    if (this.#shuttingDown) return;
    const id = this.#identity(item);
    if (!(delayMs > 0)) return this.#add(id, item);
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
    while (this.#mustWait) await this.#added();
    return this.#handOut()?.item;
  }

  /** The item has been processed; if it was added meanwhile, it is ready again. */
  done(item: T): void {
    this.#done(this.#identity(item));
  }

  /** Takes no new items; workers finish what is ready. Delayed items are dropped, and a drain waits no longer. */
  shutDown(): void {
    this.#close();
    this.#settleDrained();
  }

  /**
   * Shuts down, and resolves when nothing is being processed any more. That includes what is ready, as long as workers take
   * it without a turn of the event loop in between; items that no worker takes do not hold it up.
   *
   * A later {@link shutDown} ends the wait.
   */
  async shutDownWithDrain(): Promise<void> {
    this.#close();
    await new Promise<void>((resolve) => {
      this.#drained.push(resolve);
      this.#checkDrained();
    });
  }

  /**
   * Items until shutdown. Any number of loops may run at once; each item goes to one of them, and is done at the latest when
   * that loop asks for the next or is left.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Work<T>, void, void> {
    for (;;) {
      while (this.#mustWait) await this.#added();
      const work = this.#handOut();
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

  get #mustWait(): boolean {
    return this.#ready.length === 0 && !this.#shuttingDown;
  }

  /** Resolves when it is worth looking again; somebody else may have been faster. */
  #added(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #handOut(): Work<T> | undefined {
    if (this.#ready.length === 0) return undefined;
    const id = this.#ready.shift() as T | string;
    const item = this.#dirty.get(id) as T;
    this.#dirty.delete(id);
    const work: Work<T> = {
      item,
      // Only for this hand-out: the item may be done already, and in other hands.
      [Symbol.dispose]: () => {
        if (this.#processing.get(id) === work) this.#done(id);
      },
    };
    this.#processing.set(id, work);
    return work;
  }

  #add(id: T | string, item: T): void {
    if (this.#shuttingDown) return;
    const known = this.#dirty.has(id);
    this.#dirty.set(id, item);
    if (!known && !this.#processing.has(id)) this.#push(id);
  }

  #done(id: T | string): void {
    if (!this.#processing.delete(id)) return;
    if (this.#dirty.has(id)) this.#push(id);
    this.#checkDrained();
  }

  #push(id: T | string): void {
    this.#ready.push(id);
    this.#waiting.shift()?.();
  }

  #close(): void {
    this.#shuttingDown = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#delayed.clear();
    this.#delayedItems.clear();
    this.#clearTimer();
    for (let wake = this.#waiting.shift(); wake; wake = this.#waiting.shift()) wake();
  }

  /** Workers that are between two items get a turn to take what is ready, before nothing counts as being processed. */
  #checkDrained(): void {
    if (this.#drained.length === 0 || this.#processing.size > 0) return;
    if (this.#ready.length === 0) return this.#settleDrained();
    this.#setTimer(this.#clock.now(), () => {
      if (this.#processing.size === 0) this.#settleDrained();
    });
  }

  #settleDrained(): void {
    this.#clearTimer();
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** One timer for all delayed items, set to the first of them. */
  #arm(): void {
    const at = this.#delayed.nextAt;
    if (at !== undefined) this.#setTimer(at, () => this.#release());
  }

  #release(): void {
    const now = this.#clock.now();
    for (let ready = this.#delayed.take(now); ready; ready = this.#delayed.take(now)) {
      const id = ready.item;
      const item = this.#delayedItems.get(id) as T;
      this.#delayedItems.delete(id);
      this.#add(id, item);
    }
    this.#arm();
  }

  /** An earlier timer stays. */
  #setTimer(at: number, onTimer: () => void): void {
    if (this.#timer && this.#timer.at <= at) return;
    this.#clearTimer();
    const handle = this.#clock.setTimeout(() => {
      this.#timer = undefined;
      onTimer();
    }, at - this.#clock.now());
    this.#timer = { at, handle };
  }

  #clearTimer(): void {
    this.#clock.clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
  }
}
