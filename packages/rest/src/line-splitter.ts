import { Carry } from './carry.js';

const Newline = 10;

/**
 * Cuts a stream of bytes into lines without copying what arrives whole. Bytes are not decoded before a line is complete,
 * so a character is never cut, and the work is linear whatever the chunks.
 */
export class LineSplitter {
  readonly #carry: Carry;
  #chunk: Uint8Array = new Uint8Array(0);
  /** Of the chunk, what has not been given. */
  #start = 0;
  /** The beginning of a line, from earlier chunks. */
  #rest: Uint8Array | undefined;

  /**
   * @param what - is read, for messages.
   * @param maxBytes - of a line. Default: the largest object.
   */
  constructor(what: string, maxBytes?: number) {
    this.#carry = new Carry(what, maxBytes);
  }

  /** Takes the next bytes, once all lines of those before have been taken. */
  feed(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#start = 0;
  }

  /**
   * The next line, without its newline; `undefined` when more bytes are needed. It shares its memory with the chunk, or
   * with a line to come.
   *
   * @throws FrameTooLargeError
   */
  next(): Uint8Array | undefined {
    const chunk = this.#chunk;
    const start = this.#start;
    const end = chunk.indexOf(Newline, start);
    const part = chunk.subarray(start, end < 0 ? chunk.length : end);
    const line = this.#rest ? this.#carry.join(this.#rest, part) : part;
    this.#start = end < 0 ? chunk.length : end + 1;
    this.#rest = end < 0 && line.length > 0 ? line : undefined;
    return end < 0 ? undefined : line;
  }
}
