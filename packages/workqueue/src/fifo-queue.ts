import type { ReadyQueue } from './ready-queue.js';

/** So many keys may be remembered that have been taken, and eight times as many as there are. */
const MostTaken = 1024;

/**
 * First come, first served, whatever the priority: the default, as client-go's.
 *
 * A `Map` keeps its keys in the order in which they were added, and a number tells which of them have been taken: so to take
 * a key needs no look-up. What was taken is let go of when the queue runs empty, or holds much less than it did.
 */
export class FifoQueue<K, T = K> implements ReadyQueue<K, T> {
  /** Of each key the number under which it was added last. */
  #numbers = new Map<K, number>();
  /** Stands behind the last key that was taken. Not there before the first: to a `Map` that grows it is a burden. */
  #next: Iterator<K, undefined> | undefined;
  #added = 0;
  /** Keys with lower numbers have been taken. */
  #taken = 0;

  get length(): number {
    return this.#added - this.#taken;
  }

  get available(): boolean {
    return this.#added > this.#taken;
  }

  has(key: K): boolean {
    const number = this.#numbers.get(key);
    return number !== undefined && number >= this.#taken;
  }

  add(key: K): boolean {
    const number = this.#numbers.get(key);
    if (number !== undefined) {
      if (number >= this.#taken) return false;
      this.#numbers.delete(key); // to come behind the others
    }
    this.#numbers.set(key, this.#added++);
    return true;
  }

  take(): K {
    this.#next ??= this.#numbers.keys();
    const key = this.#next.next().value as K;
    this.#taken++;
    if (this.#numbers.size > 8 * this.length + MostTaken) this.#forgetTaken();
    else if (this.#added === this.#taken) this.#empty(key);
    return key;
  }

  clear(): void {
    this.#numbers = new Map();
    this.#next = undefined;
    this.#added = this.#taken = 0;
  }

  *[Symbol.iterator](): Iterator<K> {
    for (const [key, number] of this.#numbers) if (number >= this.#taken) yield key;
  }

  /** After `last`. A queue that never holds more than one key keeps its `Map`. */
  #empty(last: K): void {
    if (this.#numbers.size > 1) return this.clear();
    this.#numbers.delete(last);
    this.#added = this.#taken = 0;
  }

  #forgetTaken(): void {
    const left = [...this];
    this.clear();
    for (const key of left) this.#numbers.set(key, this.#added++);
  }
}
