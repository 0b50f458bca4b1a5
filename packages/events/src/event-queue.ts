/** How many events wait at most, for each sink and each watcher, as in client-go. */
export const MaxQueuedEvents = 1000;

export interface EventQueueOptions<T> {
  /** Deals with one. Should it throw, `onError` is told, and the next one is dealt with. */
  handle(item: T): void | Promise<void>;
  onError(error: unknown): void;
  /** Told when something finds no place, and not again until all that waits has been dealt with. */
  onOverflow(): void;
  /** How many are dealt with at a time. Default: 1. */
  readonly workers?: number | undefined;
}

/** Takes what it has a place for, and deals with it later: who offers something neither waits for it nor hears of its failures. */
export class EventQueue<T> implements Disposable {
  readonly #options: EventQueueOptions<T>;
  readonly #whenIdle: (() => void)[] = [];
  #waiting: T[] = [];
  #running = 0;
  #overflowed = false;
  #closed = false;

  constructor(options: EventQueueOptions<T>) {
    this.#options = options;
  }

  /** Those that wait; not those that are being dealt with. */
  get length(): number {
    return this.#waiting.length;
  }

  /** @returns false when there is no place for it. */
  offer(item: T): boolean {
    if (this.#closed) return false;
    if (this.#waiting.length >= MaxQueuedEvents) {
      if (!this.#overflowed) this.#options.onOverflow();
      this.#overflowed = true;
      return false;
    }
    this.#waiting.push(item);
    if (this.#running < (this.#options.workers ?? 1)) void this.#work();
    return true;
  }

  /** Resolves when nothing waits and nothing is being dealt with. */
  idle(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Takes nothing any more, and forgets what waits. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    this.#running++;
    // Never within the call of who offers.
    await Promise.resolve();
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
      try {
        await this.#options.handle(item);
      } catch (error) {
        this.#options.onError(error);
      }
    }
    this.#running--;
    if (this.#running > 0) return;
    this.#overflowed = false;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
