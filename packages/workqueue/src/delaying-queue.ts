import { DelayHeap } from './delay-heap.js';
import type { DelayingQueueSnapshot } from './queue-snapshot.js';
import type { AddOptions, QueuedItem } from './queued-item.js';
import { WorkQueue, type WorkQueueOptions } from './work-queue.js';

export interface DelayingQueueOptions<T = string, R = string> extends WorkQueueOptions<T, R> {
  /**
   * Of all times that are asked for an item the earliest is the only one, as in controller-runtime's priority queue: adding an
   * item at once ends its delay, and a delay of one that is ready, or comes again, is none.
   *
   * Default: false, as client-go. An item that is delayed comes at its time, even if it was added and worked on meanwhile.
   */
  readonly mergeDelays?: boolean | undefined;
}

/** A {@link WorkQueue} to which items may be added later. All delays share one timer. */
export class DelayingQueue<T = string, R = string> extends WorkQueue<T, R> {
  readonly #mergeDelays: boolean;
  readonly #delayed = new DelayHeap<T | string, QueuedItem<T, R> | undefined>((key, one, other) =>
    this.merge(key, one, other),
  );
  /** Set to the first of what is delayed. */
  #timer: { readonly at: number; readonly handle: unknown } | undefined;

  constructor(options: DelayingQueueOptions<T, R> = {}) {
    super(options);
    this.#mergeDelays = options.mergeDelays ?? false;
  }

  /** How many items wait for their time. */
  get delayedLength(): number {
    return this.#delayed.size;
  }

  /**
   * Adds the item when `delayMs` have passed, at once when that is not positive. Of several delays of one item the one
   * that ends first counts.
   *
   * @throws RangeError when the priority is no number.
   */
  addAfter(item: T, delayMs: number, options?: AddOptions<R>): void {
    if (this.shuttingDown) return this.add(item, options);
    this.retried();
    const key = this.keyOf(item);
    const request = this.requestOf(key, item, options);
    if (!(delayMs > 0) || (this.#mergeDelays && this.isQueued(key))) return this.enqueue(key, request);
    this.#delayed.add(key, request, this.clock.now() + delayMs);
    this.#arm();
  }

  override snapshot(): DelayingQueueSnapshot<T, R> {
    const now = this.clock.now();
    const delayed = Array.from(this.#delayed, ({ key, value, rank: readyAt }) => {
      const { item, priority, reasons } = this.described(key, value);
      return { item, priority, reasons, dueInMs: Math.max(0, readyAt - now) };
    });
    return { ...super.snapshot(), delayed };
  }

  protected override enqueue(key: T | string, request: QueuedItem<T, R> | undefined): void {
    if (this.#mergeDelays) {
      const delayed = this.#delayed.takeKey(key);
      return super.enqueue(key, delayed ? this.merge(key, delayed.value, request) : request);
    }
    // What comes later is no older than what comes now.
    if (request) this.#delayed.change(key, (delayed) => delayed && { ...delayed, item: request.item });
    super.enqueue(key, request);
  }

  protected override laterRequest(key: T | string): QueuedItem<T, R> | undefined {
    return this.#delayed.get(key) ?? super.laterRequest(key);
  }

  protected override dropDelayed(): readonly QueuedItem<T, R>[] {
    const dropped = Array.from(this.#delayed, ({ key, value }) => this.described(key, value));
    this.#delayed.clear();
    this.#clearTimer();
    return dropped;
  }

  /** An earlier timer stays. */
  #arm(): void {
    const at = this.#delayed.nextAt;
    if (at === undefined || (this.#timer && this.#timer.at <= at)) return;
    this.#clearTimer();
    const handle = this.clock.setTimeout(() => this.#release(), at - this.clock.now());
    this.#timer = { at, handle };
  }

  #release(): void {
    this.#timer = undefined;
    const now = this.clock.now();
    for (let due = this.#delayed.take(now); due; due = this.#delayed.take(now)) super.enqueue(due.key, due.value);
    this.#arm();
  }

  #clearTimer(): void {
    this.clock.clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
  }
}
