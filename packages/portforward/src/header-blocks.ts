/**
 * The beginning of a zlib stream (RFC 1950) with the dictionary of SPDY/3, which is named by its checksum and then not used: 32 KiB
 * window, fastest compression.
 */
const StreamHeader = Uint8Array.of(0x78, 0x20, 0xe3, 0xc6, 0xa7, 0xc2);

/** An empty block that is not compressed (RFC 1951 §3.2.4), at which every reader gives out what it has: zlib's "sync flush". */
const Flush = Uint8Array.of(0x00, 0x00, 0x00, 0xff, 0xff);

/** A block that is not compressed has 16 bits for its length. */
const MaxBytes = 0xffff;

/**
 * Headers as SYN_STREAM frames have them: one zlib stream for all frames of a connection. It is one without compression, since that
 * of some sixty bytes of headers for each stream is not worth a library.
 */
export class HeaderBlocks {
  #isFirst = true;

  /** Blocks must be sent in the order in which they were made. Names are in lower case. */
  encode(headers: Readonly<Record<string, string>>): Uint8Array {
    const fields = Object.entries(headers);
    const parts = [word(fields.length)];
    for (const text of fields.flat()) {
      const bytes = new TextEncoder().encode(text);
      parts.push(word(bytes.length), bytes);
    }
    const block = concat(parts);
    if (block.length > MaxBytes)
      throw new RangeError(`headers: expected at most ${MaxBytes} bytes, got ${block.length}`);
    const head = new Uint8Array(5);
    const lengths = new DataView(head.buffer);
    lengths.setUint16(1, block.length, true);
    lengths.setUint16(3, ~block.length & MaxBytes, true);
    const start = this.#isFirst ? [StreamHeader] : [];
    this.#isFirst = false;
    return concat([...start, head, block, Flush]);
  }
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
