import {
  type BodyDecoder,
  type Codec,
  type DecodeOptions,
  type EncodedObject,
  type GroupVersionKind,
  type KubernetesObject,
  type ListBodyDecoder,
  parseGroupVersion,
  type ProtobufTable,
  type WatchEvent,
} from '@client-ts/apimachinery';
import { ByteWriter } from './protobuf/byte-writer.js';
import { EnvelopeReader, Magic, TypeMetaTag, UnknownTag } from './protobuf/envelope.js';
import { KnownTypes } from './protobuf/known-types.js';
import { ProtobufListDecoder } from './protobuf/list-body-decoder.js';
import { MessageWriter } from './protobuf/message-writer.js';
import { Objects } from './protobuf/objects.js';
import { ProtobufError } from './protobuf/protobuf-error.js';
import { ProtobufWatchDecoder } from './protobuf/watch-body-decoder.js';

export { ProtobufError };

export interface ProtobufOptions {
  /**
   * What to do about fields that the tables do not have, because the server is newer. Default: `refuse`, with an
   * `UnknownFieldsError`, so that a client reads those objects as JSON. `drop` leaves them out, which is right for who
   * only reads: an object that is written back without them deletes them.
   */
  readonly unknownFields?: 'refuse' | 'drop' | undefined;
}

/**
 * Objects as protobuf, by the tables of `@client-ts/api`: those of some group versions (`@client-ts/api/core/v1/protobuf`), or all
 * (`@client-ts/api/protobuf`). Objects are exactly what they are in JSON.
 *
 * Throws a `ProtobufError` for bytes that are not what they should be, and for values that a field cannot have.
 */
export function protobuf(...tables: readonly ProtobufTable[]): Codec;
export function protobuf(...tables: readonly [...ProtobufTable[], ProtobufOptions]): Codec;
export function protobuf(...args: readonly (ProtobufTable | ProtobufOptions)[]): Codec {
  const tables = args.flatMap((arg) => ('messages' in arg ? [arg] : []));
  const { unknownFields } = (args.find((arg) => !('messages' in arg)) ?? {}) as ProtobufOptions;
  return new ProtobufCodec(tables, unknownFields === 'drop');
}

class ProtobufCodec implements Codec {
  readonly mediaType = 'application/vnd.kubernetes.protobuf';
  readonly watchMediaType = 'application/vnd.kubernetes.protobuf;stream=watch';
  readonly #known: KnownTypes;
  readonly #objects: Objects;

  constructor(tables: readonly ProtobufTable[], dropsUnknown: boolean) {
    this.#known = new KnownTypes(tables);
    this.#objects = new Objects(this.#known, dropsUnknown);
  }

  knows(type: GroupVersionKind): boolean {
    return this.#known.has(type);
  }

  encode(object: KubernetesObject): Uint8Array {
    const { apiVersion = '', kind = '' } = object;
    const type = { ...parseGroupVersion(apiVersion), kind };
    const message = this.#known.get(type)?.whole ?? this.#known.list(type);
    if (!message) throw new ProtobufError(`there is no protobuf table with ${kind} of ${apiVersion}`);
    const out = new ByteWriter();
    out.raw(Magic);
    out.varint(UnknownTag.TypeMeta);
    const typeMeta = out.begin();
    out.varint(TypeMetaTag.ApiVersion);
    out.text(apiVersion);
    out.varint(TypeMetaTag.Kind);
    out.text(kind);
    out.finish(typeMeta);
    out.varint(UnknownTag.Raw);
    const raw = out.begin();
    new MessageWriter(out, type).object(message, object as Record<string, unknown>);
    out.finish(raw);
    return out.take();
  }

  decode(bytes: Uint8Array, options: DecodeOptions): KubernetesObject {
    const { what } = options;
    const context = { what, type: options.type, text: this.#objects.text };
    const { type, start, end } = new EnvelopeReader(context).open(bytes, 0, bytes.length);
    if (this.#known.isList(type)) return this.#decodeList(bytes, options);
    this.#objects.refuseFailure(type, bytes, start, end, what);
    return this.#objects.plain(type, options)(bytes, start, end);
  }

  listDecoder<T extends KubernetesObject>(options: DecodeOptions): ListBodyDecoder<T> {
    return new ProtobufListDecoder(this.#objects, options, (type) => this.#objects.plain<T>(type, options));
  }

  watchDecoder<T extends KubernetesObject>(options: DecodeOptions): BodyDecoder<WatchEvent<T>> {
    return new ProtobufWatchDecoder(this.#objects, options, (type) => this.#objects.plain<T>(type, options));
  }

  encodedListDecoder<T extends KubernetesObject>(options: DecodeOptions): ListBodyDecoder<EncodedObject<T>> {
    return new ProtobufListDecoder(this.#objects, options, (type) => this.#objects.encoded<T>(type, options));
  }

  encodedWatchDecoder<T extends KubernetesObject>(options: DecodeOptions): BodyDecoder<WatchEvent<EncodedObject<T>>> {
    return new ProtobufWatchDecoder(this.#objects, options, (type) => this.#objects.encoded<T>(type, options));
  }

  #decodeList(bytes: Uint8Array, options: DecodeOptions): KubernetesObject {
    const decoder = this.listDecoder(options);
    const items: KubernetesObject[] = [];
    decoder.feed(bytes);
    for (let item = decoder.next(); item; item = decoder.next()) items.push(item);
    decoder.end();
    return { ...decoder.list, items } as KubernetesObject;
  }
}
