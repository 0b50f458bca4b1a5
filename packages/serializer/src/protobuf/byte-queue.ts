/**
 * Chunks, one behind the other, of which the next bytes can be had in one piece: until the next ones are asked for, for they may be
 * put together in the same place. Every byte is copied once at most.
 */
export class ByteQueue {
  /** Where the next bytes are. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The first of them. */
  at = 0;
  /** Chunks behind those. */
  #more: Uint8Array[] = [];
  #moreLength = 0;
  #space: Uint8Array = new Uint8Array(0);

  feed(chunk: Uint8Array): void {
    if (this.at < this.bytes.length || this.#moreLength > 0) {
      this.#more.push(chunk);
      this.#moreLength += chunk.length;
    } else {
      this.bytes = chunk;
      this.at = 0;
    }
  }

  get length(): number {
    return this.bytes.length - this.at + this.#moreLength;
  }

  /** Whether there are `count` bytes, which are then in `bytes`, behind `at`. */
  has(count: number): boolean {
    if (this.bytes.length - this.at >= count) return true;
    if (this.length < count) return false;
    if (this.at === this.bytes.length) this.#goOn();
    if (this.bytes.length < this.at + count) this.#join(count);
    return true;
  }

  /** To the chunk behind the one that was read to its end. */
  #goOn(): void {
    this.bytes = this.#more.shift()!;
    this.#moreLength -= this.bytes.length;
    this.at = 0;
  }

  /** Where the last bytes were put together, so were these: what was there has been read. */
  #join(count: number): void {
    if (count > this.#space.length) this.#space = new Uint8Array(2 * count);
    const space = this.#space;
    const rest = this.bytes.subarray(this.at);
    space.set(rest);
    let length = rest.length;
    let next = 0;
    while (length < count) {
      const chunk = this.#more[next]!;
      const used = chunk.length <= count - length ? chunk : chunk.subarray(0, count - length);
      space.set(used, length);
      length += used.length;
      if (used === chunk) next++;
      else this.#more[next] = chunk.subarray(used.length);
    }
    this.#moreLength -= count - rest.length;
    this.#more = this.#more.slice(next);
    this.bytes = space.subarray(0, count);
    this.at = 0;
  }
}
