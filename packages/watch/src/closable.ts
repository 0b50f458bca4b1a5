/** Why a signal aborts when its owner was closed: never seen outside. */
const Closed = Symbol('closed');

/**
 * Something that is iterated once, and can be closed while its reader waits.
 *
 * A generator queues `return()` behind a pending `next()`, so closing aborts what the generator waits for.
 */
export class Closable<V> implements AsyncIterable<V>, AsyncDisposable {
  readonly #what: string;
  readonly #values: (signal: AbortSignal) => AsyncGenerator<V, void, void>;
  readonly #outer: AbortSignal | undefined;
  readonly #controller = new AbortController();
  #iteration: AsyncGenerator<V, void, void> | undefined;

  /**
   * @param what - for messages.
   * @param values - rejects with `signal.reason` soon after that has aborted.
   * @param outer - aborts the signal that `values` gets for as long as it is iterated.
   */
  constructor(what: string, values: (signal: AbortSignal) => AsyncGenerator<V, void, void>, outer?: AbortSignal) {
    this.#what = what;
    this.#values = values;
    this.#outer = outer;
  }

  /** @throws TypeError the second time. */
  [Symbol.asyncIterator](): AsyncIterator<V, void, void> {
    if (this.#iteration) throw new TypeError(`${this.#what} can be iterated once`);
    const iteration = this.#iterate();
    this.#iteration = iteration;
    return {
      next: () => iteration.next(),
      return: async () => {
        await this[Symbol.asyncDispose]();
        return { done: true, value: undefined };
      },
    };
  }

  /** A pending `next()` ends the iteration. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort(Closed);
    await this.#iteration?.return();
  }

  async *#iterate(): AsyncGenerator<V, void, void> {
    const { signal } = this.#controller;
    const outer = this.#outer;
    const abort = (): void => this.#controller.abort(outer?.reason);
    outer?.addEventListener('abort', abort, { once: true });
    if (outer?.aborted) abort();
    try {
      signal.throwIfAborted();
      yield* this.#values(signal);
    } catch (error) {
      if (signal.reason !== Closed) throw error;
    } finally {
      outer?.removeEventListener('abort', abort);
    }
  }
}
