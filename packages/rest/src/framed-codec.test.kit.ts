import type {
  BodyDecoder,
  Codec,
  DecodeOptions,
  EncodedObject,
  GroupVersionKind,
  KubernetesList,
  KubernetesObject,
  ListBodyDecoder,
  WatchEvent,
} from '@client-ts/apimachinery';
import { type Status, StatusError, UnknownFieldsError } from '@client-ts/apimachinery/errors';

/** A field that the codec was made without. */
const Unknown = 'newer';

/**
 * A representation made up for tests: JSON, each value with its length before it (`2:{}`). A list is its own fields, and then
 * one item after the other; a watch is one event after the other.
 */
export function framedCodec(options: { knows?: (type: GroupVersionKind) => boolean } = {}): Codec {
  return {
    mediaType: 'application/vnd.example.framed',
    watchMediaType: 'application/vnd.example.framed;stream=watch',
    knows: options.knows ?? (() => true),
    encode: (object) => frames(checked(object, { what: 'encode', type: { group: '', version: '', kind: '' } })),
    decode(bytes, decodeOptions) {
      const decoder = new Frames<KubernetesObject>((value) => checked(value as KubernetesObject, decodeOptions));
      decoder.feed(bytes);
      return decoder.next() ?? expectFrame(decodeOptions);
    },
    listDecoder: <T extends KubernetesObject>(decodeOptions: DecodeOptions): ListBodyDecoder<T> =>
      new FramedList<T>((value) => checked(value, decodeOptions) as T),
    watchDecoder: <T extends KubernetesObject>(decodeOptions: DecodeOptions): BodyDecoder<WatchEvent<T>> =>
      new Frames<WatchEvent<T>>((event) => {
        checked((event as WatchEvent<T>).object, decodeOptions);
        return event as WatchEvent<T>;
      }),
    encodedListDecoder: <T extends KubernetesObject>(decodeOptions: DecodeOptions): ListBodyDecoder<EncodedObject<T>> =>
      new FramedList<EncodedObject<T>>((value, bytes) => encoded<T>(checked(value, decodeOptions), bytes)),
    encodedWatchDecoder: <T extends KubernetesObject>(
      decodeOptions: DecodeOptions,
    ): BodyDecoder<WatchEvent<EncodedObject<T>>> =>
      new Frames<WatchEvent<EncodedObject<T>>>((event) => {
        const { type, object } = event as { type: 'ADDED'; object: KubernetesObject };
        return { type, object: encoded<T>(checked(object, decodeOptions), frames(object)) };
      }),
  };
}

/** The bytes of values. */
export function frames(...values: readonly unknown[]): Uint8Array {
  const texts = values.map((value) => JSON.stringify(value));
  return new TextEncoder().encode(texts.map((text) => `${new TextEncoder().encode(text).length}:${text}`).join(''));
}

class Frames<V> implements BodyDecoder<V> {
  readonly #valueOf: (value: unknown, bytes: Uint8Array) => V;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(valueOf: (value: unknown, bytes: Uint8Array) => V) {
    this.#valueOf = valueOf;
  }

  feed(chunk: Uint8Array): void {
    this.#bytes = Uint8Array.from([...this.#bytes, ...chunk]);
  }

  next(): V | undefined {
    const start = this.#bytes.indexOf(0x3a) + 1;
    const end = start + Number(new TextDecoder().decode(this.#bytes.subarray(0, start - 1)));
    if (start === 0 || end > this.#bytes.length) return undefined;
    const bytes = this.#bytes.subarray(0, end);
    this.#bytes = this.#bytes.subarray(end);
    return this.#valueOf(JSON.parse(new TextDecoder().decode(bytes.subarray(start))), bytes);
  }

  end(): void {
    // Files end with a newline.
    if (new TextDecoder().decode(this.#bytes).trim() !== '') throw new Error('a frame was cut off');
  }
}

class FramedList<V> implements ListBodyDecoder<V> {
  list: KubernetesList<never> | undefined;
  readonly #frames: Frames<V | undefined>;
  #head: KubernetesList<never> | undefined;

  constructor(itemOf: (item: KubernetesObject, bytes: Uint8Array) => V) {
    this.#frames = new Frames((value, bytes) => {
      if (this.#head) return itemOf(value as KubernetesObject, bytes);
      this.#head = { ...(value as KubernetesList<never>), items: [] };
      return undefined;
    });
  }

  feed(chunk: Uint8Array): void {
    this.#frames.feed(chunk);
  }

  next(): V | undefined {
    const wasThere = this.#head !== undefined;
    return this.#frames.next() ?? (wasThere || !this.#head ? undefined : this.#frames.next());
  }

  end(): void {
    this.#frames.end();
    this.list = this.#head;
  }
}

function checked(object: KubernetesObject, { what, type }: DecodeOptions): KubernetesObject {
  const { kind, status } = object as Status;
  if (kind === 'Status' && status === 'Failure') throw new StatusError(object);
  if (Unknown in object) throw new UnknownFieldsError(what, type, Unknown);
  return object;
}

function encoded<T extends KubernetesObject>(object: KubernetesObject, bytes: Uint8Array): EncodedObject<T> {
  const { apiVersion = '', kind = '', metadata = {} } = object;
  const decode = (kept: Uint8Array): T => JSON.parse(new TextDecoder().decode(kept).replace(/^\d+:/, '')) as T;
  const decoder = { decode, decodeMetadata: (kept: Uint8Array) => decode(kept).metadata ?? {} };
  return { apiVersion, kind, metadata, bytes, decoder };
}

function expectFrame({ what }: DecodeOptions): never {
  throw new Error(`${what}: there is no frame`);
}
