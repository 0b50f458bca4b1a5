import type { KubernetesList, KubernetesObject, ObjectMeta } from './object.js';
import type { GroupVersionKind } from './schema.js';
import type { UndecodableObject } from './undecodable-object.js';
import type { WatchEvent } from './watch.js';

/** Makes values of the bytes of one body, as they arrive. */
export interface BodyDecoder<V> {
  /** Takes the next bytes, once all values of those before have been taken. They must not change afterwards. */
  feed(chunk: Uint8Array): void;
  /** The body has ended, which may give the last values. Throws when something is missing. */
  end(): void;
  /** The next value, or `undefined` when more bytes are needed. */
  next(): V | undefined;
}

export interface ListBodyDecoder<V> extends BodyDecoder<V> {
  /** The list without its items, when the body has ended. */
  readonly list: KubernetesList<never> | undefined;
}

/** What a codec is told about the bytes that it decodes. */
export interface DecodeOptions {
  /** What was asked for, for messages: `GET pods`. */
  readonly what: string;
  /** What each object is, unless it says so itself: the items of a list do not. */
  readonly type: GroupVersionKind;
  /** Leave `metadata.managedFields` out of objects. Default: false. */
  readonly dropManagedFields?: boolean | undefined;
  /**
   * Told of each object that cannot be decoded though its beginning and its end are known; the value is left out, and the next
   * is tried. Default: it is thrown.
   */
  readonly onUndecodable?: ((object: UndecodableObject) => void) | undefined;
}

/**
 * An object as it came: its metadata decoded, the rest still bytes. Who wants only keys, labels and versions pays for no
 * more, and a store can keep bytes instead of objects.
 */
export interface EncodedObject<T extends KubernetesObject = KubernetesObject> extends KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Without managed fields. */
  readonly metadata: ObjectMeta;
  /** The whole object, without managed fields. They never change, and may be part of a larger buffer: who keeps few of many copies those. */
  readonly bytes: Uint8Array;
  /** Reads `bytes`, and any copy of them. The same for all objects of one list or watch. */
  readonly decoder: ObjectDecoder<T>;
}

/** Reads the bytes of {@link EncodedObject | encoded objects} again. */
export interface ObjectDecoder<T extends KubernetesObject> {
  /** The whole object; a new one with each call. */
  decode(bytes: Uint8Array): T;
  /** Nothing but the metadata. */
  decodeMetadata(bytes: Uint8Array): ObjectMeta;
}

/**
 * Reads and writes one representation of objects, such as protobuf. What it gives are plain objects of the same shape as
 * `JSON.parse` would give of the JSON representation.
 *
 * An integer of 64 bits that a `number` cannot hold is a `bigint`, in both directions: rounded, it would be written back wrong.
 *
 * A body that cannot be decoded is thrown as an error that names `what`, and never takes more time or memory than a multiple
 * of its length. A `Status` that is a failure, and an ERROR event of a watch, are thrown as `StatusError`.
 */
export interface Codec {
  /** Media type of one object or list, as in `Accept` and `Content-Type`: `application/cbor`. */
  readonly mediaType: string;
  /** Media type with which a watch is answered: `application/cbor-seq`. It is asked for with `mediaType`. */
  readonly watchMediaType: string;
  /** Whether it reads and writes objects of this kind: a codec that goes by tables knows those in its tables. */
  knows(type: GroupVersionKind): boolean;
  /** @throws UnknownFieldsError for a field that it has no place for: the object is then sent as JSON. */
  encode(object: KubernetesObject): Uint8Array;
  decode(bytes: Uint8Array, options: DecodeOptions): KubernetesObject;
  listDecoder<T extends KubernetesObject>(options: DecodeOptions): ListBodyDecoder<T>;
  watchDecoder<T extends KubernetesObject>(options: DecodeOptions): BodyDecoder<WatchEvent<T>>;
  encodedListDecoder<T extends KubernetesObject>(options: DecodeOptions): ListBodyDecoder<EncodedObject<T>>;
  encodedWatchDecoder<T extends KubernetesObject>(options: DecodeOptions): BodyDecoder<WatchEvent<EncodedObject<T>>>;
}
