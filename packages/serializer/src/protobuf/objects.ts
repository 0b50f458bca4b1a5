import {
  type DecodeOptions,
  type EncodedObject,
  formatGroupVersion,
  type GroupVersionKind,
  type KubernetesObject,
  type ListMeta,
  type ObjectDecoder,
  type ObjectMeta,
} from '@client-ts/apimachinery';
import { type Status, StatusError } from '@client-ts/apimachinery/errors';
import type { ReadObject } from '../read-or-tell.js';
import { FieldScanner } from './field-scanner.js';
import { hasKnownFields } from './known-fields.js';
import type { KnownType, KnownTypes } from './known-types.js';
import { ManagedFieldsCutter } from './managed-fields-cutter.js';
import { MessageReader } from './message-reader.js';
import { ProtobufError, quoted } from './protobuf-error.js';
import { TextReader } from '../text-reader.js';
import type { Reading } from './wire-reader.js';

/** Makes a value of the message of one object. */
export type ObjectReader<V> = ReadObject<V>;

/** Of every object, the first field. */
const MetadataTag = 10;

/** Reads the messages of objects, whole or only their metadata. */
export class Objects {
  readonly text: TextReader = new TextReader();
  readonly dropsUnknown: boolean;
  readonly #known: KnownTypes;
  readonly #reader: MessageReader;

  constructor(known: KnownTypes, dropsUnknown: boolean) {
    this.#known = known;
    this.dropsUnknown = dropsUnknown;
    this.#reader = new MessageReader(this.text, dropsUnknown);
  }

  isList(type: GroupVersionKind): boolean {
    return this.#known.isList(type);
  }

  listMeta(bytes: Uint8Array, start: number, end: number, reading: Reading): ListMeta {
    return this.#reader.read(this.#known.listMeta, bytes, start, end, reading);
  }

  /** @throws StatusError when an answer is a Status that tells of a failure. */
  refuseFailure(type: GroupVersionKind, bytes: Uint8Array, start: number, end: number, what: string): void {
    if (type.kind !== 'Status') return;
    const status = this.plain<KubernetesObject>(type, { what, type })(bytes, start, end) as Status;
    if (status.status !== 'Success') throw new StatusError(status);
  }

  /** @throws ProtobufError when there is no table with such objects. */
  plain<T extends KubernetesObject>(type: GroupVersionKind, options: DecodeOptions): ObjectReader<T> {
    const known = this.#find(type, options.what);
    const message = options.dropManagedFields ? known.withoutManagedFields : known.whole;
    const reading = { what: options.what, type };
    const apiVersion = formatGroupVersion(type);
    const { kind } = type;
    return (bytes, start, end) => {
      const object = new message.Shape();
      object['apiVersion'] = apiVersion;
      object['kind'] = kind;
      return this.#reader.readInto(object, message, bytes, start, end, reading) as T;
    };
  }

  /** @throws ProtobufError when there is no table with such objects. */
  encoded<T extends KubernetesObject>(type: GroupVersionKind, options: DecodeOptions): ObjectReader<EncodedObject<T>> {
    const known = this.#find(type, options.what);
    const { withoutManagedFields } = known;
    const reading = { what: options.what, type };
    const decoder = this.#decoder<T>(known, type, options);
    const cutter = new ManagedFieldsCutter(options.what);
    const apiVersion = formatGroupVersion(type);
    const { kind } = type;
    return (bytes, start, end) => {
      // What is unknown must not be found out when it is too late to ask for another representation.
      if (!this.dropsUnknown && !hasKnownFields(withoutManagedFields, bytes, start, end))
        this.#reader.read(withoutManagedFields, bytes, start, end, reading);
      cutter.cut(bytes, start, end);
      const { bytes: own, metadataStart, metadataEnd } = cutter;
      const metadata = this.#reader.read(known.metadata, own, metadataStart, metadataEnd, reading) as ObjectMeta;
      return { apiVersion, kind, metadata, bytes: own, decoder };
    };
  }

  /** Reads metadata, from as little of an object as can be. @throws ProtobufError when there is no table with such objects. */
  metadata(type: GroupVersionKind, what: string): ObjectReader<ObjectMeta> {
    const known = this.#find(type, what);
    const fields = new FieldScanner(what);
    return (bytes, start, end) => {
      fields.open(bytes, start, end);
      while (fields.next()) {
        if (fields.tag === MetadataTag)
          return this.#reader.read(known.metadata, bytes, fields.start, fields.end, { what, type });
      }
      return {};
    };
  }

  #decoder<T extends KubernetesObject>(
    known: KnownType,
    type: GroupVersionKind,
    options: DecodeOptions,
  ): ObjectDecoder<T> {
    const whole = this.plain<T>(type, { ...options, dropManagedFields: true });
    const reading = { what: options.what, type };
    return {
      decode: (bytes) => whole(bytes, 0, bytes.length),
      decodeMetadata: (bytes) => {
        const { metadata = {} } = this.#reader.read(known.metadataOnly, bytes, 0, bytes.length, reading);
        return metadata as ObjectMeta;
      },
    };
  }

  #find(type: GroupVersionKind, what: string): KnownType {
    const known = this.#known.get(type);
    if (known) return known;
    throw new ProtobufError(
      `${what}: no protobuf table has ${quoted(type.kind)} of ${quoted(formatGroupVersion(type))}`,
    );
  }
}
