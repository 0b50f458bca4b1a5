import type { GroupVersionKind } from '@client-ts/apimachinery';
import { UnknownFieldsError } from '@client-ts/apimachinery/errors';
import { type Field, Wire } from './message-type.js';
import { ProtobufError } from './protobuf-error.js';

/** As deep as messages may be within each other; schemas are the only ones that go deeper than a dozen. */
const MaxDepth = 256;

/** What is read, for messages. */
export interface Reading {
  readonly what: string;
  readonly type: GroupVersionKind;
}

/**
 * What all that reads messages has in common: its place among the bytes, and the path of fields that leads to it.
 *
 * Takes time and memory in proportion to the bytes, whatever they are, and throws a `ProtobufError` that names the field for what
 * is no such message.
 */
export abstract class WireReader {
  protected bytes: Uint8Array = new Uint8Array(0);
  protected at = 0;
  readonly #dropsUnknown: boolean;
  readonly #path: string[] = [];
  #depth = 0;
  #reading: Reading | undefined;
  // The halves of the last integer that was read.
  #high = 0;
  #low = 0;

  constructor(dropsUnknown: boolean) {
    this.#dropsUnknown = dropsUnknown;
  }

  protected begin(bytes: Uint8Array, start: number, reading: Reading): void {
    this.bytes = bytes;
    this.at = start;
    this.#reading = reading;
    this.#depth = 0;
  }

  /** The end of the message that begins with its length here, and in which `leave` has to be called. */
  protected enter(field: Field, end: number): number {
    const stop = this.length(end);
    this.#path[this.#depth++] = field.name;
    if (this.#depth > MaxDepth) throw this.error(undefined, `more than ${MaxDepth} messages are within each other`);
    return stop;
  }

  protected leave(): void {
    this.#depth--;
  }

  /** The end of what begins with its length here. */
  protected length(end: number): number {
    const length = this.varint();
    const stop = this.at + length;
    if (stop > end) throw this.cutOff();
    return stop;
  }

  /** A tag or a length. */
  protected varint(): number {
    const byte = this.bytes[this.at++]!;
    return byte < 128 ? byte : this.#longVarint(byte);
  }

  /** One whose first byte says that there are more. */
  #longVarint(first: number): number {
    let value = first & 127;
    for (let factor = 128; factor <= 2 ** 28; factor *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw this.cutOff();
      value += (byte & 127) * factor;
      if (byte < 128) return value <= 0xffffffff ? value : this.#tooLong();
    }
    return this.#tooLong();
  }

  /** An integer, rounded if a number cannot hold it. */
  protected integer(): number {
    const first = this.bytes[this.at++]!;
    if (first < 128) return first;
    let low = first & 127;
    let high = 0;
    for (let shift = 7; shift < 70; shift += 7) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw this.cutOff();
      if (shift < 28) low |= (byte & 127) << shift;
      else if (shift === 28) {
        low |= (byte & 15) << 28;
        high = (byte & 127) >> 4;
      } else if (shift < 63) high |= (byte & 127) << (shift - 32);
      // The last byte has one bit left.
      else high |= (byte & 1) << 31;
      if (byte < 128) {
        this.#high = high;
        this.#low = low >>> 0;
        return high * 2 ** 32 + (low >>> 0);
      }
    }
    throw this.error(undefined, 'an integer has more than ten bytes');
  }

  /** An integer with all of its digits. */
  protected exactInteger(): number | bigint {
    const integer = this.integer();
    if (Number.isSafeInteger(integer)) return integer;
    return BigInt(this.#high) * BigInt(2 ** 32) + BigInt(this.#low);
  }

  /** A field that no message of this type has. @throws UnknownFieldsError, unless they are dropped. */
  protected unknown(tag: number, end: number): void {
    const number = tag >>> 3;
    if (!(number > 0)) throw this.cutOff();
    this.skip(tag, end);
    if (this.#dropsUnknown) return;
    const { what, type } = this.#reading!;
    throw new UnknownFieldsError(what, type, [...this.#path.slice(0, this.#depth), number].join('.'));
  }

  protected skip(tag: number, end: number): void {
    switch (tag & 7) {
      case Wire.Varint:
        this.integer();
        break;
      case Wire.Fixed64:
        this.at += 8;
        break;
      case Wire.Bytes:
        this.at = this.length(end);
        return;
      case Wire.Fixed32:
        this.at += 4;
        break;
      default:
        throw this.error(undefined, `field ${tag >>> 3} has a wire type that is not in use`);
    }
    if (this.at > end) throw this.cutOff();
  }

  protected wrongWire(field: Field): ProtobufError {
    return this.error(field, 'the bytes are those of a value of another type');
  }

  protected cutOff(): ProtobufError {
    return this.error(undefined, 'the message is cut off, or a length in it is wrong');
  }

  protected error(field: Field | undefined, text: string, cause?: unknown): ProtobufError {
    const path = [...this.#path.slice(0, this.#depth), ...(field ? [field.name] : [])].join('.');
    const place = path === '' ? '' : `${path}: `;
    return new ProtobufError(`${this.#reading!.what}: ${place}${text}`, { cause });
  }

  #tooLong(): never {
    throw this.error(undefined, 'a length or the number of a field is too large');
  }
}
