import {
  type DecodeOptions,
  type EncodedObject,
  formatGroupVersion,
  type KubernetesObject,
  type ObjectDecoder,
  type ObjectMeta,
} from '@client-ts/apimachinery';
import type { TextReader } from '../text-reader.js';
import { CborReader, type Path } from './cbor-reader.js';
import { head, Major } from './initial-byte.js';

const ManagedFields: Path = ['metadata', 'managedFields'];
const ManagedFieldsOfMetadata: Path = ['managedFields'];

/** Reads whole objects, and objects of which all but the metadata stays bytes. */
export class ObjectReader<T extends KubernetesObject> implements ObjectDecoder<T> {
  readonly #reader: CborReader;
  readonly #apiVersion: string;
  readonly #kind: string;
  readonly #without: Path | undefined;

  constructor(texts: TextReader, { what, type, dropManagedFields }: DecodeOptions) {
    this.#reader = new CborReader(texts, what);
    this.#apiVersion = formatGroupVersion(type);
    this.#kind = type.kind;
    this.#without = dropManagedFields ? ManagedFields : undefined;
  }

  object(bytes: Uint8Array, start: number, end: number): T {
    return this.#read(bytes, start, end, this.#without);
  }

  encodedObject(bytes: Uint8Array, start: number, end: number): EncodedObject<T> {
    const reader = this.#reader.open(bytes, start, end);
    const members = new Map<string, unknown>();
    let whole = bytes.subarray(start, end);
    for (let left = reader.map(); left > 0; left--) {
      const key = reader.key();
      if (members.has(key)) throw reader.error('a key is there twice');
      members.set(key, undefined);
      if (key === 'metadata') {
        whole = this.#withoutManagedFields(bytes, start, end);
        members.set(key, expectObject(reader, reader.value(ManagedFieldsOfMetadata)));
      } else if (key === 'apiVersion' || key === 'kind') members.set(key, reader.value());
      else reader.skip();
    }
    reader.close();
    const { apiVersion, kind, metadata } = Object.fromEntries(members) as Partial<EncodedObject<T>>;
    return {
      apiVersion: apiVersion ?? this.#apiVersion,
      kind: kind ?? this.#kind,
      metadata: metadata ?? {},
      bytes: whole,
      decoder: this,
    };
  }

  decode(bytes: Uint8Array): T {
    return this.#read(bytes, 0, bytes.length, ManagedFields);
  }

  decodeMetadata(bytes: Uint8Array): ObjectMeta {
    return this.metadata(bytes, 0, bytes.length);
  }

  /** What is behind it is not looked at. */
  metadata(bytes: Uint8Array, start: number, end: number): ObjectMeta {
    const reader = this.#reader.open(bytes, start, end);
    for (let left = reader.map(); left > 0; left--) {
      if (reader.key() === 'metadata') return expectObject(reader, reader.value(ManagedFieldsOfMetadata));
      reader.skip();
    }
    return {};
  }

  #read(bytes: Uint8Array, start: number, end: number, without: Path | undefined): T {
    const reader = this.#reader.open(bytes, start, end);
    const object = expectObject(reader, reader.value(without)) as T;
    reader.close();
    object.apiVersion ??= this.#apiVersion;
    object.kind ??= this.#kind;
    return object;
  }

  /** The object from `start` to `end`, whose metadata the reader stands at, and stands at again afterwards. */
  #withoutManagedFields(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const reader = this.#reader;
    const metadata = reader.position;
    const count = reader.map();
    const firstMember = reader.position;
    let without = bytes.subarray(start, end);
    for (let left = count; left > 0; left--) {
      const member = reader.position;
      const isManagedFields = reader.key() === 'managedFields';
      reader.skip();
      if (!isManagedFields) continue;
      without = joined([
        bytes.subarray(start, metadata),
        head(Major.map, count - 1),
        bytes.subarray(firstMember, member),
        bytes.subarray(reader.position, end),
      ]);
      break;
    }
    reader.seek(metadata);
    return without;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function expectObject(reader: CborReader, value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw reader.error('expected an object');
}
