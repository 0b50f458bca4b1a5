import { Fifo } from './fifo.js';
import type { ReadyQueue } from './ready-queue.js';

/** So many keys may be remembered that have been taken, and eight times as many as there are. */
const MostTaken = 1024;

/**
 * First come, first served, whatever the priority: the default, as client-go's.
 *
 * To take a key needs no look-up. What was taken is let go of when the queue runs empty, or holds much less than it did.
 */
export class FifoQueue<K, T = K> implements ReadyQueue<K, T> {
  readonly #order = new Fifo<K>();
  /** Of each key the number under which it was added last. */
  #numbers = new Map<K, number>();
  #added = 0;
  /** Keys with lower numbers have been taken. */
  #taken = 0;

  get length(): number {
    return this.#order.length;
  }

  get available(): boolean {
    return this.#order.length > 0;
  }

  has(key: K): boolean {
    const number = this.#numbers.get(key);
    return number !== undefined && number >= this.#taken;
  }

  add(key: K): boolean {
    if (this.has(key)) return false;
    this.#numbers.set(key, this.#added++);
    this.#order.push(key);
    return true;
  }

  take(): K {
    const key = this.#order.shift() as K;
    this.#taken++;
    const { length } = this.#order;
    if (length > 0) {
      if (this.#numbers.size > 8 * length + MostTaken) this.#renumber();
    } else if (this.#numbers.size > 1) {
      this.clear();
    } else {
      this.#numbers.delete(key);
    }
    return key;
  }

  clear(): void {
    this.#order.clear();
    this.#numbers = new Map();
    this.#added = this.#taken = 0;
  }

  [Symbol.iterator](): Iterator<K> {
    return this.#order[Symbol.iterator]();
  }

  #renumber(): void {
    this.#numbers = new Map();
    this.#added = this.#taken = 0;
    for (const key of this.#order) this.#numbers.set(key, this.#added++);
  }
}
