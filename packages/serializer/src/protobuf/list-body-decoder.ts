import type {
  DecodeOptions,
  GroupVersionKind,
  KubernetesList,
  ListBodyDecoder,
  ListMeta,
} from '@client-ts/apimachinery';
import { formatGroupVersion } from '@client-ts/apimachinery';
import { UnknownFieldsError } from '@client-ts/apimachinery/errors';
import { type ReadOrTell, readOrTell } from '../read-or-tell.js';
import { ByteQueue } from './byte-queue.js';
import { checkEncoding, checkMagic, Magic, readTypeMeta, UnknownTag } from './envelope.js';
import { itemTypeOf } from './known-types.js';
import type { ObjectReader, Objects } from './objects.js';
import { ProtobufError, quoted } from './protobuf-error.js';

/** Larger than any object that etcd takes, with room for its encoding; client-go's limit for events of a watch. */
export const MaxObjectBytes: number = 16 * 1024 * 1024;

/** Tags of the fields of a list. */
const ListTag = { Metadata: 10, Item: 18 } as const;

/** The longest tag and length. */
const MaxHeaderBytes = 10;

/** What is being read. */
const State = { Magic: 0, Envelope: 1, List: 2, Other: 3 } as const;
type State = (typeof State)[keyof typeof State];

/** Decodes a list as it arrives, one object at a time, and holds no more than one of them as bytes. */
export class ProtobufListDecoder<V> implements ListBodyDecoder<V> {
  list: KubernetesList<never> | undefined;
  readonly #objects: Objects;
  readonly #options: DecodeOptions;
  readonly #readerOf: (type: GroupVersionKind) => ObjectReader<V>;
  readonly #queue: ByteQueue = new ByteQueue();
  #state: State = State.Magic;
  /** Of the list; without it they are of what was asked for. */
  #type: GroupVersionKind;
  #reader: ReadOrTell<V> | undefined;
  /** Bytes of the list that have not been read. */
  #remaining = 0;
  #metadata: ListMeta | undefined;
  #foundList = false;

  // The field that is next in the queue.
  #tag = 0;
  #headerLength = 0;
  #length = 0;

  /** @param readerOf - gives what makes values of the bytes of items of one type. */
  constructor(objects: Objects, options: DecodeOptions, readerOf: (type: GroupVersionKind) => ObjectReader<V>) {
    this.#objects = objects;
    this.#options = options;
    this.#readerOf = readerOf;
    this.#type = { ...options.type, kind: `${options.type.kind}List` };
  }

  feed(chunk: Uint8Array): void {
    this.#queue.feed(chunk);
  }

  next(): V | undefined {
    const queue = this.#queue;
    for (;;) {
      switch (this.#state) {
        case State.Magic:
          if (!queue.has(Magic.length)) return undefined;
          checkMagic(queue.bytes, queue.at, queue.bytes.length, this.#options.what);
          queue.at += Magic.length;
          this.#state = State.Envelope;
          break;
        case State.Envelope:
          if (!this.#nextOfEnvelope()) return undefined;
          break;
        case State.Other:
          if (this.#remaining > MaxObjectBytes) throw this.#error(`an object has more than ${MaxObjectBytes} bytes`);
          if (!queue.has(this.#remaining)) return undefined;
          throw this.#noList();
        case State.List: {
          if (this.#remaining === 0) {
            this.#state = State.Envelope;
            break;
          }
          if (!this.#header()) return undefined;
          const total = this.#headerLength + this.#length;
          if (total > this.#remaining) throw this.#error('the list is cut off, or a length in it is wrong');
          if (total > MaxObjectBytes) throw this.#error(`an object has more than ${MaxObjectBytes} bytes`);
          if (!queue.has(total)) return undefined;
          const start = queue.at + this.#headerLength;
          queue.at += total;
          this.#remaining -= total;
          if (this.#tag === ListTag.Item) {
            const item = this.#reader!(queue.bytes, start, queue.at);
            if (item !== undefined) return item;
          } else if (this.#tag === ListTag.Metadata) {
            this.#metadata = this.#objects.listMeta(queue.bytes, start, queue.at, this.#reading());
          } else if (!this.#objects.dropsUnknown) {
            throw new UnknownFieldsError(this.#options.what, this.#type, String(this.#tag >>> 3));
          }
        }
      }
    }
  }

  end(): void {
    if (this.#state !== State.Envelope || this.#queue.length > 0 || !this.#foundList) {
      throw this.#error('the answer is cut off, or no list');
    }
    const apiVersion = formatGroupVersion(this.#type);
    this.list = { apiVersion, kind: this.#type.kind, metadata: this.#metadata ?? {}, items: [] };
  }

  #nextOfEnvelope(): boolean {
    const queue = this.#queue;
    if (queue.length === 0 || !this.#header()) return false;
    if (this.#tag === UnknownTag.Raw) {
      queue.at += this.#headerLength;
      this.#remaining = this.#length;
      if (this.#foundList) throw this.#error('the answer has two lists');
      this.#foundList = true;
      this.#state = State.Other;
      if (this.#objects.isList(this.#type)) {
        this.#state = State.List;
        const type = itemTypeOf(this.#type);
        const metadata = this.#objects.metadata(type, this.#options.what);
        this.#reader = readOrTell(this.#readerOf(type), metadata, this.#options);
      }
      return true;
    }
    const total = this.#headerLength + this.#length;
    if (total > MaxObjectBytes) throw this.#error(`an object has more than ${MaxObjectBytes} bytes`);
    if (!queue.has(total)) return false;
    const start = queue.at + this.#headerLength;
    queue.at += total;
    if (this.#tag === UnknownTag.TypeMeta) {
      const context = { what: this.#options.what, type: this.#type, text: this.#objects.text };
      this.#type = readTypeMeta(queue.bytes, start, queue.at, context);
    } else if (this.#tag === UnknownTag.ContentEncoding) {
      checkEncoding(this.#length, this.#options.what);
    }
    return true;
  }

  /** Whether the tag and the length of the next field are there. */
  #header(): boolean {
    const queue = this.#queue;
    for (let count = 2; count <= MaxHeaderBytes; count++) {
      if (!queue.has(count)) return false;
      if (this.#parseHeader()) {
        if ((this.#tag & 7) !== 2) throw this.#error('a field of the list has the wrong type');
        return true;
      }
    }
    throw this.#error('a length in the list is too large');
  }

  #parseHeader(): boolean {
    const { bytes } = this.#queue;
    let { at } = this.#queue;
    for (const part of [0, 1]) {
      let value = 0;
      let factor = 1;
      let byte: number | undefined;
      do {
        byte = bytes[at++];
        if (byte === undefined || factor > 2 ** 28) return false;
        value += (byte & 127) * factor;
        factor *= 128;
      } while (byte >= 128);
      if (part === 0) this.#tag = value;
      else this.#length = value;
    }
    this.#headerLength = at - this.#queue.at;
    return true;
  }

  /** A failure in the place of a list is thrown as such. */
  #noList(): Error {
    const { bytes, at } = this.#queue;
    this.#objects.refuseFailure(this.#type, bytes, at, at + this.#remaining, this.#options.what);
    return this.#error(`the answer should be a list of objects, and is a ${quoted(this.#type.kind)}`);
  }

  #reading(): { readonly what: string; readonly type: GroupVersionKind } {
    return { what: this.#options.what, type: this.#type };
  }

  #error(text: string): ProtobufError {
    return new ProtobufError(`${this.#options.what}: ${text}`);
  }
}
