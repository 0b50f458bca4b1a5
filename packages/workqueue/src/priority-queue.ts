import { Heap, type HeapNode } from './heap.js';
import type { ReadyQueue } from './ready-queue.js';

/**
 * For work that nobody waits for, such as objects of an initial list, and of a resync that changed nothing: what users do is
 * served first, even right after a start with a hundred thousand objects. The value is controller-runtime's.
 */
export const LowPriority = -100;

interface Node<K> extends HeapNode {
  readonly key: K;
}

/**
 * The highest priority first, and first come, first served among the same, as controller-runtime's. A key that is added again
 * with a higher priority moves up, and keeps its age; a lower one changes nothing.
 *
 * Low priorities wait as long as there are higher ones.
 */
export class PriorityQueue<K, T = K> implements ReadyQueue<K, T> {
  readonly #nodes = new Map<K, Node<K>>();
  readonly #heap = new Heap<Node<K>>();
  #order = 0;

  get length(): number {
    return this.#heap.size;
  }

  get available(): boolean {
    return this.#heap.size > 0;
  }

  has(key: K): boolean {
    return this.#nodes.has(key);
  }

  add(key: K, _item: T, priority: number): boolean {
    const rank = -priority;
    const known = this.#nodes.get(key);
    if (known) {
      if (rank < known.rank) this.#heap.raise(known, rank);
      return false;
    }
    const node: Node<K> = { key, rank, order: this.#order++, position: 0 };
    this.#nodes.set(key, node);
    this.#heap.push(node);
    return true;
  }

  take(): K {
    const { key } = this.#heap.shift() as Node<K>;
    this.#nodes.delete(key);
    return key;
  }

  clear(): void {
    this.#nodes.clear();
    this.#heap.clear();
  }

  *[Symbol.iterator](): Iterator<K> {
    for (const { key } of this.#heap.sorted()) yield key;
  }
}
