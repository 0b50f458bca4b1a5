import type { BodyDecoder, KubernetesObject, WatchEvent } from '@client-ts/apimachinery';
import { isFailureStatus, StatusError } from '@client-ts/apimachinery/errors';
import type { ReadOrTell } from '../read-or-tell.js';
import { ArrivingBytes } from './arriving-bytes.js';
import type { CborReader } from './cbor-reader.js';
import { ItemScanner } from './item-scanner.js';

const Types: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

/** Decodes the body of a watch: one event after the other (RFC 8742), each a map of `type` and `object`. */
export class WatchDecoder<V extends KubernetesObject> implements BodyDecoder<WatchEvent<V>> {
  readonly #reader: CborReader;
  readonly #readObject: ReadOrTell<V>;
  readonly #scanner: ItemScanner;
  readonly #arriving: ArrivingBytes = new ArrivingBytes();

  /** @param reader - for what is around the objects. */
  constructor(what: string, reader: CborReader, readObject: ReadOrTell<V>) {
    this.#reader = reader;
    this.#readObject = readObject;
    this.#scanner = new ItemScanner(what);
  }

  feed(chunk: Uint8Array): void {
    this.#arriving.append(chunk);
  }

  next(): WatchEvent<V> | undefined {
    const { bytes } = this.#arriving;
    for (;;) {
      const { start } = this.#arriving;
      const end = this.#scanner.end(bytes, start);
      if (end === undefined) return undefined;
      this.#arriving.start = end;
      const event = this.#event(bytes, start, end);
      if (event) return event;
    }
  }

  end(): void {
    if (this.#arriving.start < this.#arriving.bytes.length) throw this.#reader.error('an event was cut off');
  }

  #event(bytes: Uint8Array, from: number, to: number): WatchEvent<V> | undefined {
    const reader = this.#reader.open(bytes, from, to);
    let type: unknown;
    let object: readonly [start: number, end: number] | undefined;
    for (let left = reader.map(); left > 0; left--) {
      const key = reader.key();
      const start = reader.position;
      if (key === 'type') type = reader.value();
      else reader.skip();
      if (key === 'object') object = [start, reader.position];
    }
    if (!object) throw reader.error(`an event of type ${JSON.stringify(type)} has no object`);
    if (type === 'ERROR') throw this.#failure(bytes, ...object);
    if (!Types.has(type)) throw reader.error(`there is no event of type ${JSON.stringify(type)}`);
    const value = this.#readObject(bytes, ...object, type as WatchEvent<V>['type']);
    return value && ({ type, object: value } as WatchEvent<V>);
  }

  #failure(bytes: Uint8Array, start: number, end: number): Error {
    const status = this.#reader.open(bytes, start, end).value();
    return isFailureStatus(status)
      ? new StatusError(status)
      : this.#reader.error('the object of an ERROR event is no Status');
  }
}
