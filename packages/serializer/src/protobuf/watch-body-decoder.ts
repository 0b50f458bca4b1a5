import { type BodyDecoder, type DecodeOptions, type GroupVersionKind, type WatchEvent } from '@client-ts/apimachinery';
import { type ReadOrTell, readOrTell } from '../read-or-tell.js';
import { ByteQueue } from './byte-queue.js';
import { EnvelopeReader } from './envelope.js';
import { FieldScanner } from './field-scanner.js';
import { MaxObjectBytes } from './list-body-decoder.js';
import type { ObjectReader, Objects } from './objects.js';
import { ProtobufError, quoted } from './protobuf-error.js';

/** Before each event: its length, the highest byte first. */
const LengthBytes = 4;

/** Tags of a `WatchEvent`, and of the `RawExtension` that is its object. */
const EventTag = { Type: 10, Object: 18, Raw: 10 } as const;

/** Decodes the body of a watch, event by event. */
export class ProtobufWatchDecoder<V> implements BodyDecoder<WatchEvent<V>> {
  readonly #objects: Objects;
  readonly #options: DecodeOptions;
  readonly #readerOf: (type: GroupVersionKind) => ObjectReader<V>;
  /** For objects of the last type: there is one as a rule. */
  #reader: { readonly type: GroupVersionKind; readonly read: ObjectReader<V> } | undefined;
  readonly #queue: ByteQueue = new ByteQueue();
  readonly #fields: FieldScanner;
  readonly #envelopes: EnvelopeReader;
  /** Reads an object within what says its type. */
  readonly #read: ReadOrTell<V>;

  /** @param readerOf - gives what makes values of the bytes of objects of one type. */
  constructor(objects: Objects, options: DecodeOptions, readerOf: (type: GroupVersionKind) => ObjectReader<V>) {
    this.#objects = objects;
    this.#options = options;
    this.#readerOf = readerOf;
    this.#fields = new FieldScanner(options.what);
    const envelopes = new EnvelopeReader({ what: options.what, type: options.type, text: objects.text });
    this.#envelopes = envelopes;
    this.#read = readOrTell(
      (bytes, from, to) => {
        const { type, start, end } = envelopes.open(bytes, from, to);
        return this.#readerFor(type)(bytes, start, end);
      },
      (bytes, from, to) => {
        const { type, start, end } = envelopes.open(bytes, from, to);
        return objects.metadata(type, options.what)(bytes, start, end);
      },
      options,
    );
  }

  feed(chunk: Uint8Array): void {
    this.#queue.feed(chunk);
  }

  next(): WatchEvent<V> | undefined {
    const queue = this.#queue;
    for (;;) {
      if (!queue.has(LengthBytes)) return undefined;
      const { bytes, at } = queue;
      const length = ((bytes[at]! * 256 + bytes[at + 1]!) * 256 + bytes[at + 2]!) * 256 + bytes[at + 3]!;
      if (length > MaxObjectBytes) throw this.#error(`an event has more than ${MaxObjectBytes} bytes`);
      if (!queue.has(LengthBytes + length)) return undefined;
      const start = queue.at + LengthBytes;
      queue.at = start + length;
      const event = this.#event(queue.bytes, start, queue.at);
      if (event) return event;
    }
  }

  end(): void {
    if (this.#queue.length > 0) throw this.#error('the last event is cut off');
  }

  #event(bytes: Uint8Array, from: number, to: number): WatchEvent<V> | undefined {
    const { type, rawStart, rawEnd } = this.#parts(bytes, from, to);
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED':
      case 'BOOKMARK': {
        const object = this.#read(bytes, rawStart, rawEnd, type);
        return object && ({ type, object } as WatchEvent<V>);
      }
      case 'ERROR': {
        const { type: statusType, start, end } = this.#envelopes.open(bytes, rawStart, rawEnd);
        this.#objects.refuseFailure(statusType, bytes, start, end, this.#options.what);
        throw this.#error('got an ERROR event whose object is no Status');
      }
      default:
        throw this.#error(`got invalid watch event type: ${quoted(type)}`);
    }
  }

  #parts(bytes: Uint8Array, start: number, end: number): { type: string; rawStart: number; rawEnd: number } {
    const fields = this.#fields;
    let type = '';
    let object = { start: end, end };
    fields.open(bytes, start, end);
    while (fields.next()) {
      if (fields.tag === EventTag.Type) type = this.#objects.text.read(bytes, fields.start, fields.end);
      else if (fields.tag === EventTag.Object) object = { start: fields.start, end: fields.end };
    }
    let raw = { start: end, end };
    fields.open(bytes, object.start, object.end);
    while (fields.next()) if (fields.tag === EventTag.Raw) raw = { start: fields.start, end: fields.end };
    return { type, rawStart: raw.start, rawEnd: raw.end };
  }

  #readerFor(type: GroupVersionKind): ObjectReader<V> {
    const known = this.#reader?.type;
    if (known?.kind !== type.kind || known.group !== type.group || known.version !== type.version) {
      this.#reader = { type, read: this.#readerOf(type) };
    }
    return this.#reader!.read;
  }

  #error(text: string): ProtobufError {
    return new ProtobufError(`${this.#options.what}: ${text}`);
  }
}
