import { type Clock, realClock, type RequestOptions, type Watch, type WatchEvent } from '@client-ts/apimachinery';
import { newDeadline } from './deadline.js';
import type { TransportResponse } from './transport.js';
import { watchEvents } from './watch-events.js';

/** Stands for "the reader left": never seen outside. */
const Closed = Symbol('watch closed');

/** One watch request, sent when the first event is asked for. */
export class ResourceWatch<T> implements Watch<T> {
  readonly #open: (signal: AbortSignal) => Promise<TransportResponse>;
  readonly #options: RequestOptions;
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  #events: AsyncGenerator<WatchEvent<T>, void, void> | undefined;

  constructor(
    open: (signal: AbortSignal) => Promise<TransportResponse>,
    options: RequestOptions = {},
    clock: Clock = realClock,
  ) {
    this.#open = open;
    this.#options = options;
    this.#clock = clock;
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
    const { signal, timeoutMs } = this.#options;
    using deadline = newDeadline(this.#clock, 'watch', signal, timeoutMs);
    const outer = deadline.signal;
    const forward = (): void => this.#controller.abort(outer?.reason);
    if (outer?.aborted) forward();
    outer?.addEventListener('abort', forward, { once: true });
    try {
      this.#controller.signal.throwIfAborted();
      const response = await this.#open(this.#controller.signal);
      yield* watchEvents<T>(response.body);
    } catch (error) {
      if (this.#controller.signal.reason === Closed) return;
      throw error;
    } finally {
      outer?.removeEventListener('abort', forward);
      // The reader may have left between two events, when nothing was pending that could have noticed.
      this.#controller.abort(Closed);
    }
  }
}
