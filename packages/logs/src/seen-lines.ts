import type { Piece } from './line-cutter.js';
import { compareLogTimes, type LogTime } from './log-time.js';
import { NumberList } from './number-list.js';

/**
 * How far lines may be behind others in a log, in seconds: a runtime reads what a container writes to its two outputs at the same
 * time, so that a line of one may come behind a later line of the other.
 */
const DisorderSeconds = 1;
/** Of the beginning and of the end of a line, which tell lines of the same nanosecond apart. */
const HashedBytes = 12;
const HashValues = 2 ** 22;

/**
 * Which lines of a log have been given, so that it can be asked for again after an interruption, and each is given once.
 *
 * Servers take a `sinceTime` of whole seconds, whatever they are sent. So they are asked for all from a second on, and what they send
 * again is known by its nanosecond and a hash of some of its bytes, and as often as it was given. The hash matters only when a log has
 * been rotated within a nanosecond: otherwise lines of the same time come again in the same order. What is remembered are the lines of
 * the last two seconds.
 *
 * What no client can tell: a rest of a line, which a runtime wrote in parts, from a line, when it looks like one with a time that is yet
 * to come; and, when fewer lines than all were asked for, a line before the first from those behind it that are the same to the nanosecond.
 *
 * A value without I/O.
 */
export class SeenLines {
  /** By second. */
  readonly #seconds = new Map<number, NumberList>();
  /** How often the stream has still to send each of them again. */
  #awaited = new Map<number, Map<number, number>>();
  /** The first line that was given. */
  #first: LogTime | undefined;
  /** The latest line that was given, of those that surely have a time. */
  #latest: LogTime | undefined;
  /** From which second on there may be lines that have not been given. */
  #since: number | undefined;
  /** Something was given. */
  #any = false;
  /** The last line that was given, as long as its end was not. */
  #open: { readonly second: number; readonly key: number; bytes: number } | undefined;
  /** The stream has not given a line. */
  #isAtStart = true;
  /** The stream sends lines again, and has come to none of them yet. */
  #isBeforeKnown = false;
  /** The line at hand was given, and so many bytes of it. */
  #isKnown = false;
  #skip = 0;

  /** @param since - from which second on the log was asked for in the first place, if any. */
  constructor(since: number | undefined) {
    this.#since = since;
  }

  /** The second from which on the log is to be asked for; `undefined`: as in the first place. */
  get since(): number | undefined {
    return this.#any ? this.#since : undefined;
  }

  /** Nobody could tell which lines are new: what was given has no times. */
  get isLost(): boolean {
    return this.#any && this.#since === undefined;
  }

  /** From now on come the pieces of a log that was asked for since {@link since}. */
  startStream(): void {
    this.#awaited = new Map([...this.#seconds].map(([second, keys]) => [second, keys.counts()]));
    this.#isAtStart = true;
    this.#isBeforeKnown = this.#awaited.size > 0;
  }

  /** What is new in a piece, if anything. */
  pass(piece: Piece): Piece | undefined {
    if (piece.starts) {
      const toSkip = this.#toSkip(piece);
      this.#isKnown = toSkip !== undefined;
      this.#skip = toSkip ?? 0;
    }
    if (!this.#isKnown) return this.#give(piece);
    const { bytes, ends } = piece;
    const rest = bytes.subarray(Math.min(this.#skip, bytes.length));
    const isUnwanted = this.#skip === Infinity || (rest.length === 0 && !ends);
    this.#skip = Math.max(this.#skip - bytes.length, 0);
    return isUnwanted ? undefined : this.#give({ ...piece, bytes: rest, starts: false });
  }

  #give(piece: Piece): Piece {
    this.#any = true;
    if (piece.ends) this.#open = undefined;
    else if (this.#open) this.#open.bytes += piece.bytes.length;
    return piece;
  }

  /** @returns how many bytes of the line that begins with the piece have been given, or are not wanted; `undefined` if it is new. */
  #toSkip({ time, bytes }: Piece): number | undefined {
    const isFirst = this.#isAtStart;
    this.#isAtStart = false;
    if (!time) {
      // The end of a line that began before the second that was asked for comes without its time.
      if (isFirst && this.#any) return !this.#first && this.#open ? this.#open.bytes : Infinity;
      this.#open = { second: NaN, key: NaN, bytes: 0 };
      return undefined;
    }
    const key = keyOf(time, bytes);
    const awaited = this.#awaited.get(time.seconds);
    const count = awaited?.get(key) ?? 0;
    if (count > 0) {
      awaited?.set(key, count - 1);
      this.#isBeforeKnown = false;
      const open = this.#open;
      return count === 1 && open?.key === key && open.second === time.seconds ? open.bytes : Infinity;
    }
    if (this.#isBeforeKnown && this.#isUnwanted(time, isFirst)) return Infinity;
    this.#isBeforeKnown = false;
    this.#remember(time, key, isFirst);
    return undefined;
  }

  /**
   * Lines before the first that was given come when fewer than all were asked for (`tailLines`), and then from a second on. And what
   * comes first may be the end of a line that only looks as if it began with a time.
   */
  #isUnwanted(time: LogTime, isFirst: boolean): boolean {
    if (!this.#first || this.#since === undefined) return false;
    return (isFirst || this.#first.seconds >= this.#since) && compareLogTimes(time, this.#latest ?? this.#first) <= 0;
  }

  #remember(time: LogTime, key: number, isFirst: boolean): void {
    this.#first ??= time;
    this.#open = { second: time.seconds, key, bytes: 0 };
    let keys = this.#seconds.get(time.seconds);
    if (!keys) this.#seconds.set(time.seconds, (keys = new NumberList()));
    keys.push(key);
    // A container must not be able to move the place from which its log is read, by a line that only looks as if it had a time.
    if (isFirst && this.#since !== undefined) return;
    if (!this.#latest || compareLogTimes(time, this.#latest) > 0) this.#latest = time;
    const since = Math.max(time.seconds - DisorderSeconds, this.#since ?? -Infinity);
    if (since === this.#since) return;
    this.#since = since;
    for (const second of this.#seconds.keys()) if (second < since) this.#seconds.delete(second);
  }
}

/** An integer that is exact as a number: 30 bits of the nanosecond, 22 of the text (FNV-1a). */
function keyOf({ nanos }: LogTime, bytes: Uint8Array): number {
  const { length } = bytes;
  let hash = 0x811c9dc5 ^ length;
  const beginning = Math.min(length, HashedBytes);
  for (let index = 0; index < beginning; index++) hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
  for (let index = Math.max(length - HashedBytes, 0); index < length; index++)
    hash = Math.imul(hash ^ bytes[index]!, 0x01000193);
  return nanos * HashValues + ((hash >>> 0) % HashValues);
}
