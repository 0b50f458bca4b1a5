import { Fifo } from './fifo.js';
import type { ReadyQueue } from './ready-queue.js';

/** First come, first served, whatever the priority: the default, as client-go's. */
export class FifoQueue<K, T = K> implements ReadyQueue<K, T> {
  readonly #keys = new Set<K>();
  readonly #order = new Fifo<K>();

  get length(): number {
    return this.#order.length;
  }

  get available(): boolean {
    return this.#order.length > 0;
  }

  has(key: K): boolean {
    return this.#keys.has(key);
  }

  add(key: K): boolean {
    const { size } = this.#keys;
    this.#keys.add(key);
    if (this.#keys.size === size) return false;
    this.#order.push(key);
    return true;
  }

  take(): K {
    const key = this.#order.shift() as K;
    this.#keys.delete(key);
    return key;
  }

  clear(): void {
    this.#keys.clear();
    this.#order.clear();
  }

  [Symbol.iterator](): Iterator<K> {
    return this.#order[Symbol.iterator]();
  }
}
