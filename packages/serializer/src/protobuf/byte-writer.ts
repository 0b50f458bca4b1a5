const utf8 = /* @__PURE__ */ new TextEncoder();

/** Bytes behind one another, in memory that grows. */
export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(1024);
  #length = 0;

  /** All that was written. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  raw(bytes: Uint8Array | readonly number[]): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Any integer of 64 bits; negative ones take ten bytes, as they do in Go. */
  varint(value: number | bigint): void {
    this.#reserve(10);
    const isLong = typeof value === 'bigint';
    let low = isLong ? Number(BigInt.asUintN(32, value)) : value >>> 0;
    let high = isLong ? Number(BigInt.asUintN(64, value) >> BigInt(32)) : Math.floor(value / 2 ** 32) >>> 0;
    while (high > 0 || low >= 128) {
      this.#bytes[this.#length++] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#bytes[this.#length++] = low;
  }

  double(value: number): void {
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Bytes, with their length before them. */
  sized(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** Text, with its length before it. */
  text(text: string): void {
    const start = this.begin();
    this.#reserve(text.length * 3);
    this.#length += utf8.encodeInto(text, this.#bytes.subarray(this.#length)).written;
    this.finish(start);
  }

  /** Leaves room for the length of what is written until `finish`. */
  begin(): number {
    this.#reserve(1);
    return this.#length++;
  }

  finish(start: number): void {
    const size = this.#length - start - 1;
    if (size < 128) {
      this.#bytes[start] = size;
      return;
    }
    const lengthBytes = Math.ceil((32 - Math.clz32(size)) / 7);
    this.#reserve(lengthBytes - 1);
    this.#bytes.copyWithin(start + lengthBytes, start + 1, this.#length);
    this.#length += lengthBytes - 1;
    let rest = size;
    for (let at = start; at < start + lengthBytes; at++) {
      this.#bytes[at] = at < start + lengthBytes - 1 ? (rest & 127) | 128 : rest;
      rest >>>= 7;
    }
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
