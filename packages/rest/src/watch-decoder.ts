import type { BodyDecoder, WatchEvent } from '@client-ts/apimachinery';
import { LineSplitter } from './line-splitter.js';

const Newline = 0x0a;
const Space = 0x20;

/** Decodes the body of a watch: one JSON event a line. */
export class WatchDecoder<V> implements BodyDecoder<WatchEvent<V>> {
  readonly #eventOf: (line: Uint8Array) => WatchEvent<V> | undefined;
  readonly #splitter: LineSplitter;

  /**
   * @param what - is watched, for messages: `watch pods`.
   * @param eventOf - reads a line, and throws when it is no event; `undefined` is none either, and passed over. The line is only there for the time of the call.
   */
  constructor(what: string, eventOf: (line: Uint8Array) => WatchEvent<V> | undefined) {
    this.#eventOf = eventOf;
    this.#splitter = new LineSplitter(what);
  }

  feed(chunk: Uint8Array): void {
    this.#splitter.feed(chunk);
  }

  next(): WatchEvent<V> | undefined {
    for (let line = this.#splitter.next(); line; line = this.#splitter.next()) {
      const event = isBlank(line) ? undefined : this.#eventOf(line);
      if (event) return event;
    }
    return undefined;
  }

  /** What is behind the last newline is an event too: one that was cut off is an error, not dropped. */
  end(): void {
    this.#splitter.feed(Uint8Array.of(Newline));
  }
}

function isBlank(line: Uint8Array): boolean {
  // Without a call for lines that are not, as nearly all are.
  return !(line[0]! > Space) && line.every((byte) => byte <= Space);
}
