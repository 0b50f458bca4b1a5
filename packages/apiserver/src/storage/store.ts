import { Collection } from './collection.js';
import type { Revisions } from './revisions.js';

/**
 * Values with their history: every change gets the next revision of one counter, and each state since the last
 * compaction can be read and followed again. Plain data, no HTTP and no Kubernetes.
 *
 * Synchronous: what happens between two awaits is one transaction.
 */
export class Store<V> {
  readonly #collections = new Map<string, Collection<V>>();
  readonly #keep: number;
  #current: number;
  #compacted = 0;
  readonly #revisions: Revisions = {
    current: () => this.#current,
    compacted: () => this.#compacted,
    next: () => this.#next(),
  };

  /**
   * @param options.first - the revision before the first change. Default: 0.
   * @param options.keep - how many revisions of history are kept at least; twice as many at most. Default: 10,000.
   */
  constructor(options: { readonly first?: number | undefined; readonly keep?: number | undefined } = {}) {
    this.#current = options.first ?? 0;
    this.#keep = options.keep ?? 10_000;
  }

  /** Revision of the latest change. */
  get revision(): number {
    return this.#current;
  }

  /** The oldest revision whose state is known. */
  get compacted(): number {
    return this.#compacted;
  }

  /** Values whose keys share one order and one log, such as those of a resource. Made when first asked for. */
  collection(name: string): Collection<V> {
    const known = this.#collections.get(name);
    if (known) return known;
    const made = new Collection<V>(this.#revisions);
    this.#collections.set(name, made);
    return made;
  }

  /** Forgets the history before `revision`: the states at it and later stay. Going back does nothing. */
  compact(revision: number = this.#current): void {
    const target = Math.min(revision, this.#current);
    if (target <= this.#compacted) return;
    this.#compacted = target;
    for (const collection of this.#collections.values()) collection.forget(target);
  }

  #next(): number {
    if (this.#current - this.#compacted >= 2 * this.#keep) this.compact(this.#current - this.#keep);
    return ++this.#current;
  }
}
