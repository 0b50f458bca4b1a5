/** What a chunk costs beside its bytes: a container that writes letter by letter must not fill the memory either. */
const ChunkBytes = 64;

/** One output: what has come and was not read yet, up to a bound that is the writer's to respect. */
export class OutputStream {
  readonly readable: ReadableStream<Uint8Array>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #isOpen = true;
  #wake: (() => void) | undefined;
  /** Tells the stream that it has what it asked for. */
  #fill: (() => void) | undefined;

  constructor(maxBufferedBytes: number) {
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        // A stream asks for more with each chunk and each read, unless it still waits for what it has asked for: until it is full.
        pull: () => {
          this.#wake?.();
          return new Promise((resolve) => {
            this.#fill = resolve;
          });
        },
        // Nobody wants the rest: it takes no place from now on.
        cancel: () => this.#close(),
      },
      { highWaterMark: maxBufferedBytes, size: ({ length }) => length + ChunkBytes },
    );
  }

  /** @returns what to wait for before more is written; nothing when there is room. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (!this.#isOpen) return undefined;
    // What is small must not keep all of what it came in: messages that came together share their memory.
    this.#controller.enqueue(bytes.length * 2 < bytes.buffer.byteLength ? new Uint8Array(bytes) : bytes);
    if ((this.#controller.desiredSize ?? 1) > 0) return undefined;
    this.#fill?.();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** What has come can still be read. */
  end(): void {
    if (this.#isOpen) this.#controller.close();
    this.#close();
  }

  /** At once: what was not read is lost. */
  fail(reason: unknown): void {
    if (this.#isOpen) this.#controller.error(reason);
    this.#close();
  }

  #close(): void {
    this.#isOpen = false;
    this.#wake?.();
  }
}
