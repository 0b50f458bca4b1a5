import { type Clock, realClock } from '@client-ts/apimachinery';
import type { ObjectKey } from './key.js';
import type { Store } from './store.js';

/** An object, and when it was set: in milliseconds, of the store's clock. */
export interface TimestampedEntry<T> {
  readonly key: ObjectKey;
  readonly object: T;
  readonly timestampMs: number;
}

export interface ExpirationStoreOptions<T> {
  /** Whether an object is not to be seen any more. Asked at reads; once true for an entry, it is forgotten. */
  readonly isExpired: (entry: TimestampedEntry<T>) => boolean;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

/**
 * A store whose objects expire. There is no timer: an object that has expired is forgotten when somebody would read it, and
 * the oldest ones when another is set.
 *
 * Setting an object again, also one that has expired, starts its time anew.
 */
export class ExpirationStore<T> implements Store<T> {
  readonly #isExpired: (entry: TimestampedEntry<T>) => boolean;
  readonly #clock: Clock;
  /** Oldest first. */
  readonly #entries = new Map<ObjectKey, TimestampedEntry<T>>();

  constructor({ isExpired, clock = realClock }: ExpirationStoreOptions<T>) {
    this.#isExpired = isExpired;
    this.#clock = clock;
  }

  set(key: ObjectKey, object: T): void {
    this.#entries.delete(key);
    for (const entry of this.#entries.values()) {
      if (!this.#isExpired(entry)) break;
      this.#entries.delete(entry.key);
    }
    this.#entries.set(key, { key, object, timestampMs: this.#clock.now() });
  }

  delete(key: ObjectKey): void {
    this.#entries.delete(key);
  }

  /** All at once; the time of all starts now. */
  replace(objects: ReadonlyMap<ObjectKey, T>): void {
    this.#entries.clear();
    for (const [key, object] of objects) this.set(key, object);
  }

  getByKey(key: ObjectKey): T | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#isThere(entry) ? entry.object : undefined;
  }

  list(): readonly T[] {
    return this.#live().map(({ object }) => object);
  }

  listKeys(): readonly ObjectKey[] {
    return this.#live().map(({ key }) => key);
  }

  get size(): number {
    return this.#live().length;
  }

  #live(): TimestampedEntry<T>[] {
    return [...this.#entries.values()].filter((entry) => this.#isThere(entry));
  }

  #isThere(entry: TimestampedEntry<T>): boolean {
    if (!this.#isExpired(entry)) return true;
    this.#entries.delete(entry.key);
    return false;
  }
}

/**
 * A store whose objects expire some time after they were set.
 *
 * @param options - `ttlMs`: milliseconds for which an object is there; 0: for ever.
 */
export function newTTLStore<T>(options: { ttlMs: number; clock?: Clock | undefined }): ExpirationStore<T> {
  const { ttlMs, clock = realClock } = options;
  return new ExpirationStore<T>({
    isExpired: ({ timestampMs }) => ttlMs > 0 && clock.now() - timestampMs > ttlMs,
    clock,
  });
}
