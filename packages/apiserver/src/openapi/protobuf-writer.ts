/** Wire types of protobuf, as far as they are written here. */
const Varint = 0;
const LengthDelimited = 2;

const encoder = new TextEncoder();

/** Writes one protobuf message: fields one after another. @see https://protobuf.dev/programming-guides/encoding/ */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** An empty text is not written: it is the default. */
  text(field: number, value: string): this {
    return value === '' ? this : this.#delimited(field, encoder.encode(value));
  }

  bool(field: number, value: boolean): this {
    this.#varint((field << 3) | Varint);
    this.#varint(value ? 1 : 0);
    return this;
  }

  /** A message inside this one; empty ones are written, since their being there means something. */
  message(field: number, write: (message: ProtobufWriter) => void): this {
    const message = new ProtobufWriter();
    write(message);
    return this.#delimited(field, message.bytes());
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return bytes;
  }

  #delimited(field: number, bytes: Uint8Array): this {
    this.#varint((field << 3) | LengthDelimited);
    this.#varint(bytes.length);
    this.#append(bytes);
    return this;
  }

  #varint(value: number): void {
    const bytes: number[] = [];
    let rest = value;
    while (rest > 0x7f) {
      bytes.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes.push(rest);
    this.#append(Uint8Array.from(bytes));
  }

  #append(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }
}
