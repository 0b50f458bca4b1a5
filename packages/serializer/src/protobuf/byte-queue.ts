/** Chunks, one behind the other, of which the next bytes can be had in one piece. Every byte is copied once at most. */
export class ByteQueue {
  /** Where the next bytes are. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The first of them. */
  at = 0;
  /** Chunks behind those. */
  #more: Uint8Array[] = [];
  #moreLength = 0;

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

  #join(count: number): void {
    const joined = new Uint8Array(count);
    let length = 0;
    const chunks = [this.bytes.subarray(this.at), ...this.#more];
    let next = 0;
    while (length < count) {
      const chunk = chunks[next++]!;
      const used = chunk.subarray(0, count - length);
      joined.set(used, length);
      length += used.length;
      if (used.length < chunk.length) chunks[--next] = chunk.subarray(used.length);
    }
    this.bytes = joined;
    this.at = 0;
    this.#more = chunks.slice(next);
    this.#moreLength = this.#more.reduce((sum, chunk) => sum + chunk.length, 0);
  }
}
