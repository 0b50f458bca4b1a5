import type { GroupVersionKind } from '@client-ts/apimachinery';
import { UnknownFieldsError } from '@client-ts/apimachinery/errors';
import { encodeBase64 } from './base64.js';
import { Absent, type Field, Form, Kind, Label, type MessageType, Wire } from './message-type.js';
import { ProtobufError } from './protobuf-error.js';
import type { TextReader } from './text-reader.js';
import { formatMicroTime, formatTime } from './times.js';

/** As deep as messages may be within each other; schemas are the only ones that go deeper than a dozen. */
const MaxDepth = 256;

/** How many times are kept: those of one object are often the same. */
const TimeSlots = 256;

/** So many values of lists are still held when they are not needed. */
const MaxHeld = 256;

type Properties = Record<string, unknown>;

/** What is read, for messages. */
export interface Reading {
  readonly what: string;
  readonly type: GroupVersionKind;
}

/**
 * Reads messages as JSON would show them. One after the other: it keeps its place in between.
 *
 * Takes time and memory in proportion to the bytes, whatever they are, and throws a `ProtobufError` that names the field for what
 * is no such message.
 */
export class MessageReader {
  readonly #dropUnknown: boolean;
  readonly #text: TextReader;
  readonly #times: { readonly seconds: number; readonly text: string }[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #reading: Reading | undefined;
  readonly #path: string[] = [];
  #depth = 0;
  /** Values of lists that are being read. */
  #values: unknown[] = [];
  #top = 0;

  constructor(text: TextReader, dropUnknown: boolean) {
    this.#text = text;
    this.#dropUnknown = dropUnknown;
  }

  /** A message. @throws UnknownFieldsError, unless they are dropped. */
  read(type: MessageType, bytes: Uint8Array, start: number, end: number, reading: Reading): Properties {
    return this.readInto(new type.Shape(), type, bytes, start, end, reading);
  }

  readInto(
    object: Properties,
    type: MessageType,
    bytes: Uint8Array,
    start: number,
    end: number,
    reading: Reading,
  ): Properties {
    this.#begin(bytes, start, reading);
    this.#fields(object, type, end);
    return object;
  }

  /** Looks through a message for what `read` would refuse: fields that are unknown or cut off. Values are not looked at. */
  check(type: MessageType, bytes: Uint8Array, start: number, end: number, reading: Reading): void {
    this.#begin(bytes, start, reading);
    this.#check(type, start, end);
  }

  #begin(bytes: Uint8Array, start: number, reading: Reading): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#reading = reading;
    this.#depth = 0;
    this.#top = 0;
    // What was in large lists is not held any longer.
    if (this.#values.length > MaxHeld) this.#values = [];
  }

  #fields(object: Properties, type: MessageType, end: number): void {
    const { fields } = type;
    let highest = 0;
    let seen = 0;
    while (this.#at < end) {
      const tag = this.#varint();
      const field = fields[tag >>> 3];
      if (field === undefined) {
        this.#unknown(tag, end);
        continue;
      }
      seen |= field.bit;
      if (field.label !== Label.One) {
        // Writers keep to the order of numbers; what they write later anyway belongs to what came before.
        const known = tag <= highest && Object.hasOwn(object, field.name) ? object[field.name] : undefined;
        object[field.name] =
          field.label === Label.List
            ? this.#list(field, tag, known as unknown[] | undefined, end)
            : this.#map(field, tag, (known ?? new field.MapShape()) as Properties, end);
      } else if (field.kind === Kind.Skip) {
        this.#skip(tag, end);
      } else if (tag !== field.tag) {
        throw this.#wrongWire(field);
      } else if (field.kind === Kind.Inline) {
        const stop = this.#enter(field, end);
        this.#fields(object, field.message!, stop);
        this.#depth--;
      } else {
        const value = this.#value(field, end);
        // Of what may be left out, nothing but times is ever null.
        if (field.absent !== Absent.Omitted || (value !== '' && value !== 0 && value !== false && value !== null)) {
          object[field.name] = value;
        }
      }
      if (tag > highest) highest = tag;
    }
    if (this.#at !== end) throw this.#cutOff();
    if (seen !== type.nullable) addNulls(object, type);
  }

  #value(field: Field, end: number): unknown {
    switch (field.kind) {
      case Kind.String:
        return this.#string(this.#length(end));
      case Kind.Int32:
        return this.#integer() | 0;
      case Kind.Int64:
        return this.#safeInteger(field);
      case Kind.Bool:
        return this.#integer() !== 0;
      case Kind.Message:
        return this.#message(field, end);
      case Kind.Time:
      case Kind.MicroTime:
        return this.#time(field, end);
      case Kind.Quantity:
        return this.#quantity(field, end);
      case Kind.IntOrString:
        return this.#intOrString(field, end);
      case Kind.Double:
        return this.#double(end);
      case Kind.Bytes:
        return this.#base64(this.#length(end));
      case Kind.Json:
        return this.#json(field, end);
      default:
        return undefined;
    }
  }

  #message(field: Field, end: number): unknown {
    const type = field.message!;
    const stop = this.#enter(field, end);
    const object = new type.Shape();
    if (type.typeMeta) Object.assign(object, type.typeMeta);
    this.#fields(object, type, stop);
    this.#depth--;
    return type.form === Form.Object ? object : inForm(type, object);
  }

  /** The values of a list, as many as come in a row: in an array that is as long as it has to be. */
  #list(field: Field, tag: number, known: unknown[] | undefined, end: number): unknown[] {
    const base = this.#top;
    if (tag !== field.tag) {
      this.#packed(field, tag, end);
    } else {
      const first = this.#value(field, end);
      let follows = this.#follows(tag, end);
      if (!follows && known === undefined) return [first];
      this.#values[this.#top++] = first;
      while (follows) {
        const value = this.#value(field, end);
        this.#values[this.#top++] = value;
        follows = this.#follows(tag, end);
      }
    }
    const top = this.#top;
    this.#top = base;
    if (known === undefined) return this.#values.slice(base, top);
    for (let at = base; at < top; at++) known.push(this.#values[at]);
    return known;
  }

  /** Numbers without tags in between, as newer encoders write them. */
  #packed(field: Field, tag: number, end: number): void {
    if (field.wire === Wire.Bytes || (tag & 7) !== Wire.Bytes) throw this.#wrongWire(field);
    const stop = this.#length(end);
    while (this.#at < stop) this.#values[this.#top++] = this.#value(field, stop);
    if (this.#at !== stop) throw this.#cutOff();
  }

  #map(field: Field, tag: number, map: Properties, end: number): Properties {
    if (tag !== field.tag) throw this.#wrongWire(field);
    do {
      const stop = this.#length(end);
      let key = '';
      let value: unknown;
      while (this.#at < stop) {
        const part = this.#varint();
        if (part === 10) key = this.#string(this.#length(stop));
        else if (part === 16 + field.wire) value = this.#value(field, stop);
        else throw this.#wrongWire(field);
      }
      if (this.#at !== stop) throw this.#cutOff();
      if (value === undefined) value = this.#zero(field);
      if (key === '__proto__') defineProperty(map, key, value);
      else map[key] = value;
    } while (this.#follows(tag, end));
    return map;
  }

  /** Whether the next field has the same tag, which is then read. */
  #follows(tag: number, end: number): boolean {
    const at = this.#at;
    if (at >= end) return false;
    if (this.#varint() === tag) return true;
    this.#at = at;
    return false;
  }

  #time(field: Field, end: number): string | null {
    const stop = this.#length(end);
    if (this.#at === stop) return null;
    let seconds = 0;
    let nanoseconds = 0;
    while (this.#at < stop) {
      const tag = this.#varint();
      if (tag === 8) seconds = this.#safeInteger(field);
      else if (tag === 16) nanoseconds = this.#integer();
      else throw this.#wrongWire(field);
    }
    if (this.#at !== stop) throw this.#cutOff();
    if (field.kind === Kind.MicroTime) {
      if (nanoseconds < 0 || nanoseconds >= 1e9) throw this.#error(field, 'a time has nanoseconds beyond a second');
      return formatMicroTime(seconds, nanoseconds) ?? this.#noTime(field);
    }
    const slot = seconds & (TimeSlots - 1);
    const known = this.#times[slot];
    if (known?.seconds === seconds) return known.text;
    const text = formatTime(seconds) ?? this.#noTime(field);
    this.#times[slot] = { seconds, text };
    return text;
  }

  #noTime(field: Field): never {
    throw this.#error(field, 'a time is outside of the years that can be written');
  }

  #quantity(field: Field, end: number): string {
    const stop = this.#length(end);
    let text = '0';
    while (this.#at < stop) {
      if (this.#varint() !== 10) throw this.#wrongWire(field);
      text = this.#string(this.#length(stop));
    }
    if (this.#at !== stop) throw this.#cutOff();
    return text;
  }

  #intOrString(field: Field, end: number): number | string {
    const stop = this.#length(end);
    let isString = false;
    let number = 0;
    let text = '';
    while (this.#at < stop) {
      const tag = this.#varint();
      if (tag === 8) isString = this.#integer() === 1;
      else if (tag === 16) number = this.#integer() | 0;
      else if (tag === 26) text = this.#string(this.#length(stop));
      else throw this.#wrongWire(field);
    }
    if (this.#at !== stop) throw this.#cutOff();
    return isString ? text : number;
  }

  #json(field: Field, end: number): unknown {
    const stop = this.#length(end);
    let value: unknown = null;
    while (this.#at < stop) {
      if (this.#varint() !== 10) throw this.#wrongWire(field);
      const textEnd = this.#length(stop);
      const text = this.#string(textEnd);
      try {
        value = text === '' ? null : JSON.parse(text);
      } catch (cause) {
        throw this.#error(field, 'expected JSON', cause);
      }
    }
    if (this.#at !== stop) throw this.#cutOff();
    return value;
  }

  #string(end: number): string {
    const text = this.#text.read(this.#bytes, this.#at, end);
    this.#at = end;
    return text;
  }

  #base64(end: number): string {
    const text = encodeBase64(this.#bytes.subarray(this.#at, end));
    this.#at = end;
    return text;
  }

  #double(end: number): number {
    const at = this.#at;
    this.#at += 8;
    if (this.#at > end) throw this.#cutOff();
    const { buffer, byteOffset } = this.#bytes;
    return new DataView(buffer, byteOffset + at, 8).getFloat64(0, true);
  }

  /** The end of what begins with its length here. */
  #length(end: number): number {
    const length = this.#varint();
    const stop = this.#at + length;
    if (stop > end) throw this.#cutOff();
    return stop;
  }

  #enter(field: Field, end: number): number {
    const stop = this.#length(end);
    this.#descend(field);
    return stop;
  }

  #descend(field: Field): void {
    this.#path[this.#depth++] = field.name;
    if (this.#depth > MaxDepth) throw this.#error(undefined, `more than ${MaxDepth} messages are within each other`);
  }

  /** A tag or a length. */
  #varint(): number {
    const byte = this.#bytes[this.#at++]!;
    return byte < 128 ? byte : this.#longVarint(byte);
  }

  #longVarint(first: number): number {
    let value = first & 127;
    for (let factor = 128; factor <= 2 ** 28; factor *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw this.#cutOff();
      value += (byte & 127) * factor;
      if (byte < 128) return value <= 0xffffffff ? value : this.#tooLong();
    }
    if (this.#at > this.#bytes.length) throw this.#cutOff();
    return this.#tooLong();
  }

  #tooLong(): never {
    throw this.#error(undefined, 'a length or the number of a field is too large');
  }

  /** Exact as far as a number can be, and beyond that of the right size. */
  #integer(): number {
    const first = this.#bytes[this.#at++]!;
    if (first < 128) return first;
    let low = first & 127;
    let high = 0;
    for (let shift = 7; shift < 70; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw this.#cutOff();
      if (shift < 28) low |= (byte & 127) << shift;
      else if (shift === 28) {
        low |= (byte & 15) << 28;
        high = (byte & 127) >> 4;
      } else if (shift < 63) high |= (byte & 127) << (shift - 32);
      // The last byte has one bit left.
      else high |= (byte & 1) << 31;
      if (byte < 128) return high * 2 ** 32 + (low >>> 0);
    }
    throw this.#error(undefined, 'an integer has more than ten bytes');
  }

  #safeInteger(field: Field): number {
    const integer = this.#integer();
    if (!Number.isSafeInteger(integer)) throw this.#error(field, 'the integer is beyond 2^53, and would not be exact');
    return integer;
  }

  /** Has its place in a variable, and reads short tags and lengths by itself: this is for every byte of large lists. */
  #check(type: MessageType, start: number, end: number): void {
    const bytes = this.#bytes;
    const { fields } = type;
    let at = start;
    while (at < end) {
      let tag = bytes[at++]!;
      if (tag >= 128) {
        this.#at = at;
        tag = this.#longVarint(tag);
        at = this.#at;
      }
      const field = fields[tag >>> 3];
      if (field === undefined || (tag & 7) !== Wire.Bytes) {
        this.#at = at;
        if (field === undefined) this.#unknown(tag, end);
        else if (field.nested) throw this.#wrongWire(field);
        else this.#skip(tag, end);
        at = this.#at;
        continue;
      }
      let length = bytes[at++]!;
      if (length >= 128) {
        this.#at = at;
        length = this.#longVarint(length);
        at = this.#at;
      }
      const next = at + length;
      if (!(next <= end)) throw this.#cutOff();
      if (field.nested !== undefined) {
        this.#descend(field);
        if (field.label === Label.Map) this.#checkEntry(field.nested, at, next);
        else this.#check(field.nested, at, next);
        this.#depth--;
      }
      at = next;
    }
    if (at !== end) throw this.#cutOff();
  }

  #checkEntry(type: MessageType, start: number, end: number): void {
    this.#at = start;
    while (this.#at < end) {
      const part = this.#varint();
      if (part !== 18) {
        this.#skip(part, end);
        continue;
      }
      const stop = this.#length(end);
      this.#check(type, this.#at, stop);
      this.#at = stop;
    }
    if (this.#at !== end) throw this.#cutOff();
  }

  #unknown(tag: number, end: number): void {
    const number = tag >>> 3;
    if (!(number > 0)) throw this.#cutOff();
    this.#skip(tag, end);
    if (this.#dropUnknown) return;
    const { what, type } = this.#reading!;
    throw new UnknownFieldsError(what, type, [...this.#path.slice(0, this.#depth), number].join('.'));
  }

  #skip(tag: number, end: number): void {
    switch (tag & 7) {
      case Wire.Varint:
        this.#integer();
        break;
      case Wire.Fixed64:
        this.#at += 8;
        break;
      case Wire.Bytes:
        this.#at = this.#length(end);
        return;
      case Wire.Fixed32:
        this.#at += 4;
        break;
      default:
        throw this.#error(undefined, `field ${tag >>> 3} has a wire type that is not in use`);
    }
    if (this.#at > end) throw this.#cutOff();
  }

  #emptyMessage(type: MessageType): unknown {
    const object = new type.Shape();
    addNulls(object, type);
    return type.form === Form.Object ? object : inForm(type, object);
  }

  /** The value of an entry of a map that has none. */
  #zero(field: Field): unknown {
    switch (field.kind) {
      case Kind.String:
      case Kind.Bytes:
        return '';
      case Kind.Int32:
      case Kind.Int64:
      case Kind.Double:
      case Kind.IntOrString:
        return 0;
      case Kind.Bool:
        return false;
      case Kind.Quantity:
        return '0';
      case Kind.Message:
        return this.#emptyMessage(field.message!);
      default:
        return null;
    }
  }

  #wrongWire(field: Field): ProtobufError {
    return this.#error(field, 'the bytes are those of a value of another type');
  }

  #cutOff(): ProtobufError {
    return this.#error(undefined, 'the message is cut off, or a length in it is wrong');
  }

  #error(field: Field | undefined, text: string, cause?: unknown): ProtobufError {
    const path = [...this.#path.slice(0, this.#depth), ...(field ? [field.name] : [])].join('.');
    const place = path === '' ? '' : `${path}: `;
    return new ProtobufError(`${this.#reading!.what}: ${place}${text}`, { cause });
  }
}

/** Adds what JSON shows though it is not among the bytes. */
function addNulls(object: Properties, type: MessageType): void {
  for (const field of type.fields) {
    if (field?.absent === Absent.Null && !Object.hasOwn(object, field.name)) object[field.name] = null;
  }
}

/** A message that is no object in JSON. */
function inForm(type: MessageType, object: Properties): unknown {
  const values = type.fields.flatMap((field) => (field ? [object[field.name]] : []));
  // A list with a name of its own that is there, and empty, is not null.
  if (type.form === Form.Whole) return values[0] ?? [];
  return values.findLast((value) => value !== null && value !== undefined) ?? null;
}

function defineProperty(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
}
