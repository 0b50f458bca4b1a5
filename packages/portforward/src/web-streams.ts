import type { PortConnection, PortSink } from './port-connection.js';
import type { PortForwardError } from './port-forward-error.js';

/** What a chunk costs beside its bytes: a Pod that writes letter by letter must not fill the memory either. */
const ChunkBytes = 64;

/** A connection as web streams. */
export class WebStreams implements PortSink {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  #connection: PortConnection | undefined;
  #input!: ReadableStreamDefaultController<Uint8Array>;
  #output!: WritableStreamDefaultController;
  #isReading = true;
  #isWriting = true;

  constructor(maxBufferedBytes: number) {
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#input = controller;
        },
        pull: () => this.#connection?.resume(),
        cancel: () => {
          this.#isReading = false;
          this.#connection?.discard();
        },
      },
      { highWaterMark: maxBufferedBytes, size: ({ length }) => length + ChunkBytes },
    );
    this.writable = new WritableStream<Uint8Array>({
      start: (controller) => {
        this.#output = controller;
        // `abort()` of a sink is not called before a write has ended, which it may never.
        controller.signal.addEventListener('abort', () => {
          if (!this.#isWriting) return;
          // The stream has failed by itself.
          this.#isWriting = false;
          this.#connection?.reset(controller.signal.reason);
        });
      },
      write: (chunk: unknown) => {
        if (!(chunk instanceof Uint8Array)) throw new TypeError(`expected a Uint8Array, got ${nameOf(chunk)}`);
        return this.#connection?.write(chunk);
      },
      close: () => {
        this.#isWriting = false;
        return this.#connection?.end();
      },
    });
  }

  /** Must be called before the streams are used. */
  attach(connection: PortConnection): void {
    this.#connection = connection;
  }

  data(bytes: Uint8Array): boolean {
    // What is small must not keep all of a large message that it came in.
    this.#input.enqueue(bytes.length * 2 < bytes.buffer.byteLength ? new Uint8Array(bytes) : bytes);
    return (this.#input.desiredSize ?? 1) > 0;
  }

  end(): void {
    if (this.#isReading) this.#input.close();
    this.#isReading = false;
  }

  stop(reason: PortForwardError): void {
    if (this.#isWriting) this.#output.error(reason);
    this.#isWriting = false;
  }

  fail(reason: unknown): void {
    if (this.#isReading) this.#input.error(reason);
    if (this.#isWriting) this.#output.error(reason);
    this.#isReading = false;
    this.#isWriting = false;
  }
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
