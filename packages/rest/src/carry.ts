/** What grows beyond its limit is no watch and no list, or has an object in it that no server stores. */
export class FrameTooLargeError extends Error {
  override readonly name = 'FrameTooLargeError';
}

/** Larger than any object that etcd takes, with room for its encoding; client-go's limit for events of a watch. */
const MaxBytes = 16 * 1024 * 1024;

/** Puts together what was cut by the end of a chunk. */
export class Carry {
  readonly #what: string;
  readonly #maxBytes: number;
  #space: Uint8Array = new Uint8Array(0);

  /** @param what - is read, for messages. */
  constructor(what: string, maxBytes: number = MaxBytes) {
    this.#what = what;
    this.#maxBytes = maxBytes;
  }

  /**
   * `rest`, and behind it `chunk`, in memory that the next call uses again. What it returned may be the next `rest`; then
   * only the chunk is copied, so that the work is linear however small the chunks are.
   *
   * @throws FrameTooLargeError
   */
  join(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
    const length = rest.length + chunk.length;
    if (length > this.#maxBytes) {
      throw new FrameTooLargeError(`${this.#what}: an object is longer than ${this.#maxBytes} bytes`);
    }
    const space = length > this.#space.length ? new Uint8Array(2 * length) : this.#space;
    if (rest.buffer !== space.buffer || rest.byteOffset > 0) space.set(rest);
    space.set(chunk, rest.length);
    this.#space = space;
    return space.subarray(0, length);
  }
}
