import { False, head, Major, Null, SelfDescribed, True } from './initial-byte.js';

/** As deep as what is read. */
const MaxDepth = 1000;

const utf8 = /* @__PURE__ */ new TextEncoder();

/** An object that begins with this is CBOR to a server. */
const SelfDescribedBytes = /* @__PURE__ */ head(Major.tag, SelfDescribed);

/**
 * Writes what `JSON.stringify` would write: members that are undefined are left out, `toJSON` is called, and numbers that are
 * none are null. A `bigint` is an integer. Texts are byte strings, as in what servers write: only these may be base64 of bytes.
 *
 * @throws TypeError for what JSON does not have, and for objects that contain themselves.
 */
export function writeCbor(value: unknown): Uint8Array {
  const writer = new CborWriter();
  writer.write(value);
  return writer.bytes();
}

class CborWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  constructor() {
    this.#put(SelfDescribedBytes);
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  write(given: unknown, depth = 0): void {
    const value = plain(given);
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'number':
        return this.#number(value);
      case 'bigint':
        return this.#longInteger(value);
      case 'boolean':
        return this.#byte(value ? True : False);
      case 'object':
        if (value === null) return this.#byte(Null);
        if (depth === MaxDepth)
          throw new TypeError('cannot write an object that contains itself, or is nested too deeply');
        return Array.isArray(value) ? this.#array(value, depth) : this.#map(value, depth);
      default:
        throw new TypeError(`cannot write a value of type ${typeof value}`);
    }
  }

  #array(values: readonly unknown[], depth: number): void {
    this.#head(Major.array, values.length);
    for (const value of values) this.write(isLeftOut(value) ? null : value, depth + 1);
  }

  #map(object: object, depth: number): void {
    const keys = Object.keys(object).filter((key) => !isLeftOut((object as Record<string, unknown>)[key]));
    this.#head(Major.map, keys.length);
    for (const key of keys) {
      this.#text(key);
      this.write((object as Record<string, unknown>)[key], depth + 1);
    }
  }

  #text(text: string): void {
    if (text.length < 24 && this.#shortAscii(text)) return;
    const bytes = utf8.encode(text);
    this.#head(Major.bytes, bytes.length);
    this.#put(bytes);
  }

  /** Most texts are short, and the encoder has a price for each. @returns false for what is not ASCII. */
  #shortAscii(text: string): boolean {
    const { length } = text;
    this.#reserve(1 + length);
    const bytes = this.#bytes;
    const start = this.#length;
    bytes[start] = (Major.bytes << 5) | length;
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) return false;
      bytes[start + 1 + at] = unit;
    }
    this.#length = start + 1 + length;
    return true;
  }

  /** Servers refuse fractions where they have integers, and integers that take more than 64 bits anywhere. */
  #number(value: number): void {
    if (!Number.isFinite(value)) return this.#byte(Null);
    if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63) {
      if (Math.abs(value) > 0xffffffff) return this.#longInteger(value);
      return value < 0 ? this.#head(Major.negative, -1 - value) : this.#head(Major.unsigned, value);
    }
    this.#byte((Major.simple << 5) | 27);
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value);
    this.#length += 8;
  }

  #head(major: number, argument: number): void {
    if (argument < 24) this.#byte((major << 5) | argument);
    else this.#put(head(major, argument));
  }

  /** A negative number is less by one than its argument says. */
  #longInteger(value: number | bigint): void {
    const integer = BigInt(value);
    if (BigInt.asIntN(64, integer) !== integer) throw new TypeError('cannot write an integer of more than 64 bits');
    this.#reserve(9);
    this.#bytes[this.#length] = ((value < 0 ? Major.negative : Major.unsigned) << 5) | 27;
    new DataView(this.#bytes.buffer).setBigUint64(this.#length + 1, value < 0 ? -1n - integer : integer);
    this.#length += 9;
  }

  #put(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * (this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === 'function' ? (toJSON.call(value) as unknown) : value;
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === 'function' || typeof value === 'symbol';
}
