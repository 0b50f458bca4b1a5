import type { KubernetesList, ListBodyDecoder } from '@client-ts/apimachinery';
import { refuseFailure } from '@client-ts/apimachinery/errors';
import { ArrivingBytes } from './arriving-bytes.js';
import { CborError } from './cbor-error.js';
import type { CborReader } from './cbor-reader.js';
import { argument, argumentBytes, Major, noArgument, Null } from './initial-byte.js';
import type { ReadOrTell } from '../read-or-tell.js';
import { ItemScanner } from './item-scanner.js';

/** The beginning of an item; no memory is taken for what it promises. */
interface Head {
  readonly major: number;
  readonly argument: number;
  readonly isNull: boolean;
}

/**
 * Decodes a list as it arrives, one object at a time. Its members come in any order: what stands behind the items is known in
 * the end only.
 */
export class ListDecoder<V> implements ListBodyDecoder<V> {
  list: KubernetesList<never> | undefined;
  readonly #what: string;
  readonly #reader: CborReader;
  readonly #readItem: ReadOrTell<V>;
  readonly #scanner: ItemScanner;
  readonly #arriving: ArrivingBytes = new ArrivingBytes();
  readonly #members = new Map<string, unknown>();
  /** Members that have not begun; undefined before the list has. */
  #left: number | undefined;
  /** Of the member whose value comes next. */
  #key: string | undefined;
  /** Items that have not begun; undefined when what comes next is none. */
  #items: number | undefined;

  /** @param reader - for what is around the items. */
  constructor(what: string, reader: CborReader, readItem: ReadOrTell<V>) {
    this.#what = what;
    this.#reader = reader;
    this.#readItem = readItem;
    this.#scanner = new ItemScanner(what);
  }

  feed(chunk: Uint8Array): void {
    this.#arriving.append(chunk);
  }

  next(): V | undefined {
    for (;;) {
      if (this.#items !== undefined && this.#items > 0) {
        const { start } = this.#arriving;
        const item = this.#take(this.#readItem);
        if (this.#arriving.start === start) return undefined;
        this.#items--;
        if (item !== undefined) return item;
        continue;
      }
      if (this.#items === 0) this.#items = this.#key = undefined;
      if (!this.#step()) return undefined;
    }
  }

  end(): void {
    if (this.#left !== 0 || this.#key !== undefined) throw this.#error('it ends too early');
    if (this.#arriving.start < this.#arriving.bytes.length) throw this.#error('something follows it');
    const list = { metadata: {}, ...Object.fromEntries(this.#members), items: [] };
    this.list = refuseFailure(list) as KubernetesList<never>;
  }

  /** Takes the next of what is around the items. @returns false when more bytes are needed, or there is nothing else. */
  #step(): boolean {
    if (this.#left === undefined) {
      const head = this.#head();
      if (head && head.major !== Major.tag && head.major !== Major.map) throw this.#error('expected a list of objects');
      if (head?.major === Major.map) this.#left = head.argument;
      return head !== undefined;
    }
    if (this.#key === undefined) return this.#left > 0 && this.#takeKey();
    if (this.#key === 'items') return this.#beginItems();
    const value = this.#take((bytes, start, end) => [this.#reader.open(bytes, start, end).value()]);
    if (value === undefined) return false;
    this.#members.set(this.#key, value[0]);
    this.#key = undefined;
    return true;
  }

  #takeKey(): boolean {
    const key = this.#take((bytes, start, end) => this.#reader.open(bytes, start, end).key());
    if (key === undefined) return false;
    if (this.#members.has(key)) throw this.#error('a key is there twice');
    this.#members.set(key, undefined);
    this.#key = key;
    this.#left!--;
    return true;
  }

  #beginItems(): boolean {
    const head = this.#head();
    if (head && head.major !== Major.array && !head.isNull) throw this.#error('expected a list of objects');
    // Go encodes an empty list as null.
    if (head) this.#items = head.isNull ? 0 : head.argument;
    return head !== undefined;
  }

  #take<R>(read: (bytes: Uint8Array, start: number, end: number) => R): R | undefined {
    const { bytes, start } = this.#arriving;
    const end = this.#scanner.end(bytes, start);
    if (end === undefined) return undefined;
    this.#arriving.start = end;
    return read(bytes, start, end);
  }

  #head(): Head | undefined {
    const { bytes, start } = this.#arriving;
    const first = bytes[start];
    if (first === undefined) return undefined;
    const count = argumentBytes(first);
    if (count < 0) throw this.#error(noArgument(first));
    const end = start + 1 + count;
    if (end > bytes.length) return undefined;
    this.#arriving.start = end;
    const value = count === 0 ? first & 31 : argument(bytes, start + 1, count);
    return { major: first >> 5, argument: value, isNull: first === Null };
  }

  #error(problem: string): CborError {
    return new CborError(this.#what, problem);
  }
}
