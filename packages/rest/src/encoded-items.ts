import {
  type EncodedObject,
  type KubernetesObject,
  type ObjectDecoder,
  type ObjectMeta,
  stringifyJson,
} from '@client-ts/apimachinery';
import { isPlainObject } from './decode-json.js';
import type { ItemReader, TypeMeta } from './item-reader.js';
import { JsonOutline } from './json-outline.js';
import { dropManagedFields } from './managed-fields.js';

const OpenObject = 0x7b;

/** So many bytes are set aside at once: a buffer for each object costs as much as to copy it. */
const BlockBytes = 256 * 1024;

const utf8 = /* @__PURE__ */ new TextDecoder();

/** Items whose metadata is parsed, and that stay bytes otherwise. */
export class EncodedItems<T extends KubernetesObject> implements ItemReader<EncodedObject<T>> {
  readonly #parse: (text: string) => unknown;
  /** All objects of one list share it; what they are is known when the first one comes. */
  #decoder: JsonObjectDecoder<T> | undefined;
  #block: Uint8Array = new Uint8Array(0);
  #used = 0;

  /** @param parse - parses JSON, and throws when it is none. */
  constructor(parse: (text: string) => unknown) {
    this.#parse = parse;
  }

  fromBytes(head: Uint8Array, tail: Uint8Array, type: TypeMeta): EncodedObject<T> | undefined {
    if (head[0] !== OpenObject) return undefined;
    const bytes = this.#copy(head, tail);
    const outline = new JsonOutline(bytes, this.#parse);
    const metadata = metadataIn(outline);
    // They are written in a way in which they could not be left out.
    if (metadata.managedFields !== undefined) return this.fromValue(this.#parse(utf8.decode(bytes)) as T, type);
    const apiVersion = (outline.member('apiVersion') ?? type.apiVersion) as string;
    const kind = (outline.member('kind') ?? type.kind) as string;
    return { apiVersion, kind, metadata, bytes, decoder: this.#decoderOf(type) };
  }

  fromValue(item: KubernetesObject, type: TypeMeta): EncodedObject<T> {
    dropManagedFields(item);
    const bytes = new TextEncoder().encode(stringifyJson(item));
    const { metadata } = item;
    return {
      apiVersion: item.apiVersion ?? type.apiVersion,
      kind: item.kind ?? type.kind,
      metadata: isPlainObject(metadata) ? metadata : {},
      bytes,
      decoder: this.#decoderOf(type),
    };
  }

  #copy(head: Uint8Array, tail: Uint8Array): Uint8Array {
    const length = head.length + tail.length;
    if (this.#block.length - this.#used < length) {
      this.#block = new Uint8Array(Math.max(BlockBytes, length));
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += length;
    this.#block.set(head, from);
    this.#block.set(tail, from + head.length);
    return this.#block.subarray(from, this.#used);
  }

  #decoderOf(type: TypeMeta): JsonObjectDecoder<T> {
    return (this.#decoder ??= new JsonObjectDecoder(this.#parse, type));
  }
}

class JsonObjectDecoder<T extends KubernetesObject> implements ObjectDecoder<T> {
  readonly #parse: (text: string) => unknown;
  readonly #type: TypeMeta;

  constructor(parse: (text: string) => unknown, type: TypeMeta) {
    this.#parse = parse;
    this.#type = type;
  }

  decode(bytes: Uint8Array): T {
    const object = this.#parse(utf8.decode(bytes)) as T;
    object.apiVersion ??= this.#type.apiVersion;
    object.kind ??= this.#type.kind;
    return object;
  }

  decodeMetadata(bytes: Uint8Array): ObjectMeta {
    return metadataIn(new JsonOutline(bytes, this.#parse));
  }
}

function metadataIn(outline: JsonOutline): ObjectMeta {
  const metadata = outline.member('metadata');
  return isPlainObject(metadata) ? metadata : {};
}
