import type { Change } from './change.js';

interface SubscriptionOptions<V> {
  readonly prefix: string;
  readonly after: number;
  readonly wake: () => void;
  readonly changes: (after: number) => readonly Change<V>[];
  readonly close: () => void;
}

/**
 * A place in the log of a collection. It holds no changes itself, so a slow reader costs no memory; one that is
 * overtaken by a compaction is told so.
 */
export class Subscription<V> implements Disposable {
  readonly #options: SubscriptionOptions<V>;
  #after: number;
  #idle: boolean;

  constructor(options: SubscriptionOptions<V>) {
    this.#options = options;
    this.#after = options.after;
    this.#idle = options.changes(options.after).length === 0;
  }

  /** Whether everything has been taken. */
  get idle(): boolean {
    return this.#idle;
  }

  /**
   * The changes since the last call, of keys with the prefix.
   *
   * @throws CompactedError when some of them have been forgotten.
   */
  take(): readonly Change<V>[] {
    if (this.#idle) return [];
    const { prefix, changes } = this.#options;
    const taken = changes(this.#after);
    this.#idle = true;
    return prefix === '' ? taken : taken.filter(({ key }) => key.startsWith(prefix));
  }

  /** Called by the collection for each change. */
  notify(change: Change<V>): void {
    if (change.revision <= this.#options.after || !change.key.startsWith(this.#options.prefix)) return;
    // While idle its place is the end of the log, whatever changes of other keys went by.
    if (this.#idle) this.#after = change.revision - 1;
    this.#idle = false;
    this.#options.wake();
  }

  [Symbol.dispose](): void {
    this.#options.close();
  }
}
