/** When a line was written, as exactly as the server says it. */
export interface LogTime {
  /** As the server sent it: RFC 3339 with nanoseconds. */
  readonly text: string;
  /** Whole seconds since the epoch. */
  readonly seconds: number;
  /** Of the second. */
  readonly nanos: number;
}

/** A time with nanoseconds and an offset; no server sends a longer one. */
export const MaxTimeBytes = 36;

const Space = 32;
const Timestamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** Reads the times that lines begin with. Most are of the same second as the one before, which is then not worked out again. */
export class LogTimeReader {
  #second = '';
  #seconds = 0;

  /** The time before the first space, or `undefined` when the line does not begin with one. */
  read(line: Uint8Array): LogTime | undefined {
    const end = line.subarray(0, MaxTimeBytes).indexOf(Space);
    if (end < 20) return undefined;
    const text = String.fromCharCode(...line.subarray(0, end));
    const [, local, fraction = '', zone] = Timestamp.exec(text) ?? [];
    if (local === undefined || zone === undefined) return undefined;
    const second = local + zone;
    if (second !== this.#second) {
      this.#seconds = Date.parse(second) / 1000;
      this.#second = second;
    }
    if (Number.isNaN(this.#seconds)) return undefined;
    return { text, seconds: this.#seconds, nanos: Number(fraction.padEnd(9, '0')) };
  }
}

/** Negative when `one` is earlier than `other`. */
export function compareLogTimes(one: LogTime, other: LogTime): number {
  return one.seconds - other.seconds || one.nanos - other.nanos;
}
