import type { Clock, RequestOptions, Watch, WatchEvent } from '@client-ts/apimachinery';
import { newDeadline } from './deadline.js';
import type { TransportResponse } from './transport.js';
import { WatchDecoder } from './watch-decoder.js';

/** Stands for "the reader left": never seen outside. */
const Closed = Symbol('watch closed');

export interface ResourceWatchOptions extends RequestOptions {
  /** What is watched, for messages: `watch pods`. */
  readonly what: string;
  readonly clock: Clock;
}

/** One watch request, sent when the first event is asked for. */
export class ResourceWatch<T> implements Watch<T> {
  readonly #open: (signal: AbortSignal) => Promise<TransportResponse>;
  readonly #options: ResourceWatchOptions;
  readonly #controller = new AbortController();
  #events: AsyncGenerator<WatchEvent<T>, void, void> | undefined;

  constructor(open: (signal: AbortSignal) => Promise<TransportResponse>, options: ResourceWatchOptions) {
    this.#open = open;
    this.#options = options;
  }

  [Symbol.asyncIterator](): AsyncIterator<WatchEvent<T>, void, void> {
    if (this.#events) throw new TypeError('a watch can be iterated once; call watch() again for another request');
    const events = this.#read();
    this.#events = events;
    return {
      next: () => events.next(),
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
    await this.#events?.return();
  }

  async *#read(): AsyncGenerator<WatchEvent<T>, void, void> {
    const { what, clock, signal: outer, timeoutMs } = this.#options;
    using deadline = newDeadline(clock, what, outer, timeoutMs);
    const { signal } = this.#controller;
    const forward = (): void => this.#controller.abort(deadline.signal?.reason);
    if (deadline.signal?.aborted) forward();
    deadline.signal?.addEventListener('abort', forward, { once: true });
    try {
      signal.throwIfAborted();
      const response = await this.#open(signal);
      const decoder = new WatchDecoder<T>(what);
      for await (const chunk of response.body) {
        for (const event of decoder.push(chunk)) {
          yield event;
          // What came in the same chunk is not wanted any more.
          signal.throwIfAborted();
        }
      }
      yield* decoder.end();
    } catch (error) {
      if (signal.reason === Closed) return;
      throw error;
    } finally {
      deadline.signal?.removeEventListener('abort', forward);
      // The reader may have left between two events, when nothing was pending that could have noticed.
      this.#controller.abort(Closed);
    }
  }
}
