import { encodeBase64 } from '../base64.js';
import type { TextReader } from '../text-reader.js';
import { CborError } from './cbor-error.js';
import {
  argument,
  argumentBytes,
  Base64Later,
  False,
  Major,
  noArgument,
  Null,
  SelfDescribed,
  True,
} from './initial-byte.js';

/** Deeper than any object: servers themselves stop much earlier. */
const MaxDepth = 1000;

/** Keys that lead to a member, from the outermost map. */
export type Path = readonly string[];

/** No member is left out. */
const Everything: Path = [];

/**
 * Reads items from bytes, one after the other, as the values that JSON of the same objects would have. Go has strings of
 * bytes only, so that servers write texts and keys as byte strings; bytes that are base64 in JSON are tagged. Integers of 64 bits
 * that a number cannot hold are a `bigint`.
 *
 * Whatever the bytes are, it ends with a value or a {@link CborError}, in linear time, and never takes more memory than a
 * multiple of their length. Refused is what servers do not write: lengths that are not known ahead, keys that are not texts or
 * are there twice, numbers that JSON does not have, unknown tags.
 */
export class CborReader {
  readonly #texts: TextReader;
  readonly #what: string;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;

  /** @param what - is read, for messages. */
  constructor(texts: TextReader, what: string) {
    this.#texts = texts;
    this.#what = what;
  }

  /** Begins anew, with these bytes. */
  open(bytes: Uint8Array, start: number, end: number): this {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    return this;
  }

  /** Where the next item begins. */
  get position(): number {
    return this.#at;
  }

  /** Goes back to where an item began. */
  seek(position: number): void {
    this.#at = position;
  }

  error(problem: string): CborError {
    return new CborError(this.#what, problem);
  }

  /** The next item. @param without - leads to a member that is left out. */
  value(without: Path = Everything): unknown {
    return this.#value(0, without, 0);
  }

  /** @throws CborError unless all has been read. */
  close(): void {
    if (this.#at !== this.#end) throw this.error('something follows it');
  }

  /** The beginning of a map. @returns how many members it has: as many keys and values follow. */
  map(): number {
    let first = this.#first();
    while (first >> 5 === Major.tag && this.#argument(first) === SelfDescribed) first = this.#first();
    if (first >> 5 !== Major.map) throw this.error('expected an object');
    return this.#length(first, 2);
  }

  key(): string {
    const first = this.#first();
    const major = first >> 5;
    if (major !== Major.bytes && major !== Major.text) throw this.error('a key is not text');
    return this.#text(first);
  }

  /** Passes over the next item. */
  skip(): void {
    for (let open = 1; open > 0; open--) {
      const first = this.#first();
      switch (first >> 5) {
        case Major.bytes:
        case Major.text:
          this.#pass(first);
          break;
        case Major.array:
          open += this.#length(first, 1);
          break;
        case Major.map:
          open += 2 * this.#length(first, 2);
          break;
        case Major.tag:
          open++;
          this.#argument(first);
          break;
        default:
          this.#argument(first);
      }
    }
  }

  #value(depth: number, without: Path, index: number): unknown {
    const first = this.#first();
    switch (first >> 5) {
      case Major.unsigned:
      case Major.negative:
        return this.#integer(first);
      case Major.bytes:
      case Major.text:
        return this.#text(first);
      case Major.array:
        return this.#array(first, depth);
      case Major.map:
        return this.#map(first, depth, without, index);
      case Major.tag:
        return this.#tagged(first, depth, without, index);
      default:
        return this.#simple(first);
    }
  }

  #integer(first: number): number | bigint {
    const isNegative = first >> 5 === Major.negative;
    const rounded = this.#argument(first);
    const value = isNegative ? -1 - rounded : rounded;
    if (Number.isSafeInteger(value)) return value;
    // Only an argument of eight bytes is that large.
    const exact = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at - 8, 8).getBigUint64(0);
    const integer = isNegative ? -1n - exact : exact;
    return BigInt.asIntN(64, integer) === integer ? integer : value;
  }

  #array(first: number, depth: number): unknown[] {
    if (depth === MaxDepth) throw this.error('it is nested too deeply');
    const length = this.#length(first, 1);
    // An array that grew has room for many more, and most never have more than one.
    if (length === 1) return [this.#value(depth + 1, Everything, 0)];
    const values: unknown[] = [];
    for (let left = length; left > 0; left--) values.push(this.#value(depth + 1, Everything, 0));
    return values.slice();
  }

  #map(first: number, depth: number, without: Path, index: number): Record<string, unknown> {
    if (depth === MaxDepth) throw this.error('it is nested too deeply');
    const object: Record<string, unknown> = {};
    for (let left = this.#length(first, 2); left > 0; left--) {
      const key = this.key();
      const isOnPath = key === without[index];
      if (isOnPath && index === without.length - 1) {
        this.skip();
        continue;
      }
      // No value is undefined: what is there either belongs to every object, or was there before.
      if (object[key] !== undefined) this.#refuseSecond(object, key);
      const value = isOnPath ? this.#value(depth + 1, without, index + 1) : this.#value(depth + 1, Everything, 0);
      if (key === '__proto__') define(object, key, value);
      else object[key] = value;
    }
    return object;
  }

  #refuseSecond(object: object, key: string): void {
    if (Object.hasOwn(object, key)) throw this.error('a key is there twice');
  }

  #tagged(first: number, depth: number, without: Path, index: number): unknown {
    if (depth === MaxDepth) throw this.error('it is nested too deeply');
    const tag = this.#argument(first);
    if (tag === SelfDescribed) return this.#value(depth + 1, without, index);
    if (tag !== Base64Later) throw this.error(`the tag ${tag} is unknown`);
    const next = this.#first();
    if (next >> 5 !== Major.bytes) throw this.error('what is tagged as base64 is no byte string');
    const start = this.#pass(next);
    return encodeBase64(this.#bytes.subarray(start, this.#at));
  }

  #simple(first: number): unknown {
    if (first === Null) return null;
    if (first === True) return true;
    if (first === False) return false;
    const count = argumentBytes(first);
    if (count < 0) throw this.error(noArgument(first));
    if (count < 2) throw this.error('a simple value that JSON does not have');
    const at = this.#at;
    this.#argument(first);
    const value = float(this.#bytes, at, count);
    if (!Number.isFinite(value)) throw this.error('a number that JSON does not have');
    return value;
  }

  #text(first: number): string {
    const start = this.#pass(first);
    return this.#texts.read(this.#bytes, start, this.#at);
  }

  /** Passes over the content of a string. @returns where it begins. */
  #pass(first: number): number {
    const length = this.#length(first, 1);
    const start = this.#at;
    this.#at = start + length;
    return start;
  }

  /** How many elements follow, each of at least so many bytes: never more than there are bytes. */
  #length(first: number, bytesEach: number): number {
    const information = first & 31;
    const length = information < 24 ? information : this.#argument(first);
    if (length * bytesEach > this.#end - this.#at) throw this.error('it ends too early');
    return length;
  }

  #argument(first: number): number {
    const information = first & 31;
    if (information < 24) return information;
    const count = argumentBytes(first);
    if (count < 0) throw this.error(noArgument(first));
    const at = this.#at;
    if (count > this.#end - at) throw this.error('it ends too early');
    this.#at = at + count;
    return argument(this.#bytes, at, count);
  }

  #first(): number {
    if (this.#at >= this.#end) throw this.error('it ends too early');
    return this.#bytes[this.#at++]!;
  }
}

/** A member of that name, whatever the name is. */
function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
}

/** IEEE 754, in 2, 4 or 8 bytes. */
function float(bytes: Uint8Array, at: number, count: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, count);
  if (count === 8) return view.getFloat64(0);
  return count === 4 ? view.getFloat32(0) : half(view.getUint16(0));
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
