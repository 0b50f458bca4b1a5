/**
 * What is being processed, by key, in the order in which it was begun. Often that is one item at a time: if the oldest was alone then,
 * and is a text, it is kept beside the `Map`, which takes more than twice as long for an entry that comes and goes when it is empty.
 */
export class InProcess<K, V> implements Iterable<[key: K, value: V]> {
  #key: K | undefined;
  #value: V | undefined;
  readonly #others = new Map<K, V>();

  get size(): number {
    return this.#others.size + (this.#key === undefined ? 0 : 1);
  }

  has(key: K): boolean {
    return this.#isKept(key) || this.#others.has(key);
  }

  get(key: K): V | undefined {
    return this.#isKept(key) ? this.#value : this.#others.get(key);
  }

  /** @param key - must not be there. */
  add(key: K, value: V): void {
    if (this.size === 0 && typeof key === 'string') {
      this.#key = key;
      this.#value = value;
    } else this.#others.set(key, value);
  }

  /** Whether it was there. */
  delete(key: K): boolean {
    if (!this.#isKept(key)) return this.#others.size > 0 && this.#others.delete(key);
    this.#key = this.#value = undefined;
    return true;
  }

  *[Symbol.iterator](): Iterator<[key: K, value: V]> {
    if (this.#key !== undefined) yield [this.#key, this.#value as V];
    yield* this.#others;
  }

  #isKept(key: K): boolean {
    return this.#key !== undefined && this.#key === key;
  }
}
