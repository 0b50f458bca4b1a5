/** What is given to stdin: text is sent in UTF-8. */
export type StdinChunk = Uint8Array | string;

/**
 * Far from the limits of servers (32 MiB in kubelets), large enough to cost little, and small enough that a resize between two
 * of them is not late.
 */
const MaxMessageBytes = 128 * 1024;

/** What stdin needs of the connection. Both reject when it cannot be. */
export interface StdinSink {
  send(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** Its writer gave up: what came is not all, which the process must not take for an end. */
  abandon(reason: unknown): void;
}

/** Nothing is kept beyond the chunk that is being sent: `ready` of its writer is back-pressure. */
export class StdinStream {
  readonly writable: WritableStream<StdinChunk>;
  #controller!: WritableStreamDefaultController;
  #isOpen = true;

  constructor(sink: StdinSink) {
    this.writable = new WritableStream<StdinChunk>({
      start: (controller) => {
        this.#controller = controller;
        // `abort()` of a sink is not called before a write has ended, which it may never.
        controller.signal.addEventListener('abort', () => {
          if (!this.#isOpen) return;
          // The stream has failed by itself.
          this.#isOpen = false;
          sink.abandon(controller.signal.reason);
        });
      },
      write: async (chunk) => {
        const bytes = bytesOf(chunk);
        for (let start = 0; start < bytes.length; start += MaxMessageBytes) {
          await sink.send(bytes.subarray(start, start + MaxMessageBytes));
        }
      },
      close: () => sink.end(),
    });
  }

  /** What is written from now on, and what waits, fails so. */
  stop(reason: unknown): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#controller.error(reason);
  }
}

function bytesOf(chunk: unknown): Uint8Array {
  if (typeof chunk === 'string') return new TextEncoder().encode(chunk);
  if (chunk instanceof Uint8Array) return chunk;
  throw new TypeError(`stdin: expected a Uint8Array or a string, got ${chunk === null ? 'null' : typeof chunk}`);
}
