import { StaticTable } from './hpack-table.js';
import { decodeHuffman } from './huffman.js';

type Field = readonly [name: string, value: string];

/** What a peer may keep in the table, unless it is told otherwise (RFC 9113 §6.5.2). */
const MaxTableSize = 4096;

/** What a field takes beside its text (RFC 7541 §4.1). */
const Overhead = 32;

/** Far more than any text needs, and still exact in a double and in the operators below. */
const MaxInteger = 2 ** 28;

/** The peer has not kept to RFC 7541: nothing that it says from here on can be understood. */
export class HpackError extends Error {
  override readonly name = 'HpackError';
}

function sizeOf([name, value]: Field): number {
  return name.length + value.length + Overhead;
}

/** Decodes the header blocks of one connection, each of which may refer to those before it (RFC 7541). */
export class HpackDecoder {
  /** The newest last. */
  readonly #dynamic: Field[] = [];
  #size = 0;
  #maxSize = MaxTableSize;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  /**
   * Calls back for each field, a character for each byte. Has to be given every block, also those that nobody wants.
   *
   * @throws HpackError
   */
  decode(block: Buffer, onField: (name: string, value: string) => void): void {
    this.#block = block;
    this.#at = 0;
    let isFirst = true;
    while (this.#at < block.length) {
      const first = block[this.#at] ?? 0;
      if ((first & 0xe0) === 0x20) {
        if (!isFirst) throw new HpackError('the size of the table is changed within headers');
        this.#resize(this.#integer(5));
        continue;
      }
      isFirst = false;
      const [name, value] = first & 0x80 ? this.#entry(this.#integer(7)) : this.#literal(first);
      onField(name, value);
    }
  }

  #literal(first: number): Field {
    const isKept = (first & 0x40) !== 0;
    const index = this.#integer(isKept ? 6 : 4);
    const name = index === 0 ? this.#text() : this.#entry(index)[0];
    const field: Field = [name, this.#text()];
    if (isKept) this.#keep(field);
    return field;
  }

  #entry(index: number): Field {
    const { length } = StaticTable;
    const field = index <= length ? StaticTable[index - 1] : this.#dynamic[this.#dynamic.length + length - index];
    if (!field) throw new HpackError(`there is no header ${index} in the table`);
    return field;
  }

  #keep(field: Field): void {
    this.#dynamic.push(field);
    this.#size += sizeOf(field);
    this.#evict();
  }

  #resize(size: number): void {
    if (size > MaxTableSize) throw new HpackError(`a table of ${size} bytes is larger than was agreed`);
    this.#maxSize = size;
    this.#evict();
  }

  /** One that is larger than the table leaves it empty. */
  #evict(): void {
    while (this.#size > this.#maxSize) {
      const oldest = this.#dynamic.shift();
      if (oldest) this.#size -= sizeOf(oldest);
    }
  }

  /** With a prefix of so many bits (RFC 7541 §5.1). */
  #integer(bits: number): number {
    const max = 2 ** bits - 1;
    let value = this.#byte() & max;
    if (value < max) return value;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (value > MaxInteger || shift > 28) throw new HpackError('a number is too large');
      if (byte < 0x80) return value;
    }
  }

  #text(): string {
    const isCoded = ((this.#block[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#at;
    const end = start + length;
    if (end > this.#block.length) throw new HpackError('the headers end early');
    this.#at = end;
    const text = isCoded ? decodeHuffman(this.#block, start, end) : this.#block.toString('latin1', start, end);
    if (text === undefined) throw new HpackError('a text is not coded as it should be');
    return text;
  }

  #byte(): number {
    const byte = this.#block[this.#at++];
    if (byte === undefined) throw new HpackError('the headers end early');
    return byte;
  }
}
