import type { LeftOut } from './delta.js';
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
  /** The list's objects; `undefined` for those that have been taken, or are queued elsewhere. */
  readonly #objects: Map<ObjectKey, T | undefined>;
  readonly #leftOut: LeftOut;
  readonly #next: Iterator<readonly [ObjectKey, T | undefined]>;
  /** How many are not `undefined`. */
  #left: number;
  readonly #known: readonly ObjectKey[];
  /** How many of them have been looked for in the list. */
  #looked = 0;
  readonly #gone: ObjectKey[] = [];
  readonly #skips: ReadonlySet<ObjectKey>;

  /**
   * @param list - is taken over: nobody else reads it.
   * @param known - keys of the reader.
   * @param queued - keys for which what the list says has been queued already.
   */
  constructor({ objects, leftOut }: GatheredList<T>, known: readonly ObjectKey[], queued: ReadonlySet<ObjectKey>) {
    this.#objects = objects;
    this.#leftOut = leftOut;
    this.#next = this.#objects.entries();
    this.#left = objects.size;
    this.#known = known;
    this.#skips = queued;
    for (const key of queued) if (objects.has(key)) this.#take(key);
  }

  /** How much there is to take, or less as long as known keys are to be looked for, but 0 only when there is nothing. */
  get length(): number {
    if (this.#left === 0) this.#findGone();
    return this.#left + this.#gone.length;
  }

  /** The object, if the list has it and it has not been taken. */
  waiting(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  /** Whether the object is not there, as far as the list knows. */
  lacks(key: ObjectKey): boolean {
    return !this.#objects.has(key) && !this.#leftOut.has(key);
  }

  next(): Listed<T> | undefined {
    for (let next = this.#next.next(); !next.done; next = this.#next.next()) {
      const [key, object] = next.value;
      if (object === undefined) continue;
      this.#take(key);
      // With each object a share of the keys, so that none is left for the end.
      this.#look(Math.ceil(this.#known.length / this.#objects.size));
      return { key, object };
    }
    this.#findGone();
    const key = this.#gone.pop();
    return key === undefined ? undefined : { key, gone: true };
  }

  #take(key: ObjectKey): void {
    this.#objects.set(key, undefined);
    this.#left--;
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
