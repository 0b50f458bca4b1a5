import { Heap, type HeapNode } from './heap.js';

interface Entry<K, V> extends HeapNode {
  readonly key: K;
  value: V;
}

/** A key that waits for its time. */
export interface Delayed<K, V> {
  readonly key: K;
  readonly value: V;
  /** When it is ready. */
  readonly rank: number;
}

/** Keys by the time at which they are ready, each once, and first come, first served at the same time. */
export class DelayHeap<K, V> implements Iterable<Delayed<K, V>> {
  readonly #heap = new Heap<Entry<K, V>>();
  readonly #entries = new Map<K, Entry<K, V>>();
  readonly #merge: (key: K, one: V, other: V) => V;
  #order = 0;

  /** @param merge - of the values of a key that is added when it is there already. */
  constructor(merge: (key: K, one: V, other: V) => V) {
    this.#merge = merge;
  }

  get size(): number {
    return this.#heap.size;
  }

  /** When the first key is ready, or `undefined`. */
  get nextAt(): number | undefined {
    return this.#heap.first?.rank;
  }

  /** A key that is there already keeps the earlier of the two times. */
  add(key: K, value: V, readyAt: number): void {
    const known = this.#entries.get(key);
    if (!known) {
      const entry: Entry<K, V> = { key, value, rank: readyAt, order: this.#order++, position: 0 };
      this.#entries.set(key, entry);
      return this.#heap.push(entry);
    }
    known.value = this.#merge(key, known.value, value);
    if (readyAt < known.rank) this.#heap.raise(known, readyAt);
  }

  /** The value of a key, if it is there. */
  get(key: K): V | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Changes the value of a key, if it is there; not its time. */
  change(key: K, changed: (value: V) => V): void {
    const entry = this.#entries.get(key);
    if (entry) entry.value = changed(entry.value);
  }

  /** Takes the first key that is ready at `now`. */
  take(now: number): Delayed<K, V> | undefined {
    const { first } = this.#heap;
    if (!first || first.rank > now) return undefined;
    this.#heap.shift();
    this.#entries.delete(first.key);
    return first;
  }

  /** Takes a key that is there, whatever its time. */
  takeKey(key: K): Delayed<K, V> | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#heap.remove(entry);
    this.#entries.delete(key);
    return entry;
  }

  clear(): void {
    this.#heap.clear();
    this.#entries.clear();
  }

  /** All, in the order in which they are ready. */
  [Symbol.iterator](): Iterator<Delayed<K, V>> {
    return this.#heap.sorted()[Symbol.iterator]();
  }
}
