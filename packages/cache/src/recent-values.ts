import type { Clock } from '@client-ts/apimachinery';

export interface RecentValuesOptions {
  /** Milliseconds for which a value is remembered. */
  readonly ttlMs: number;
  /** How many values are remembered; those that were used last. */
  readonly maxSize: number;
  readonly clock: Clock;
}

/** Remembers values by key, for a while, and no more than so many. */
export class RecentValues<V> {
  readonly #options: RecentValuesOptions;
  /** Those that were used last come last. */
  readonly #entries = new Map<string, { readonly value: V; readonly expiresMs: number }>();

  constructor(options: RecentValuesOptions) {
    this.#options = options;
  }

  /** Sets a value anew, which is a use of it. */
  set(key: string, value: V): void {
    const { ttlMs, maxSize, clock } = this.#options;
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresMs: clock.now() + ttlMs });
    for (const [oldest] of this.#entries) {
      if (this.#entries.size <= maxSize) break;
      this.#entries.delete(oldest);
    }
  }

  /** Looks a value up, which is a use of it. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (this.#options.clock.now() > entry.expiresMs) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** All of them, which is no use of any. */
  *[Symbol.iterator](): Generator<readonly [key: string, value: V], void, void> {
    const now = this.#options.clock.now();
    for (const [key, { value, expiresMs }] of this.#entries) if (now <= expiresMs) yield [key, value];
  }
}
