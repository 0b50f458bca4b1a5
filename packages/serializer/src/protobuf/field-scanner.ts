import { ProtobufError } from './protobuf-error.js';

/** Goes through the fields of a message without reading their values. */
export class FieldScanner {
  readonly #what: string;
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  /** Where the field begins, with its tag. */
  at = 0;
  tag = 0;
  /** The value, without its length. */
  start = 0;
  end = 0;

  /** @param what - is read, for messages. */
  constructor(what: string) {
    this.#what = what;
  }

  open(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.end = start;
    this.#end = end;
  }

  /** Whether there is another field. @throws ProtobufError for one that is cut off. */
  next(): boolean {
    this.at = this.end;
    if (this.at >= this.#end) return false;
    this.start = this.at;
    this.tag = this.#varint();
    switch (this.tag & 7) {
      case 0:
        this.end = this.start;
        while (this.#bytes[this.end]! >= 128) this.end++;
        this.end++;
        break;
      case 1:
        this.end = this.start + 8;
        break;
      case 2: {
        const length = this.#varint();
        this.end = this.start + length;
        break;
      }
      case 5:
        this.end = this.start + 4;
        break;
      default:
        throw this.#cutOff();
    }
    if (this.end > this.#end || this.tag < 8) throw this.#cutOff();
    return true;
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const byte = this.#bytes[this.start++];
      if (byte === undefined) break;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    throw this.#cutOff();
  }

  #cutOff(): ProtobufError {
    return new ProtobufError(`${this.#what}: a message is cut off, or a length in it is wrong`);
  }
}
