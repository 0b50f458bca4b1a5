/** Smaller ones cost little: they are made anew. */
const MinKeptBytes = 4096;

/** All that are kept have no more than this together: as much as a fast writer has on the way. */
const MaxKeptBytes = 1024 * 1024;

/**
 * Buffers that have been used, and can be used again. What is allocated outside of the heap makes V8 mark everything that is in there,
 * at every 64 MiB: for streams in a program that holds much it is that which takes most of the time.
 */
export class SpareBuffers {
  readonly #kept: ArrayBuffer[] = [];
  #keptBytes = 0;

  /** @returns `length` bytes or more, which may be anything, from the beginning of their `buffer`. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (length < MinKeptBytes) return new Uint8Array(length);
    const kept = this.#kept.pop();
    if (kept) this.#keptBytes -= kept.byteLength;
    // What is too small is not kept any longer: there would be others like it.
    if (kept && kept.byteLength >= length) return new Uint8Array(kept);
    return new Uint8Array(Math.ceil(length / MinKeptBytes) * MinKeptBytes);
  }

  /** @param part - of one that was taken, and that nobody needs any more. */
  give({ buffer }: Uint8Array<ArrayBuffer>): void {
    const { byteLength } = buffer;
    if (byteLength < MinKeptBytes || this.#keptBytes + byteLength > MaxKeptBytes) return;
    this.#kept.push(buffer);
    this.#keptBytes += byteLength;
  }
}
