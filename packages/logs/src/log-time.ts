/** When a line was written, as exactly as the server says it. */
export interface LogTime {
  /** Whole seconds since the epoch. */
  readonly seconds: number;
  /** Of the second. */
  readonly nanos: number;
  /** Bytes of the time before its line. */
  readonly length: number;
  /** As the server sent it, up to the second, and from the fraction on. */
  readonly second: string;
  readonly fraction: string | undefined;
}

/** A time with nanoseconds and an offset; no server sends a longer one. */
export const MaxTimeBytes = 36;

const [Space, Dot, Zero, Z] = [32, 46, 48, 90];
/** Of the time up to the second, and of the time that kubelets send: nine digits and `Z`. */
const [SecondBytes, KubeletBytes] = [19, 30];
const Timestamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)((?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d))$/;

/** Reads the times that lines begin with. Most are of the same second as the one before, which is then not worked out again. */
export class LogTimeReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #second = '';
  #seconds = 0;

  /** The time before the first space, or `undefined` when the line does not begin with one. */
  read(line: Uint8Array): LogTime | undefined {
    return this.#isSameSecond(line) ? this.#readFraction(line) : this.#readAll(line);
  }

  #isSameSecond(line: Uint8Array): boolean {
    const bytes = this.#bytes;
    if (bytes.length === 0 || line[KubeletBytes] !== Space || line[KubeletBytes - 1] !== Z) return false;
    for (let index = 0; index < SecondBytes; index++) if (line[index] !== bytes[index]) return false;
    return line[SecondBytes] === Dot;
  }

  #readFraction(line: Uint8Array): LogTime | undefined {
    let nanos = 0;
    for (let index = SecondBytes + 1; index < KubeletBytes - 1; index++) {
      const digit = line[index]! - Zero;
      if (digit < 0 || digit > 9) return undefined;
      nanos = nanos * 10 + digit;
    }
    return { seconds: this.#seconds, nanos, length: KubeletBytes, second: this.#second, fraction: undefined };
  }

  #readAll(line: Uint8Array): LogTime | undefined {
    const length = line.subarray(0, MaxTimeBytes).indexOf(Space);
    if (length <= SecondBytes) return undefined;
    const text = String.fromCharCode(...line.subarray(0, length));
    const [, second, fraction, digits = '', zone] = Timestamp.exec(text) ?? [];
    if (second === undefined || zone === undefined) return undefined;
    const seconds = Date.parse(second + zone) / 1000;
    if (Number.isNaN(seconds)) return undefined;
    if (zone === 'Z') {
      this.#bytes = line.slice(0, SecondBytes);
      this.#second = second;
      this.#seconds = seconds;
    }
    return { seconds, nanos: Number(digits.padEnd(9, '0')), length, second, fraction };
  }
}

/** The time as the server sent it. */
export function textOfTime({ second, fraction, nanos }: LogTime): string {
  return second + (fraction ?? `.${String(nanos).padStart(9, '0')}Z`);
}

/** Negative when `one` is earlier than `other`. */
export function compareLogTimes(one: LogTime, other: LogTime): number {
  return one.seconds - other.seconds || one.nanos - other.nanos;
}
