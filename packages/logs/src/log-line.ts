import type { Piece } from './line-cutter.js';
import { textOfTime } from './log-time.js';
import type { LogSource } from './pod-log-error.js';

/** A line of a log, and where it comes from. */
export interface LogLine extends LogSource {
  /**
   * When it was written: RFC 3339 with nanoseconds, as the server says it. `undefined` for what the server says itself, and for the rest
   * of a line that began before what was asked for.
   */
  readonly time: string | undefined;
  /**
   * What was written, without the newline and otherwise as it is: a carriage return or an escape sequence of terminals is part of it. What
   * is no UTF-8 is replaced (U+FFFD).
   */
  readonly text: string;
  /** The line does not end here: the next of this container goes on with it, or it is the last and has no newline. */
  readonly partial: boolean;
}

/** A byte order mark is text as any other. */
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

export function lineOf({ namespace, pod, container }: LogSource, { time, bytes, ends }: Piece): LogLine {
  return { namespace, pod, container, time: time && textOfTime(time), text: decoder.decode(bytes), partial: !ends };
}
