import { type LogTime, LogTimeReader, MaxTimeBytes } from './log-time.js';

/** A line of a log, or a part of one that is too long. */
export interface Piece {
  /** `undefined` when the server gave none: for what goes on from a line before the beginning, and for its own words. */
  readonly time: LogTime | undefined;
  /** Without time and newline. */
  readonly bytes: Uint8Array;
  /** The line begins here. */
  readonly starts: boolean;
  /** The line ends here, with a newline. */
  readonly ends: boolean;
}

const Newline = 10;

/**
 * Cuts a log with timestamps into lines, wherever its chunks end. What is longer than `maxBytes` is cut there, at the same places
 * whatever the chunks, and never in a character of UTF-8. The work is linear.
 */
export class LineCutter {
  readonly #maxBytes: number;
  readonly #times = new LogTimeReader();
  /** What has come of a line since the last piece of it. */
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  /** Of a line of which pieces have been given. */
  #open: { readonly time: LogTime | undefined } | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The pieces that are complete with this chunk. They share its memory. */
  feed(chunk: Uint8Array): Piece[] {
    const pieces: Piece[] = [];
    let start = 0;
    for (let end = chunk.indexOf(Newline); end >= 0; end = chunk.indexOf(Newline, start)) {
      this.#cut(this.#joined(chunk.subarray(start, end)), true, pieces);
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#rest.push(chunk.subarray(start));
      this.#restBytes += chunk.length - start;
    }
    if (this.#restBytes > this.#maxBytes + MaxTimeBytes) this.#cut(this.#joined(), false, pieces);
    return pieces;
  }

  /** What is there of a last line without a newline. */
  flush(): Piece[] {
    const bytes = this.#joined();
    if (bytes.length === 0) return [];
    const pieces: Piece[] = [];
    const { time, bytes: rest, starts } = this.#cutLong(bytes, pieces);
    pieces.push({ time, bytes: rest, starts, ends: false });
    return pieces;
  }

  #cut(bytes: Uint8Array, ends: boolean, pieces: Piece[]): void {
    const { time, bytes: rest, starts } = this.#cutLong(bytes, pieces);
    if (ends) {
      pieces.push({ time, bytes: rest, starts, ends });
      this.#open = undefined;
      return;
    }
    this.#open = { time };
    this.#rest = [rest];
    this.#restBytes = rest.length;
  }

  /** @returns what is left when all that is too long has been cut off. */
  #cutLong(bytes: Uint8Array, pieces: Piece[]): Omit<Piece, 'ends'> {
    let starts = !this.#open;
    const time = this.#open ? this.#open.time : this.#times.read(bytes);
    let text = starts && time ? bytes.subarray(time.length + 1) : bytes;
    while (text.length > this.#maxBytes) {
      const end = endOfCharacter(text, this.#maxBytes);
      pieces.push({ time, bytes: text.subarray(0, end), starts, ends: false });
      text = text.subarray(end);
      starts = false;
    }
    return { time, bytes: text, starts };
  }

  #joined(last?: Uint8Array): Uint8Array {
    const parts = this.#rest;
    if (last && this.#restBytes === 0) return last;
    const joined = new Uint8Array(this.#restBytes + (last?.length ?? 0));
    let length = 0;
    for (const part of last ? [...parts, last] : parts) {
      joined.set(part, length);
      length += part.length;
    }
    this.#rest = [];
    this.#restBytes = 0;
    return joined;
  }
}

/** The last place up to `end` at which a character begins; `end` itself in what is no UTF-8. */
export function endOfCharacter(bytes: Uint8Array, end: number): number {
  for (let place = end; place > end - 4 && place > 0; place--) {
    if ((bytes[place]! & 0b1100_0000) !== 0b1000_0000) return place;
  }
  return end;
}
