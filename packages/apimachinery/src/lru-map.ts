/** A map of at most `capacity` entries: what was used longest ago makes place for what is new. */
export class LruMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Counts as use. */
  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.#touch(key, value);
    return value;
  }

  /** The value of the key, made when there is none. Counts as use. */
  getOrMake(key: string, make: () => V): V {
    const value = this.#entries.get(key) ?? make();
    this.set(key, value);
    return value;
  }

  /** @returns what had to make place, if something had to. */
  set(key: string, value: V): V | undefined {
    this.#touch(key, value);
    if (this.#entries.size <= this.#capacity) return undefined;
    for (const [oldest, evicted] of this.#entries) {
      this.#entries.delete(oldest);
      return evicted;
    }
    return undefined;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** From what was used longest ago on. */
  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  #touch(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
  }
}
