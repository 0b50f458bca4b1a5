import { onAbort } from '@client-ts/apimachinery';
import type { ShardSet } from './shard-set.js';

/** One request of a watch, which ends when the shards are others. */
export class WatchRound implements Disposable {
  readonly #controller = new AbortController();
  readonly #hasChanged: () => boolean;
  readonly #unlink: readonly (() => void)[];
  isOver: boolean = false;

  constructor(signal: AbortSignal, set: ShardSet, hasChanged: () => boolean) {
    this.#hasChanged = hasChanged;
    const stop = (): void => this.#controller.abort(signal.reason);
    if (signal.aborted) stop();
    this.#unlink = [onAbort(signal, stop), set.onShards(() => this.check())];
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends it if the shards have changed. @returns whether it has ended for that. */
  check(): boolean {
    if (!this.isOver && !this.signal.aborted && this.#hasChanged()) {
      this.isOver = true;
      this.#controller.abort(new Error('the shards have changed'));
    }
    return this.isOver;
  }

  [Symbol.dispose](): void {
    for (const each of this.#unlink) each();
  }
}
