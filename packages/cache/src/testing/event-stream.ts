import type { Watch, WatchEvent } from '@client-ts/apimachinery';
import { Gate } from '../gate.js';
import { RingBuffer } from '../ring-buffer.js';

/** A watch that is fed by hand. */
export class EventStream<T> implements Watch<T> {
  readonly #events = new RingBuffer<WatchEvent<T>>();
  readonly #gate = new Gate();
  readonly #signal: AbortSignal | undefined;
  readonly #started: (stream: EventStream<T>) => void;
  readonly #closed: (stream: EventStream<T>) => void;
  #end: { readonly error: unknown } | undefined;

  constructor(
    signal: AbortSignal | undefined,
    started: (stream: EventStream<T>) => void,
    closed: (stream: EventStream<T>) => void,
  ) {
    this.#signal = signal;
    this.#started = started;
    this.#closed = closed;
  }

  push(event: WatchEvent<T>): void {
    this.#events.push(event);
    this.#gate.open();
  }

  /** No more events after those that are waiting; without an error, in good order. */
  end(error?: unknown): void {
    this.#end ??= { error };
    this.#gate.open();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent<T>, void, void> {
    const abort = (): void => this.#gate.open();
    this.#signal?.addEventListener('abort', abort, { once: true });
    try {
      this.#signal?.throwIfAborted();
      this.#started(this);
      for (;;) {
        this.#signal?.throwIfAborted();
        const event = this.#events.shift();
        if (event) yield event;
        else if (!this.#end) await this.#gate.wait();
        else if (this.#end.error === undefined) return;
        else throw this.#end.error;
      }
    } finally {
      this.#signal?.removeEventListener('abort', abort);
      this.#closed(this);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
  }
}
