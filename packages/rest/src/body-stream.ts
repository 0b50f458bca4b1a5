import type { BodyDecoder, Clock, RequestOptions } from '@client-ts/apimachinery';
import { newDeadline } from './deadline.js';
import { feed } from './event-loop.js';
import { linkSignal } from './link-signal.js';

/** Stands for "the reader left": never seen outside. */
const Closed = Symbol('stream closed');

/** A body, and what makes values of it. */
export interface OpenBody<V> {
  readonly body: AsyncIterable<Uint8Array>;
  readonly decoder: BodyDecoder<V>;
}

export interface BodyStreamOptions extends RequestOptions {
  /** What is read, for messages: `watch pods`. */
  readonly what: string;
  readonly clock: Clock;
  /** Whether the request should be sent again for this error, when no value has been given yet. Asked once. */
  readonly isAnotherTry?: ((error: unknown) => boolean) | undefined;
}

/**
 * The body of one request, value by value. The request is sent when the first is asked for. The event loop gets its turns,
 * however the body arrives.
 */
export class BodyStream<V> implements AsyncIterable<V>, AsyncDisposable {
  readonly #open: (signal: AbortSignal) => Promise<OpenBody<V>>;
  readonly #options: BodyStreamOptions;
  readonly #controller = new AbortController();
  #values: AsyncGenerator<V, void, void> | undefined;
  /** Once it has given a value. It has been fed whatever the generator has, whenever that waits to be asked. */
  #ready: BodyDecoder<V> | undefined;
  /** Calls that the generator has not answered. */
  #pending = 0;

  constructor(open: (signal: AbortSignal) => Promise<OpenBody<V>>, options: BodyStreamOptions) {
    this.#open = open;
    this.#options = options;
  }

  [Symbol.asyncIterator](): AsyncIterator<V, void, void> {
    if (this.#values) {
      throw new TypeError(`${this.#options.what} can be iterated once`);
    }
    const values = this.#read();
    this.#values = values;
    return {
      next: () => this.#next(values),
      return: async () => {
        await this[Symbol.asyncDispose]();
        return { done: true, value: undefined };
      },
    };
  }

  /** Closes the connection, whatever is being waited for. A pending `next()` ends the iteration. */
  async [Symbol.asyncDispose](): Promise<void> {
    // A generator queues return() behind a pending next(), so the request itself has to end first.
    this.#controller.abort(Closed);
    await this.#values?.return();
  }

  /** Values that have come are given at once: generators would take several microtasks for each. */
  #next(values: AsyncGenerator<V, void, void>): Promise<IteratorResult<V, void>> {
    const decoder = this.#ready;
    if (decoder && this.#pending === 0 && !this.#controller.signal.aborted) {
      try {
        const value = decoder.next();
        if (value !== undefined) return Promise.resolve({ done: false, value });
      } catch (error) {
        return this.#settled(values.throw(error));
      }
    }
    return this.#settled(values.next());
  }

  async #settled<R>(result: Promise<R>): Promise<R> {
    this.#pending++;
    try {
      return await result;
    } finally {
      this.#pending--;
    }
  }

  async *#read(): AsyncGenerator<V, void, void> {
    const { what, clock, signal: outer, timeoutMs, isAnotherTry } = this.#options;
    const { signal } = this.#controller;
    const deadline = newDeadline(clock, what, outer, timeoutMs);
    const release = linkSignal(deadline.signal, this.#controller);
    let tries = 0;
    try {
      signal.throwIfAborted();
      for (;;) {
        try {
          const { body, decoder } = await this.#open(signal);
          for await (const _ of feed(decoder, body)) {
            for (let value = decoder.next(); value !== undefined; value = decoder.next()) {
              this.#ready = decoder;
              yield value;
              // What came in the same chunk is not wanted any more.
              signal.throwIfAborted();
            }
          }
          return;
        } catch (error) {
          if (signal.aborted || !isAnotherTry?.(error) || this.#ready || ++tries > 1) throw error;
        }
      }
    } catch (error) {
      if (signal.reason === Closed) return;
      throw error;
    } finally {
      this.#ready = undefined;
      deadline[Symbol.dispose]();
      release();
      // The reader may have left between two values, when nothing was pending that could have noticed.
      this.#controller.abort(Closed);
    }
  }
}
