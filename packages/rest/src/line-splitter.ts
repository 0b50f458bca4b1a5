import { concat } from './read-body.js';

const Newline = 10;

/** A frame that grows beyond its limit: what comes is not a watch, or an object that no server stores. */
export class FrameTooLargeError extends Error {
  override readonly name = 'FrameTooLargeError';
}

/**
 * Cuts a stream of bytes into lines without copying what arrives whole. Bytes are not decoded before a line is complete,
 * so a character is never cut, and the work is linear whatever the chunks.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  #carried: Uint8Array[] = [];
  #carriedBytes = 0;

  /** @param maxBytes - longest line. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that `chunk` completes, without their newline. A line may share its memory with the chunk. */
  *push(chunk: Uint8Array): Generator<Uint8Array, void, void> {
    let start = 0;
    for (let end = chunk.indexOf(Newline); end >= 0; end = chunk.indexOf(Newline, start)) {
      const line = chunk.subarray(start, end);
      start = end + 1;
      yield this.#carriedBytes === 0 ? line : this.#join(line);
    }
    if (start < chunk.length) this.#carry(chunk.subarray(start));
  }

  /** What came after the last newline. */
  rest(): Uint8Array {
    return this.#join(new Uint8Array(0));
  }

  #carry(bytes: Uint8Array): void {
    this.#carriedBytes += bytes.length;
    if (this.#carriedBytes > this.#maxBytes) {
      throw new FrameTooLargeError(`a frame is longer than ${this.#maxBytes} bytes`);
    }
    this.#carried.push(bytes);
  }

  #join(last: Uint8Array): Uint8Array {
    const line = concat([...this.#carried, last]);
    this.#carried = [];
    this.#carriedBytes = 0;
    return line;
  }
}
