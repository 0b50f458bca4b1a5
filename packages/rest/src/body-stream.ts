import type { BodyDecoder, Clock, RequestOptions } from '@client-ts/apimachinery';
import { newDeadline } from './deadline.js';
import { piecesOf } from './event-loop.js';
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
      next: () => values.next(),
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

  async *#read(): AsyncGenerator<V, void, void> {
    const { what, clock, signal: outer, timeoutMs, isAnotherTry } = this.#options;
    const { signal } = this.#controller;
    const deadline = newDeadline(clock, what, outer, timeoutMs);
    const release = linkSignal(deadline.signal, this.#controller);
    let given = false;
    const readBody = async function* (open: Promise<OpenBody<V>>): AsyncGenerator<V, void, void> {
      const { body, decoder } = await open;
      for await (const piece of piecesOf(body)) {
        if (piece) decoder.feed(piece);
        else decoder.end();
        for (let value = decoder.next(); value !== undefined; value = decoder.next()) {
          given = true;
          yield value;
          // What came in the same chunk is not wanted any more.
          signal.throwIfAborted();
        }
      }
    };
    try {
      signal.throwIfAborted();
      try {
        yield* readBody(this.#open(signal));
      } catch (error) {
        if (signal.aborted || !isAnotherTry?.(error) || given) throw error;
        yield* readBody(this.#open(signal));
      }
    } catch (error) {
      if (signal.reason === Closed) return;
      throw error;
    } finally {
      deadline[Symbol.dispose]();
      release();
      // The reader may have left between two values, when nothing was pending that could have noticed.
      this.#controller.abort(Closed);
    }
  }
}
