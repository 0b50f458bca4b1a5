import { Carry } from './carry.js';

const Newline = 10;

/**
 * Cuts a stream of bytes into lines without copying what arrives whole. Bytes are not decoded before a line is complete,
 * so a character is never cut, and the work is linear whatever the chunks.
 */
export class LineSplitter {
  readonly #carry: Carry;
  #chunk: Uint8Array = new Uint8Array(0);
  /** The beginning of a line, from earlier chunks. */
  #rest: Uint8Array = new Uint8Array(0);

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
  }

  /**
   * The next line, without its newline; `undefined` when more bytes are needed. It shares its memory with the chunk, or
   * with a line to come.
   *
   * @throws FrameTooLargeError
   */
  next(): Uint8Array | undefined {
    const chunk = this.#chunk;
    const end = chunk.indexOf(Newline);
    const part = end < 0 ? chunk : chunk.subarray(0, end);
    const line = this.#rest.length > 0 ? this.#carry.join(this.#rest, part) : part;
    this.#chunk = chunk.subarray(part.length + 1);
    this.#rest = end < 0 ? line : line.subarray(0, 0);
    return end < 0 ? undefined : line;
  }
}
