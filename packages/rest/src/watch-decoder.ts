import type { BodyDecoder, DecodeOptions, WatchEvent } from '@client-ts/apimachinery';
import { isFailureStatus, StatusError } from '@client-ts/apimachinery/errors';
import { JsonScanner } from './json-scanner.js';
import { LineSplitter } from './line-splitter.js';
import { dropManagedFields } from './managed-fields.js';

const Newline = 0x0a;

/** The stream of a watch is not what it should be. */
export class WatchDecodeError extends Error {
  override readonly name = 'WatchDecodeError';
}

/**
 * Decodes the body of a watch: one JSON event a line.
 *
 * Throws a `StatusError` for an ERROR event, and a {@link WatchDecodeError} for anything that is no event.
 */
export class WatchDecoder<T> implements BodyDecoder<WatchEvent<T>> {
  readonly #what: string;
  readonly #dropManagedFields: boolean;
  readonly #splitter: LineSplitter;

  constructor({ what, dropManagedFields = false }: Omit<DecodeOptions, 'type'>) {
    this.#what = what;
    this.#splitter = new LineSplitter(what);
    this.#dropManagedFields = dropManagedFields;
  }

  feed(chunk: Uint8Array): void {
    this.#splitter.feed(chunk);
  }

  next(): WatchEvent<T> | undefined {
    for (let line = this.#splitter.next(); line; line = this.#splitter.next()) {
      const text = this.#textOf(line);
      if (text.trim() !== '') return this.#decode(text);
    }
    return undefined;
  }

  /** What is behind the last newline is an event too: one that was cut off is an error, not dropped. */
  end(): void {
    this.#splitter.feed(Uint8Array.of(Newline));
  }

  #textOf(line: Uint8Array): string {
    const scanner = new JsonScanner();
    if (this.#dropManagedFields) {
      scanner.seek(2);
      // To the beginning of the object, and to the end of its metadata, which come first.
      scanner.advance(line, 2);
      scanner.advance(line, 2);
    }
    return scanner.text(line, 0, line.length);
  }

  #decode(text: string): WatchEvent<T> {
    const { type, object } = this.#parse(text);
    if (typeof object !== 'object' || object === null) {
      throw new WatchDecodeError(`${this.#what}: got an event of type ${JSON.stringify(type)} without object`);
    }
    if (this.#dropManagedFields) dropManagedFields(object);
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED':
      case 'BOOKMARK':
        return { type, object } as WatchEvent<T>;
      case 'ERROR':
        if (isFailureStatus(object)) throw new StatusError(object);
        throw new WatchDecodeError(`${this.#what}: got an ERROR event whose object is no Status`);
      default:
        throw new WatchDecodeError(`${this.#what}: got invalid watch event type: ${JSON.stringify(type)}`);
    }
  }

  #parse(text: string): { readonly type?: unknown; readonly object?: unknown } {
    try {
      return (JSON.parse(text) ?? {}) as { type?: unknown; object?: unknown };
    } catch (cause) {
      throw new WatchDecodeError(`${this.#what}: unable to decode an event: it is not JSON, or was cut off`, { cause });
    }
  }
}
