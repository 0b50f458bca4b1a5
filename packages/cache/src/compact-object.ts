import type { EncodedObject, KubernetesObject, ObjectDecoder, ObjectMeta } from '@client-ts/apimachinery';
import { bytesAt, type Place } from './byte-arena.js';
import { CacheError } from './error-handler.js';
import { metaNamespaceKey, type ObjectKey } from './key.js';
import { UndecodedObject } from './undecoded-object.js';

/** What objects that came the same way have in common. */
interface Origin<T extends KubernetesObject> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly decoder: ObjectDecoder<T>;
}

/** All that a store keeps of an object on the heap. */
export interface CompactRecord<T extends KubernetesObject> extends Place {
  readonly key: ObjectKey;
  readonly resourceVersion: string | undefined;
  readonly origin: Origin<T>;
}

/**
 * An object whose bytes are kept as they came. Key and kind are at hand, metadata at the latest when they are asked for; the
 * whole object is decoded by each call of `object()`.
 *
 * It is one state of the object, for as long as you hold it: what the store keeps later changes nothing here.
 */
export class CompactObject<T extends KubernetesObject = KubernetesObject>
  extends UndecodedObject
  implements KubernetesObject
{
  readonly #record: CompactRecord<T>;
  #metadata: ObjectMeta | undefined;

  /** @internal */
  constructor(record: CompactRecord<T>, metadata?: ObjectMeta) {
    super();
    this.#record = record;
    this.#metadata = metadata;
  }

  /** @internal */
  static recordOf<T extends KubernetesObject>(object: CompactObject<T>): CompactRecord<T> {
    return object.#record;
  }

  /** The key of the object, for which nothing is decoded; `metaNamespaceKey` gives it, too. */
  get key(): ObjectKey {
    return this.#record.key;
  }

  get apiVersion(): string {
    return this.#record.origin.apiVersion;
  }

  get kind(): string {
    return this.#record.origin.kind;
  }

  /**
   * Without managed fields. Decoded once for each read of the store, and shared by all who are told of the same change: do not
   * change it.
   *
   * @throws CacheError with the key, when the bytes cannot be decoded.
   */
  get metadata(): ObjectMeta {
    this.#metadata ??= this.#decode('the metadata of', (decoder, bytes) => decoder.decodeMetadata(bytes));
    return this.#metadata;
  }

  /** `metadata.resourceVersion`, for which nothing is decoded. */
  get resourceVersion(): string | undefined {
    return this.#record.resourceVersion;
  }

  /**
   * The whole object, without managed fields: a new one with each call, which is yours to change.
   *
   * @throws CacheError with the key, when the bytes cannot be decoded.
   */
  object(): T {
    return this.#decode('', (decoder, bytes) => decoder.decode(bytes));
  }

  /** What `JSON.stringify` shows. */
  toJSON(): T {
    return this.object();
  }

  #decode<V>(part: string, decode: (decoder: ObjectDecoder<T>, bytes: Uint8Array) => V): V {
    const record = this.#record;
    try {
      return decode(record.origin.decoder, bytesAt(record));
    } catch (error) {
      throw new CacheError('decode', `cannot decode ${part}`.trim(), error, record.key);
    }
  }
}

/** The origin of the objects that were decoded last by a decoder. */
const origins = new WeakMap<ObjectDecoder<KubernetesObject>, Origin<KubernetesObject>>();

/** An object that came as bytes, to be kept so: the `project` of an informer whose store is made by `newCompactIndexer`. */
export function compactObject<T extends KubernetesObject>(encoded: EncodedObject<T>): CompactObject<T> {
  const { metadata, bytes } = encoded;
  const record: CompactRecord<T> = {
    key: metaNamespaceKey(encoded),
    resourceVersion: metadata.resourceVersion,
    origin: originOf(encoded),
    block: { bytes },
    offset: 0,
    length: bytes.length,
    kept: false,
  };
  return new CompactObject(record, metadata);
}

function originOf<T extends KubernetesObject>({ apiVersion, kind, decoder }: EncodedObject<T>): Origin<T> {
  const known = origins.get(decoder) as Origin<T> | undefined;
  if (known?.apiVersion === apiVersion && known.kind === kind) return known;
  const origin = { apiVersion, kind, decoder };
  origins.set(decoder, origin);
  return origin;
}
