import { type Clock, realClock } from './clock.js';
import { type DrainOptions, DrainWaits } from './drain-waits.js';
import type { DroppedItem } from './dropped-item.js';
import { FifoQueue } from './fifo-queue.js';
import { HandOut } from './hand-out.js';
import { InProcess } from './in-process.js';
import type { QueueMeter, QueueMetrics } from './queue-meter.js';
import type { ProcessingItem, QueueSnapshot, ReadyItem } from './queue-snapshot.js';
import { type AddOptions, mergeItems, type QueuedItem, queuedItem } from './queued-item.js';
import type { ReadyQueue } from './ready-queue.js';
import { WaitingLine } from './waiting-line.js';
import { WorkLoop } from './work-loop.js';
import type { Work, WorkSource } from './work.js';

export interface WorkQueueOptions<T = string, R = string> {
  /** For metrics and logs. */
  readonly name?: string | undefined;
  /** Aborting it is `shutDown()`. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  /** Identity of an item. Items are compared with `===` otherwise, so use strings or pass this. */
  readonly keyFunc?: ((item: T) => string) | undefined;
  /** The order in which items are handed out; of this queue alone. Default: a {@link FifoQueue}. */
  readonly queue?: ReadyQueue<T | string, T> | undefined;
  /** Made by `queueMetrics`. The queue needs a `name` then. Default: none, which costs nothing. */
  readonly metrics?: QueueMeter | undefined;
  /** Told of what is dropped, when it is: by a shutdown, all at once, and by whoever adds after it. */
  readonly onDropped?: ((dropped: readonly DroppedItem<T, R>[]) => void) | undefined;
}

/**
 * A queue for workers.
 *
 * - Fair: items are processed in the order they were added, or in that of the `queue`.
 * - Stingy: an item is never processed twice at the same time, and an item added many times before it is processed is
 *   processed once.
 * - An item added while it is being processed is processed again.
 */
export class WorkQueue<T = string, R = string> implements AsyncIterable<Work<T, R>>, AsyncDisposable {
  readonly name: string;
  protected readonly clock: Clock;
  readonly #keyFunc: ((item: T) => string) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.shutDown();
  /** Ends this hand-out only: the item may be done already, and in other hands. */
  readonly #release = (key: T | string, handOut: Work<T, R>): void => {
    if (this.#processing.get(key) === handOut) this.#done(key);
  };
  readonly #onDropped: ((dropped: readonly DroppedItem<T, R>[]) => void) | undefined;

  readonly #ready: ReadyQueue<T | string, T>;
  /** What is being processed, and what was known of it beyond its key. */
  readonly #processing = new InProcess<T | string, QueuedItem<T, R> | undefined>();
  /** Keys that were added while they are being processed. */
  readonly #again = new Set<T | string>();
  /** Of keys that are ready or come again: of those only of which more is known than that they are the item. */
  readonly #requests = new Map<T | string, QueuedItem<T, R>>();
  /** Those who wait for something to take. */
  readonly #waiting = new WaitingLine();
  /** For loops. */
  readonly #source: WorkSource<T, R> = {
    take: () => this.#takeWork(),
    ended: () => !this.#mustWait,
    wait: (wake, place) => this.#waiting.add(wake, place),
    cancel: (wake) => this.#waiting.delete(wake),
    passOn: () => this.#wakeOne(),
  };
  readonly #drains = new DrainWaits();
  #turn: unknown;
  #metrics: QueueMetrics | undefined;
  #shuttingDown = false;

  /** @throws TypeError when there are metrics and no name. */
  constructor(options: WorkQueueOptions<T, R> = {}) {
    this.name = options.name ?? '';
    this.clock = options.clock ?? realClock;
    this.#keyFunc = options.keyFunc;
    this.#ready = options.queue ?? new FifoQueue<T | string, T>();
    this.#onDropped = options.onDropped;
    this.#signal = options.signal;
    if (this.#signal?.aborted) {
      this.#shuttingDown = true;
      return;
    }
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (!options.metrics) return;
    if (this.name === '') throw new TypeError('name: expected one, since it tells the metrics of queues apart');
    this.#metrics = options.metrics.queue({ name: this.name, clock: this.clock, depth: () => this.#depth });
  }

  /** How many items are ready; neither those in process nor those delayed. */
  get length(): number {
    return this.#ready.length;
  }

  /** How many items are being processed. */
  get processingLength(): number {
    return this.#processing.size;
  }

  get shuttingDown(): boolean {
    return this.#shuttingDown;
  }

  /**
   * Drops the item once the queue shuts down.
   *
   * @throws RangeError when the priority is no number.
   */
  add(item: T, options?: AddOptions<R>): void {
    if (this.#shuttingDown) return this.#drop([{ ...queuedItem(item, options), was: 'refused' }]);
    const key = this.keyOf(item);
    this.enqueue(key, this.requestOf(key, item, options));
  }

  /** The next item, or `undefined` once the queue is shut down and empty. Every item needs `done(item)`. */
  get(): Promise<T | undefined> {
    return this.#mustWait ? this.#getLater() : Promise.resolve(this.#takeItem());
  }

  /** The item has been processed; if it was added meanwhile, it is ready again. */
  done(item: T): void {
    this.#done(this.keyOf(item));
  }

  /** Takes no new items; workers finish what is ready. A drain waits no longer. */
  shutDown(): void {
    const dropped = this.#close();
    this.#settleDrains();
    this.#drop(dropped);
  }

  /**
   * Shuts down, and resolves when nothing is being processed any more. That includes what is ready, as long as workers take
   * it without a turn of the event loop in between; items that no worker takes do not hold it up, unless `includeQueued` says so.
   *
   * A later {@link shutDown} ends the wait.
   */
  async shutDownWithDrain(options: DrainOptions = {}): Promise<void> {
    this.#drop(this.#close());
    const drained = this.#drains.add(options);
    this.#checkDrained();
    await drained;
  }

  /** What it holds now: to be looked at, logged, or served as JSON. */
  snapshot(): QueueSnapshot<T, R> {
    const now = this.clock.now();
    const since = (at: number | undefined): number | undefined => (at === undefined ? undefined : now - at);
    return {
      name: this.name,
      shuttingDown: this.#shuttingDown,
      ready: Array.from(this.#ready, (key): ReadyItem<T, R> => {
        const waitingMs = since(this.#metrics?.addedAt(key));
        return { ...this.described(key, this.#requests.get(key)), ...(waitingMs !== undefined && { waitingMs }) };
      }),
      processing: Array.from(this.#processing, ([key, request]): ProcessingItem<T, R> => {
        const runningMs = since(this.#metrics?.takenAt(key));
        return {
          ...this.described(key, request),
          ...(runningMs !== undefined && { runningMs }),
          ...(this.#again.has(key) && { again: this.described(key, this.#requests.get(key)) }),
        };
      }),
    };
  }

  /**
   * Items until shutdown. Any number of loops may run at once; each item goes to one of them, and is done at the latest when
   * that loop asks for the next or is left.
   */
  [Symbol.asyncIterator](): WorkLoop<T, R> {
    return new WorkLoop(this.#source);
  }

  /** Shuts down, drops what is ready, and waits for what is being processed: it cannot hang for want of workers. */
  async [Symbol.asyncDispose](): Promise<void> {
    const dropped = [...this.#ready, ...this.#again].map((key): DroppedItem<T, R> => ({
      ...this.described(key, this.#requests.get(key)),
      was: 'ready',
    }));
    this.#ready.clear();
    this.#again.clear();
    this.#requests.clear();
    this.#drop([...this.#close(), ...dropped]);
    await this.shutDownWithDrain();
  }

  /** Identity of an item. */
  protected keyOf(item: T): T | string {
    return this.#keyFunc === undefined ? item : this.#keyFunc(item);
  }

  /**
   * What has to be kept of an item beside its key; nothing, if that is the item, and nothing is asked of it. One that is tried
   * again, after a newer one was added under its key, stands for that.
   */
  protected requestOf(key: T | string, item: T, options: AddOptions<R> | undefined): QueuedItem<T, R> | undefined {
    if (this.#keyFunc === undefined && options === undefined) return undefined;
    const request = queuedItem(item, options);
    const newer = this.#processing.get(key)?.item === item ? this.laterRequest(key) : undefined;
    return newer ? { ...request, item: newer.item } : request;
  }

  /** What was asked of a key since it was handed out. */
  protected laterRequest(key: T | string): QueuedItem<T, R> | undefined {
    return this.#again.has(key) ? this.#requests.get(key) : undefined;
  }

  /** What a key stands for, with what is known of it. */
  protected described(key: T | string, request: QueuedItem<T, R> | undefined): QueuedItem<T, R> {
    const { item, priority, reasons } = request ?? plainItem(key as T);
    return { item, priority, reasons };
  }

  /** What was asked of a key at one time, and then at another. */
  protected merge(
    key: T | string,
    one: QueuedItem<T, R> | undefined,
    other: QueuedItem<T, R> | undefined,
  ): QueuedItem<T, R> | undefined {
    if (!one && !other) return undefined;
    return mergeItems(one ?? plainItem(key as T), other ?? plainItem(key as T));
  }

  /** Adds what has been made of an item by {@link keyOf} and {@link requestOf}, at this time or an earlier one. */
  protected enqueue(key: T | string, added: QueuedItem<T, R> | undefined): void {
    const request = added || this.#requests.size > 0 ? this.#merged(key, added) : undefined;
    if (this.#processing.size > 0 && this.#processing.has(key)) {
      if (request) this.#requests.set(key, request);
      if (this.#again.has(key)) return;
      this.#again.add(key);
    } else {
      const isNew = this.#ready.add(key, request ? request.item : (key as T), request ? request.priority : 0);
      if (request) this.#requests.set(key, request);
      if (!isNew) return;
      this.#wakeOne();
    }
    this.#metrics?.added(key);
  }

  /** Whether the key is ready, or comes again when it is done. */
  protected isQueued(key: T | string): boolean {
    return this.#again.has(key) || this.#ready.has(key);
  }

  /** A delay was asked for, however short. */
  protected retried(): void {
    this.#metrics?.retried();
  }

  /** Lets go of everything that is not ready yet, and tells what it was; called once, by the shutdown. */
  protected dropDelayed(): readonly QueuedItem<T, R>[] {
    return [];
  }

  get #mustWait(): boolean {
    return !this.#ready.available && !(this.#shuttingDown && this.#ready.length === 0);
  }

  get #depth(): number {
    return this.#ready.length + this.#again.size;
  }

  /** What is asked of a key now that more is. */
  #merged(key: T | string, added: QueuedItem<T, R> | undefined): QueuedItem<T, R> | undefined {
    const known = this.#requests.get(key);
    return known || this.isQueued(key) ? this.merge(key, known, added) : added;
  }

  async #getLater(): Promise<T | undefined> {
    let place: number | undefined;
    do await new Promise<void>((wake) => (place = this.#waiting.add(wake, place)));
    while (this.#mustWait);
    return this.#takeItem();
  }

  #takeItem(): T | undefined {
    if (!this.#ready.available) return undefined;
    const key = this.#takeKey();
    const request = this.#takeRequest(key);
    this.#processing.add(key, request);
    return request ? request.item : (key as T);
  }

  #takeWork(): Work<T, R> | undefined {
    if (!this.#ready.available) return undefined;
    const key = this.#takeKey();
    const work = new HandOut(key, this.#takeRequest(key) ?? plainItem<T, R>(key as T), this.#release);
    this.#processing.add(key, work);
    return work;
  }

  #takeKey(): T | string {
    const key = this.#ready.take();
    this.#metrics?.taken(key);
    if (this.#shuttingDown && this.#ready.length === 0) this.#waiting.wakeAll();
    return key;
  }

  #takeRequest(key: T | string): QueuedItem<T, R> | undefined {
    if (this.#requests.size === 0) return undefined;
    const request = this.#requests.get(key);
    this.#requests.delete(key);
    return request;
  }

  #done(key: T | string): void {
    if (!this.#processing.delete(key)) return;
    this.#metrics?.done(key);
    this.#ready.done?.(key);
    const again = this.#again.size > 0 && this.#again.delete(key);
    if (again) {
      const request = this.#requests.get(key);
      this.#ready.add(key, request ? request.item : (key as T), request ? request.priority : 0);
    }
    if (again || this.#ready.done) this.#wakeOne();
    if (this.#shuttingDown) this.#checkDrained();
  }

  #wakeOne(): void {
    if (this.#waiting.length > 0 && this.#ready.available) this.#waiting.wakeFirst();
  }

  #close(): DroppedItem<T, R>[] {
    const delayed = this.#shuttingDown ? [] : this.dropDelayed();
    this.#shuttingDown = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#waiting.wakeAll();
    this.#checkDrained();
    return delayed.map((item) => ({ ...item, was: 'delayed' }));
  }

  #drop(dropped: readonly DroppedItem<T, R>[]): void {
    if (dropped.length > 0) this.#onDropped?.(dropped);
  }

  /** Workers that are between two items get a turn to take what is ready, before nothing counts as being processed. */
  #checkDrained(): void {
    if (this.#processing.size > 0) return;
    if (this.#depth === 0) {
      this.#settleDrains();
      this.#metrics?.[Symbol.dispose]();
      this.#metrics = undefined;
    } else if (this.#drains.pending) {
      this.#turn ??= this.clock.setTimeout(() => {
        this.#turn = undefined;
        if (this.#processing.size === 0) this.#drains.settle({ queued: true });
      }, 0);
    }
  }

  #settleDrains(): void {
    this.clock.clearTimeout(this.#turn);
    this.#turn = undefined;
    this.#drains.settle({ queued: false });
  }
}

/** One of which nothing was asked but that it be worked on. */
function plainItem<T, R>(item: T): QueuedItem<T, R> {
  return { item, priority: 0, reasons: NoReasons };
}

const NoReasons: readonly never[] = [];
