import { onAbort } from './on-abort.js';

/** Why a signal aborts when its reader has left: never seen outside. */
const Closed = /* @__PURE__ */ Symbol('closed');

/**
 * Values that arrive, until the reader leaves: by `break`, or by disposing, which ends a pending `next()` too. Can be iterated once.
 */
export type ClosableIterable<T> = AsyncIterableIterator<T, void, void> & AsyncDisposable;

/**
 * Makes them of a generator, which queues `return()` behind a pending `next()`: so closing aborts what the generator waits for.
 *
 * Begins with the first `next()`. Rejects with `outer.reason` when that aborts.
 */
export class Closable<T> implements ClosableIterable<T> {
  readonly #what: string;
  readonly #values: AsyncGenerator<T, void, void>;
  readonly #controller = new AbortController();
  #isIterated = false;

  /**
   * @param what - for messages: `a RetryWatcher`.
   * @param generate - rejects with `signal.reason` soon after that has aborted, which it has by the end, however that came: nothing that
   * still is open is of interest then.
   * @param outer - aborts that signal for as long as values are read.
   */
  constructor(
    what: string,
    generate: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
    outer: AbortSignal | undefined,
  ) {
    this.#what = what;
    this.#values = this.#run(generate, outer);
  }

  next(): Promise<IteratorResult<T, void>> {
    return this.#values.next();
  }

  async return(): Promise<IteratorResult<T, void>> {
    await this[Symbol.asyncDispose]();
    return { done: true, value: undefined };
  }

  /** @throws TypeError the second time. */
  [Symbol.asyncIterator](): this {
    if (this.#isIterated) throw new TypeError(`${this.#what} can be iterated once`);
    this.#isIterated = true;
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort(Closed);
    await this.#values.return();
  }

  async *#run(
    generate: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
    outer: AbortSignal | undefined,
  ): AsyncGenerator<T, void, void> {
    outer?.throwIfAborted();
    const { signal } = this.#controller;
    const unlink = outer && onAbort(outer, () => this.#controller.abort(outer.reason));
    try {
      yield* generate(signal);
    } catch (error) {
      if (signal.reason !== Closed) throw error;
    } finally {
      unlink?.();
      this.#controller.abort(Closed);
    }
  }
}
