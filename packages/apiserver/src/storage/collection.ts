import type { Change, Entry } from './change.js';
import { CompactedError } from './compacted-error.js';
import type { Revisions } from './revisions.js';
import { Subscription } from './subscription.js';

export interface RangeOptions {
  /** Only keys that start with this. Default: all. */
  readonly prefix?: string | undefined;
  /** Only keys after this one. */
  readonly after?: string | undefined;
  /** State as of this revision. Default: now. */
  readonly at?: number | undefined;
}

/** Keys in the order of their UTF-16 code units, each with its versions since the last compaction. */
export class Collection<V> {
  readonly #revisions: Revisions;
  /** Oldest first; never empty. The first one may be older than the compacted revision: it is the state then. */
  readonly #versions = new Map<string, Change<V>[]>();
  #keys: string[] = [];
  #sorted = true;
  #latest = 0;
  #log: Change<V>[] = [];
  readonly #subscriptions = new Set<Subscription<V>>();

  constructor(revisions: Revisions) {
    this.#revisions = revisions;
  }

  /** The revision of the whole store. */
  get revision(): number {
    return this.#revisions.current();
  }

  /** The revision of the latest change in this collection; 0 when nothing was ever changed. */
  get latest(): number {
    return this.#latest;
  }

  /**
   * The value of a key, if it exists.
   *
   * @throws CompactedError when the history does not reach back to `at`.
   */
  get(key: string, at?: number): Entry<V> | undefined {
    this.#check(at);
    return this.#entryAt(key, at);
  }

  /**
   * The entries of a range, in order.
   *
   * @throws CompactedError when the history does not reach back to `at`.
   */
  range(options: RangeOptions = {}): Entry<V>[] {
    const { prefix = '', after, at } = options;
    this.#check(at);
    const keys = this.#sortedKeys();
    const entries: Entry<V>[] = [];
    const start = after !== undefined && after >= prefix ? firstAbove(keys, after) : firstFrom(keys, prefix);
    for (let i = start; i < keys.length; i++) {
      const key = keys[i] as string;
      if (!key.startsWith(prefix)) break;
      const entry = this.#entryAt(key, at);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  /** Stores what `make` gives for the revision of this change. */
  put(key: string, make: (revision: number) => V): Entry<V> {
    const previous = this.#entryAt(key)?.value;
    const revision = this.#revisions.next();
    const change: Change<V> = { key, revision, value: make(revision), previous, deleted: false };
    this.#record(change);
    return change;
  }

  /** Removes a key; `make` gives the last value with the revision of this change. Nothing happens without the key. */
  delete(key: string, make: (revision: number, last: V) => V): Entry<V> | undefined {
    const previous = this.#entryAt(key)?.value;
    if (previous === undefined) return undefined;
    const revision = this.#revisions.next();
    const change: Change<V> = { key, revision, value: make(revision, previous), previous, deleted: true };
    this.#record(change);
    return change;
  }

  /**
   * Follows the changes after a revision. `wake` is called when there is something new to take.
   *
   * @throws CompactedError when changes after `after` have been forgotten.
   */
  subscribe(options: { readonly prefix: string; readonly after: number; readonly wake: () => void }): Subscription<V> {
    this.#check(options.after);
    const subscription = new Subscription<V>({
      ...options,
      changes: (after) => this.#changes(after),
      close: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** Called by the store after a compaction. */
  forget(compacted: number): void {
    this.#log = this.#log.slice(indexAfter(this.#log, compacted));
    let gone = false;
    for (const [key, versions] of this.#versions) {
      const state = indexAfter(versions, compacted) - 1;
      if (state > 0) versions.splice(0, state);
      if (versions.length === 1 && versions[0]?.deleted && versions[0].revision <= compacted) {
        this.#versions.delete(key);
        gone = true;
      }
    }
    if (gone) this.#keys = this.#keys.filter((key) => this.#versions.has(key));
  }

  #changes(after: number): readonly Change<V>[] {
    this.#check(after);
    return this.#log.slice(indexAfter(this.#log, after));
  }

  #check(revision: number | undefined): void {
    const compacted = this.#revisions.compacted();
    if (revision !== undefined && revision < compacted) throw new CompactedError(revision, compacted);
  }

  #entryAt(key: string, at?: number): Entry<V> | undefined {
    const versions = this.#versions.get(key);
    const version = at === undefined ? versions?.at(-1) : versions?.[indexAfter(versions, at) - 1];
    return version && !version.deleted ? version : undefined;
  }

  #record(change: Change<V>): void {
    const versions = this.#versions.get(change.key);
    if (versions) {
      versions.push(change);
    } else {
      this.#versions.set(change.key, [change]);
      const last = this.#keys.at(-1);
      if (last !== undefined && change.key < last) this.#sorted = false;
      this.#keys.push(change.key);
    }
    this.#log.push(change);
    this.#latest = change.revision;
    for (const subscription of this.#subscriptions) subscription.notify(change);
  }

  /** Sorted only when read: many puts in a row then cost one sort of an almost sorted list. */
  #sortedKeys(): readonly string[] {
    if (!this.#sorted) {
      this.#keys.sort((a, b) => (a < b ? -1 : 1));
      this.#sorted = true;
    }
    return this.#keys;
  }
}

/** Index of the first change after a revision. */
function indexAfter(changes: readonly { readonly revision: number }[], revision: number): number {
  return firstIndex(changes, (change) => change.revision > revision);
}

function firstFrom(keys: readonly string[], key: string): number {
  return firstIndex(keys, (candidate) => candidate >= key);
}

function firstAbove(keys: readonly string[], key: string): number {
  return firstIndex(keys, (candidate) => candidate > key);
}

/** Binary search: the first index at which `holds` is true, given that it stays true from there. */
function firstIndex<T>(sorted: readonly T[], holds: (element: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}
