const Nothing = /* @__PURE__ */ new Uint8Array(0);

/** The bytes of a body as they arrive. What was there is never overwritten: a part of it may have been given away. */
export class ArrivingBytes {
  /** All that has arrived and not been taken, and something before it. */
  bytes: Uint8Array = Nothing;
  /** Of what has not been taken. */
  start = 0;
  /** Memory that `bytes` is the beginning of, with room behind it. */
  #space: Uint8Array = Nothing;

  /** Copies only what was cut by the end of a chunk; in linear time, however small the chunks are. */
  append(chunk: Uint8Array): void {
    const { bytes, start } = this;
    const rest = bytes.length - start;
    this.start = 0;
    if (rest === 0) {
      this.bytes = chunk;
      this.#space = Nothing;
      return;
    }
    const length = rest + chunk.length;
    if (start > 0 || bytes.length + chunk.length > this.#space.length) {
      const space = new Uint8Array(2 * length);
      space.set(bytes.subarray(start));
      this.#space = space;
    }
    this.#space.set(chunk, rest);
    this.bytes = this.#space.subarray(0, length);
  }
}
