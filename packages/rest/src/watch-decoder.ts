import type { WatchEvent } from '@client-ts/apimachinery';
import { StatusError } from '@client-ts/apimachinery/errors';
import { isFailureStatus } from './failure-status.js';
import { LineSplitter } from './line-splitter.js';

/** Larger than any object that etcd takes, with room for its encoding; client-go's limit. */
const MaxFrameBytes = 16 * 1024 * 1024;

/** The stream of a watch is not what it should be. */
export class WatchDecodeError extends Error {
  override readonly name = 'WatchDecodeError';
}

/**
 * Decodes the body of a watch: one JSON event a line.
 *
 * Throws a `StatusError` for an ERROR event, and a {@link WatchDecodeError} for anything that is no event.
 */
export class WatchDecoder<T> {
  readonly #what: string;
  readonly #splitter: LineSplitter = new LineSplitter(MaxFrameBytes);
  readonly #text: TextDecoder = new TextDecoder();

  /** @param what - is watched, for messages: `watch pods`. */
  constructor(what: string) {
    this.#what = what;
  }

  /** The events that `chunk` completes. */
  *push(chunk: Uint8Array): Generator<WatchEvent<T>, void, void> {
    for (const line of this.#splitter.push(chunk)) {
      if (line.length > 0) yield this.#decode(this.#text.decode(line));
    }
  }

  /** The event after the last newline, if there is one: an event that was cut off is an error, not dropped. */
  *end(): Generator<WatchEvent<T>, void, void> {
    const rest = this.#text.decode(this.#splitter.rest());
    if (rest.trim() !== '') yield this.#decode(rest);
  }

  #decode(text: string): WatchEvent<T> {
    const { type, object } = this.#parse(text);
    if (typeof object !== 'object' || object === null) {
      throw new WatchDecodeError(`${this.#what}: got an event of type ${JSON.stringify(type)} without object`);
    }
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
