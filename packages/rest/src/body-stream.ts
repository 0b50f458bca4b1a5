import type { Clock, RequestOptions } from '@client-ts/apimachinery';
import { newDeadline } from './deadline.js';
import { piecesOf } from './event-loop.js';
import { linkSignal } from './link-signal.js';
import type { TransportResponse } from './transport-request.js';

/** Stands for "the reader left": never seen outside. */
const Closed = Symbol('stream closed');

/** Makes values of the bytes of one body. */
export interface BodyDecoder<V> {
  /** Takes the next bytes, once all values of those before have been taken. */
  feed(chunk: Uint8Array): void;
  /** The body has ended, which may give the last values. */
  end(): void;
  /** The next value, or `undefined` when more bytes are needed. */
  next(): V | undefined;
}

export interface BodyStreamOptions extends RequestOptions {
  /** What is read, for messages: `watch pods`. */
  readonly what: string;
  readonly clock: Clock;
}

/**
 * The body of one request, value by value. The request is sent when the first is asked for. The event loop gets its turns,
 * however the body arrives.
 */
export class BodyStream<V> implements AsyncIterable<V>, AsyncDisposable {
  readonly #open: (signal: AbortSignal) => Promise<TransportResponse>;
  readonly #decoder: BodyDecoder<V>;
  readonly #options: BodyStreamOptions;
  readonly #controller = new AbortController();
  #values: AsyncGenerator<V, void, void> | undefined;

  constructor(
    open: (signal: AbortSignal) => Promise<TransportResponse>,
    decoder: BodyDecoder<V>,
    options: BodyStreamOptions,
  ) {
    this.#open = open;
    this.#decoder = decoder;
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
    const { what, clock, signal: outer, timeoutMs } = this.#options;
    const decoder = this.#decoder;
    const { signal } = this.#controller;
    const deadline = newDeadline(clock, what, outer, timeoutMs);
    const release = linkSignal(deadline.signal, this.#controller);
    try {
      signal.throwIfAborted();
      const { body } = await this.#open(signal);
      for await (const piece of piecesOf(body)) {
        if (piece) decoder.feed(piece);
        else decoder.end();
        for (let value = decoder.next(); value !== undefined; value = decoder.next()) {
          yield value;
          // What came in the same chunk is not wanted any more.
          signal.throwIfAborted();
        }
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
