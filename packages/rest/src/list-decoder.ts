import {
  type DecodeOptions,
  formatGroupVersion,
  type KubernetesList,
  type ListBodyDecoder,
} from '@client-ts/apimachinery';
import { refuseFailure } from '@client-ts/apimachinery/errors';
import { Carry } from './carry.js';
import { decodeJson, expectObject, isPlainObject, ResponseDecodeError } from './decode-json.js';
import type { ItemReader, TypeMeta } from './item-reader.js';
import { JsonScanner } from './json-scanner.js';
import { metadataIn } from './undecodable-events.js';
import { concat } from './read-body.js';

const Comma = 0x2c;

/** Behind this the items begin. A key that is written in another way is found when what is around them is parsed. */
const ItemsKey = /[{,]\s*"items"\s*:\s*\[$/;
const KeyLength = 64;

/** Stands in the text for an item that has been decoded. */
const Item = '0';

const isDigit = (item: unknown): boolean => item === Number(Item);

/**
 * Decodes a list as it arrives, one object at a time: the same values as parsing the whole body, without holding it.
 *
 * What is around the items is kept as text, with a digit for each, and parsed in the end. So every byte is judged by
 * `JSON.parse`, but for those of managed fields that are left out. Throws a `ResponseDecodeError` for what is no list of
 * objects, or has its items twice; a `StatusError` when the list is a failure.
 */
export class ListDecoder<V> implements ListBodyDecoder<V> {
  list: KubernetesList<never> | undefined;
  readonly #options: DecodeOptions;
  readonly #reader: ItemReader<V>;
  /** What items are that do not say it. */
  #type: TypeMeta;
  readonly #scanner: JsonScanner = new JsonScanner();
  readonly #carry: Carry;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Of what has been taken neither as text nor as an item. */
  #start = 0;
  /** The `[` of the items has been found. */
  #foundItems = false;
  /** Between it and its `]`. */
  #amongItems = false;
  #decoded = 0;
  /** Items that could not be told from the rest before the end. */
  #late: Iterator<V, undefined> = [].values();

  readonly #utf8: TextDecoder = new TextDecoder();
  #text = '';
  /** The end of the text: one that grows cannot be searched in linear time. */
  #tail = '';

  constructor(options: DecodeOptions, reader: ItemReader<V>) {
    this.#options = options;
    this.#reader = reader;
    this.#carry = new Carry(options.what);
    this.#type = { apiVersion: formatGroupVersion(options.type), kind: options.type.kind };
  }

  feed(chunk: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#start);
    this.#scanner.shift(this.#start);
    this.#start = 0;
    this.#bytes = rest.length > 0 ? this.#carry.join(rest, chunk) : chunk;
  }

  next(): V | undefined {
    const scanner = this.#scanner;
    const bytes = this.#bytes;
    for (;;) {
      // The list of items is in the outermost object, so that two are open around an item.
      const inItem = this.#amongItems && scanner.depth > 2;
      if (!scanner.advance(bytes, inItem ? 2 : undefined)) {
        if (!inItem) this.#takeText(bytes.length);
        return this.#late.next().value;
      }
      if (inItem) {
        const item = this.#takeItem();
        if (item !== undefined) return item;
      } else if (!this.#amongItems) this.#findItems();
      else if (scanner.depth > 2) this.#beginItem();
      else this.#amongItems = false;
    }
  }

  end(): void {
    const list = this.#parse(this.#text + this.#utf8.decode()) as KubernetesList<never>;
    // Go encodes an empty list as null.
    const items: unknown = list.items ?? [];
    if (!Array.isArray(items)) throw this.#noList();
    if (items.length !== this.#decoded || !items.every(isDigit)) {
      const late = items.filter(isPlainObject);
      if (this.#decoded > 0 && (late.length > 0 || items.filter(isDigit).length < this.#decoded)) throw this.#noList();
      if (late.length + this.#decoded < items.length) this.#tell(this.#noList());
      this.#readType(list);
      this.#late = late.map((item) => this.#reader.fromValue(item, this.#type)).values();
    }
    list.items = [];
    list.metadata ??= {};
    this.list = list;
  }

  #findItems(): void {
    const { at, depth } = this.#scanner;
    if (depth !== 2) return;
    this.#takeText(at);
    if (!ItemsKey.test(this.#tail)) return;
    if (this.#foundItems) throw this.#noList();
    this.#foundItems = this.#amongItems = true;
    this.#readType(this.#parse(`${this.#text}]}`));
  }

  #beginItem(): void {
    const start = this.#scanner.at - 1;
    if (start === this.#start + 1 && this.#bytes[this.#start] === Comma) {
      // Most of what is between items, without the cost of a decoder.
      this.#text += `,${Item}`;
      this.#start = start;
    } else {
      this.#takeText(start);
      this.#text += Item;
    }
    if (this.#options.dropManagedFields) this.#scanner.seek(3);
  }

  /** `undefined` for an item that cannot be read, after it was told. */
  #takeItem(): V | undefined {
    const { at } = this.#scanner;
    const parts = this.#scanner.split(this.#bytes, this.#start, at);
    this.#start = at;
    this.#decoded++;
    try {
      const item = this.#reader.fromBytes(...parts, this.#type);
      if (item !== undefined) return item;
    } catch (error) {
      this.#tell(error, parts);
      return undefined;
    }
    this.#tell(this.#noList());
    return undefined;
  }

  /** Throws where nobody wants to know. */
  #tell(error: unknown, parts?: readonly Uint8Array[]): void {
    const { onUndecodable } = this.#options;
    if (!onUndecodable) throw error;
    onUndecodable({ error, metadata: parts && metadataIn(concat(parts)) });
  }

  #takeText(end: number): void {
    const text = this.#utf8.decode(this.#bytes.subarray(this.#start, end), { stream: true });
    this.#start = end;
    this.#text += text;
    if (!this.#amongItems) this.#tail = (this.#tail + text).slice(-KeyLength);
  }

  #parse(text: string): object {
    const { what } = this.#options;
    return expectObject(what, refuseFailure(decodeJson(what, text)));
  }

  /** The items of lists of built-in resources come without their types. */
  #readType({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): void {
    this.#type = {
      apiVersion: typeof apiVersion === 'string' ? apiVersion : this.#type.apiVersion,
      kind: /^(.+)List$/.exec(String(kind))?.[1] ?? this.#type.kind,
    };
  }

  #noList(): ResponseDecodeError {
    return new ResponseDecodeError(`${this.#options.what}: the answer should be a list of objects`);
  }
}
