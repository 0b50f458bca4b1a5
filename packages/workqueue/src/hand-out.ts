import type { QueuedItem } from './queued-item.js';
import type { Work } from './work.js';

/** What a loop is given. */
export class HandOut<K, T, R> implements Work<T, R> {
  readonly item: T;
  readonly priority: number;
  readonly reasons: readonly R[];
  readonly #key: K;
  #release: ((key: K, handOut: HandOut<K, T, R>) => void) | undefined;

  constructor(
    key: K,
    { item, priority, reasons }: QueuedItem<T, R>,
    release: (key: K, handOut: HandOut<K, T, R>) => void,
  ) {
    this.item = item;
    this.priority = priority;
    this.reasons = reasons;
    this.#key = key;
    this.#release = release;
  }

  [Symbol.dispose](): void {
    this.#release?.(this.#key, this);
    this.#release = undefined;
  }
}
