import { type GroupVersionKind, stringifyJson } from '@client-ts/apimachinery';
import { UnknownFieldsError } from '@client-ts/apimachinery/errors';
import { decodeBase64 } from '../base64.js';
import type { ByteWriter } from './byte-writer.js';
import { Absent, type Field, Form, Kind, Label, messageOf, type MessageType } from './message-type.js';
import { ProtobufError } from './protobuf-error.js';
import { parseTime, ZeroSeconds } from './times.js';

/** As deep as messages may be within each other; an object that contains itself is deeper. */
const MaxDepth = 256;

type Properties = Readonly<Record<string, unknown>>;

/**
 * Writes JSON as a message, with the fields that a server would write.
 *
 * Throws an `UnknownFieldsError` for a property that the tables do not have, and a `ProtobufError` that names the field for a value
 * of another type.
 */
export class MessageWriter {
  readonly #type: GroupVersionKind;
  readonly #out: ByteWriter;
  readonly #path: string[] = [];

  /** @param type - of the object that is written. */
  constructor(out: ByteWriter, type: GroupVersionKind) {
    this.#out = out;
    this.#type = type;
  }

  /** A whole object, without its length. */
  object(type: MessageType, object: Properties): void {
    this.#checkNames(type, object);
    this.#fields(type, object);
  }

  #checkNames(type: MessageType, object: Properties): void {
    for (const name of Object.keys(object)) {
      if (type.names.has(name) || object[name] === undefined) continue;
      throw new UnknownFieldsError(`write a ${this.#type.kind}`, this.#type, [...this.#path, name].join('.'));
    }
  }

  #fields(type: MessageType, object: Properties): void {
    for (const field of type.fields) {
      if (field === undefined) continue;
      if (field.kind === Kind.Inline) {
        this.#out.varint(field.tag);
        const start = this.#out.begin();
        this.#fields(messageOf(field), object);
        this.#out.finish(start);
        continue;
      }
      const value = object[field.name] ?? (field.absent === Absent.Empty ? zeroOf(field.kind) : undefined);
      if (value === undefined) continue;
      this.#path.push(field.name);
      this.#field(field, value);
      this.#path.pop();
    }
  }

  #field(field: Field, value: unknown): void {
    if (field.label === Label.One) {
      if (field.absent === Absent.Omitted && (value === '' || value === 0 || value === false)) return;
      this.#out.varint(field.tag);
      this.#value(field, value);
    } else if (field.label === Label.List) {
      if (!Array.isArray(value)) throw this.#expected('a list', value);
      for (const element of value as unknown[]) {
        this.#out.varint(field.tag);
        this.#value(field, element ?? zeroOf(field.kind));
      }
    } else {
      for (const [key, element] of Object.entries(this.#object(value))) {
        this.#path.push(key);
        this.#entry(field, key, element);
        this.#path.pop();
      }
    }
  }

  #entry(field: Field, key: string, value: unknown): void {
    this.#out.varint(field.tag);
    const start = this.#out.begin();
    this.#out.varint(10);
    this.#out.text(key);
    this.#out.varint(16 + field.wire);
    this.#value(field, value ?? zeroOf(field.kind));
    this.#out.finish(start);
  }

  #value(field: Field, value: unknown): void {
    switch (field.kind) {
      case Kind.String:
        this.#out.text(this.#string(value));
        break;
      case Kind.Int32:
        this.#out.varint(this.#int32(value));
        break;
      case Kind.Int64:
        this.#out.varint(this.#int64(value));
        break;
      case Kind.Bool:
        if (typeof value !== 'boolean') throw this.#expected('a boolean', value);
        this.#out.varint(value ? 1 : 0);
        break;
      case Kind.Double:
        if (!Number.isFinite(value)) throw this.#expected('a number', value);
        this.#out.double(value as number);
        break;
      case Kind.Bytes: {
        const bytes = decodeBase64(this.#string(value));
        if (!bytes) throw this.#expected('base64', value);
        this.#out.sized(bytes);
        break;
      }
      default: {
        const start = this.#out.begin();
        this.#nested(field, value);
        this.#out.finish(start);
      }
    }
  }

  /** A value that is a message, without its length. */
  #nested(field: Field, value: unknown): void {
    switch (field.kind) {
      case Kind.Message:
        this.#message(messageOf(field), value);
        break;
      case Kind.Quantity:
        this.#tagged(10, typeof value === 'number' ? String(value) : this.#string(value));
        break;
      case Kind.Time:
      case Kind.MicroTime:
        this.#time(value, field.kind === Kind.MicroTime);
        break;
      case Kind.IntOrString:
        this.#out.varint(8);
        this.#out.varint(typeof value === 'string' ? 1 : 0);
        if (typeof value === 'string') {
          this.#tagged(26, value);
        } else {
          this.#out.varint(16);
          this.#out.varint(this.#int32(value));
        }
        break;
      default:
        if (value !== null) this.#tagged(10, this.#json(value));
    }
  }

  #message(type: MessageType, value: unknown): void {
    if (this.#path.length > MaxDepth) throw this.#error(`more than ${MaxDepth} objects are within each other`);
    if (type.form === Form.Object) {
      const object = this.#object(value);
      this.#checkNames(type, object);
      this.#fields(type, object);
    } else if (type.form === Form.Whole) {
      for (const field of type.fields) if (field) this.#field(field, value);
    } else {
      this.#choice(type, value);
    }
  }

  #choice(type: MessageType, value: unknown): void {
    if (typeof value !== 'boolean' && typeof value !== 'object') throw this.#expected(type.name, value);
    const isList = Array.isArray(value);
    for (const field of type.fields) {
      if (!field) continue;
      // A schema allows something, too.
      if (field.kind === Kind.Bool) this.#field(field, value !== false);
      else if (typeof value === 'object' && isList === (field.label === Label.List)) this.#field(field, value);
    }
  }

  #time(value: unknown, withMicros: boolean): void {
    if (value === null) return;
    const time = parseTime(this.#string(value));
    if (!time) throw this.#expected('an RFC 3339 time', value);
    const { seconds, nanoseconds } = time;
    // For Go this is no time, which has no bytes.
    if (seconds === ZeroSeconds && nanoseconds === 0) return;
    this.#out.varint(8);
    this.#out.varint(seconds);
    this.#out.varint(16);
    this.#out.varint(withMicros ? nanoseconds - (nanoseconds % 1000) : 0);
  }

  #tagged(tag: number, text: string): void {
    this.#out.varint(tag);
    this.#out.text(text);
  }

  #json(value: unknown): string {
    // Whatever it is, and undefined for what JSON does not have.
    const text = stringifyJson(value as object) as string | undefined;
    if (text === undefined) throw this.#expected('JSON', value);
    return text;
  }

  #string(value: unknown): string {
    if (typeof value !== 'string') throw this.#expected('a string', value);
    return value;
  }

  #int32(value: unknown): number {
    if (typeof value === 'number' && (value | 0) === value) return value;
    throw this.#expected('an integer of 32 bits', value);
  }

  #int64(value: unknown): number | bigint {
    if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value;
    if (Number.isSafeInteger(value)) return value as number;
    throw this.#expected('an integer of 64 bits, as a bigint where a number is not exact', value);
  }

  #object(value: unknown): Properties {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#expected('an object', value);
    return value as Properties;
  }

  #expected(what: string, value: unknown): ProtobufError {
    const got = Array.isArray(value) ? 'a list' : value === null ? 'null' : typeof value;
    return this.#error(`expected ${what}, got ${got === 'number' || got === 'bigint' ? String(value) : got}`);
  }

  #error(text: string): ProtobufError {
    return new ProtobufError(`write a ${this.#type.kind}: ${this.#path.join('.')}: ${text}`);
  }
}

/** What Go takes for the value where there is none: in a list, in a map, and where something has to be. */
function zeroOf(kind: Kind): unknown {
  switch (kind) {
    case Kind.String:
    case Kind.Bytes:
      return '';
    case Kind.Bool:
      return false;
    case Kind.Message:
      return {};
    case Kind.Time:
    case Kind.MicroTime:
    case Kind.Json:
      return null;
    default:
      return 0;
  }
}
