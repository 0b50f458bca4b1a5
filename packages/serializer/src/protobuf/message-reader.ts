import { Absent, type Field, Form, Kind, Label, messageOf, type MessageType, Wire } from './message-type.js';
import { ValueReader } from './value-reader.js';
import type { Reading } from './wire-reader.js';

/** So many values of lists are still held when they are not needed. */
const MaxHeld = 256;

type Properties = Record<string, unknown>;

/** Reads messages as JSON would show them, one after the other. */
export class MessageReader extends ValueReader {
  /** Values of lists that are being read. */
  #values: unknown[] = [];
  #top = 0;

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
    this.begin(bytes, start, reading);
    this.#top = 0;
    // What was in large lists is not held any longer.
    if (this.#values.length > MaxHeld) this.#values = [];
    this.#fields(object, type, end);
    return object;
  }

  #fields(object: Properties, type: MessageType, end: number): void {
    const { fields } = type;
    let highest = 0;
    let seen = 0;
    while (this.at < end) {
      const tag = this.varint();
      const field = fields[tag >>> 3];
      if (field === undefined) {
        this.unknown(tag, end);
        continue;
      }
      seen |= field.bit;
      if (field.label !== Label.One) {
        // Writers keep to the order of numbers; what they write later anyway belongs to what came before.
        const known = tag <= highest && Object.hasOwn(object, field.name) ? object[field.name] : undefined;
        object[field.name] =
          field.label === Label.List
            ? this.#list(field, tag, known as unknown[] | undefined, end)
            : this.#map(field, tag, (known ?? new field.MapShape!()) as Properties, end);
      } else if (field.kind === Kind.Skip) {
        this.skip(tag, end);
      } else if (tag !== field.tag) {
        throw this.wrongWire(field);
      } else if (field.kind === Kind.Inline) {
        const stop = this.enter(field, end);
        this.#fields(object, messageOf(field), stop);
        this.leave();
      } else {
        const value = this.value(field, end);
        // Of what may be left out, nothing but times is ever null.
        if (field.absent !== Absent.Omitted || (value !== '' && value !== 0 && value !== false && value !== null)) {
          object[field.name] = value;
        }
      }
      if (tag > highest) highest = tag;
    }
    if (this.at !== end) throw this.cutOff();
    if (seen !== type.nullable) addNulls(object, type);
  }

  protected override message(field: Field, end: number): unknown {
    const type = messageOf(field);
    const stop = this.enter(field, end);
    const object = new type.Shape();
    if (type.typeMeta) Object.assign(object, type.typeMeta);
    this.#fields(object, type, stop);
    this.leave();
    return type.form === Form.Object ? object : inForm(type, object);
  }

  /** The values of a list, as many as come in a row: in an array that is as long as it has to be. */
  #list(field: Field, tag: number, known: unknown[] | undefined, end: number): unknown[] {
    const base = this.#top;
    if (tag !== field.tag) {
      this.#packed(field, tag, end);
    } else {
      const first = this.value(field, end);
      let follows = this.#follows(tag, end);
      if (!follows && known === undefined) return [first];
      this.#values[this.#top++] = first;
      while (follows) {
        const value = this.value(field, end);
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
    if (field.wire === Wire.Bytes || (tag & 7) !== Wire.Bytes) throw this.wrongWire(field);
    const stop = this.length(end);
    while (this.at < stop) this.#values[this.#top++] = this.value(field, stop);
    if (this.at !== stop) throw this.cutOff();
  }

  #map(field: Field, tag: number, map: Properties, end: number): Properties {
    if (tag !== field.tag) throw this.wrongWire(field);
    do {
      const stop = this.length(end);
      let key = '';
      let value: unknown;
      while (this.at < stop) {
        const part = this.varint();
        if (part === 10) key = this.string(this.length(stop));
        else if (part === 16 + field.wire) value = this.value(field, stop);
        else throw this.wrongWire(field);
      }
      if (this.at !== stop) throw this.cutOff();
      if (value === undefined) value = this.#zero(field);
      if (key === '__proto__') defineProperty(map, key, value);
      else map[key] = value;
    } while (this.#follows(tag, end));
    return map;
  }

  /** Whether the next field has the same tag, which is then read. */
  #follows(tag: number, end: number): boolean {
    const at = this.at;
    if (at >= end) return false;
    if (this.varint() === tag) return true;
    this.at = at;
    return false;
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
        return this.#emptyMessage(messageOf(field));
      default:
        return null;
    }
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
