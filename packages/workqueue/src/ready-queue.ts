/**
 * What is ready to be worked on, each key once, in the order in which it is handed out: the part of a work queue that can be
 * replaced, as client-go's `Queue`. Belongs to one work queue, which says of a key that it took when it is done.
 *
 * A `add` or `done` makes at most one more key available, and never fewer.
 */
export interface ReadyQueue<K, T = K> extends Iterable<K> {
  /** All that is in it. */
  readonly length: number;
  /** Whether {@link take} has something to give now; some of what is in it may have to wait for a {@link done}. */
  readonly available: boolean;
  has(key: K): boolean;
  /**
   * @param key - nothing that has been taken and is not done.
   * @param item - that the key stands for.
   * @param priority - of a key that is there already the higher one counts.
   * @returns false when the key was there already.
   */
  add(key: K, item: T, priority: number): boolean;
  /** Only to be called while something is available. */
  take(): K;
  /** A key that was taken has been worked on. */
  done?(key: K): void;
  clear(): void;
  /** All keys, in the order in which they would go out. */
  [Symbol.iterator](): Iterator<K>;
}
