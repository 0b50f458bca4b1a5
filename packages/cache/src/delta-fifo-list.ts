import type { ObjectKey } from './key.js';
import type { GatheredList } from './replacement.js';

/** What a list says about one key. */
export type Listed<T> =
  { readonly key: ObjectKey; readonly object: T } | { readonly key: ObjectKey; readonly gone: true };

/**
 * A list in a `DeltaFIFO`, taken object by object: to queue a change for each of a hundred thousand at once would hold up the
 * event loop. First come its objects, then the keys that the reader of the queue knew and that are not in the list.
 */
export class DeltaFIFOList<T> {
  readonly #list: GatheredList<T>;
  readonly #objects: Iterator<readonly [ObjectKey, T]>;
  /** Of the list's objects: what has been taken, or is queued elsewhere. */
  readonly #taken = new Set<ObjectKey>();
  readonly #known: readonly ObjectKey[];
  /** How many of them have been looked for in the list. */
  #looked = 0;
  readonly #gone: ObjectKey[] = [];
  readonly #skips: ReadonlySet<ObjectKey>;

  /**
   * @param known - keys of the reader.
   * @param queued - keys for which what the list says has been queued already.
   */
  constructor(list: GatheredList<T>, known: readonly ObjectKey[], queued: ReadonlySet<ObjectKey>) {
    this.#list = list;
    this.#objects = list.objects.entries();
    this.#known = known;
    this.#skips = queued;
    for (const key of queued) if (list.objects.has(key)) this.#taken.add(key);
  }

  /** How much there is to take, or less as long as known keys are to be looked for, but 0 only when there is nothing. */
  get length(): number {
    const left = this.#list.objects.size - this.#taken.size;
    if (left === 0) this.#findGone();
    return left + this.#gone.length;
  }

  /** The object, if the list has it and it has not been taken. */
  waiting(key: ObjectKey): T | undefined {
    return this.#taken.has(key) ? undefined : this.#list.objects.get(key);
  }

  /** Whether the object is not there, as far as the list knows. */
  lacks(key: ObjectKey): boolean {
    return !this.#list.objects.has(key) && !this.#list.leftOut.has(key);
  }

  next(): Listed<T> | undefined {
    for (let next = this.#objects.next(); !next.done; next = this.#objects.next()) {
      const [key, object] = next.value;
      if (this.#taken.has(key)) continue;
      this.#taken.add(key);
      // With each object a share of the keys, so that none is left for the end.
      this.#look(Math.ceil(this.#known.length / this.#list.objects.size));
      return { key, object };
    }
    this.#findGone();
    const key = this.#gone.pop();
    return key === undefined ? undefined : { key, gone: true };
  }

  #findGone(): void {
    while (this.#gone.length === 0 && this.#looked < this.#known.length) this.#look(1);
  }

  #look(count: number): void {
    const end = Math.min(this.#looked + count, this.#known.length);
    while (this.#looked < end) {
      const key = this.#known[this.#looked++];
      if (key !== undefined && this.lacks(key) && !this.#skips.has(key)) this.#gone.push(key);
    }
  }
}
