import type { Clock } from '@client-ts/apimachinery';
import type { SilenceLimit } from './silence-limit.js';
import { WatchListUnsupportedError, WatchSilentError } from './watch-failure.js';
import { Watchdog } from './watchdog.js';

/** How much longer than asked for a watch may stay open before it counts as dead. */
const GraceMs = 30_000;
/** Longest wait for the next initial event. A server that does not know them never ends them. */
const InitialEventsTimeoutMs = 30_000;

/**
 * How long one watch is waited for: initial events have to go on, what follows has to give a sign of life within a limit,
 * and the end has to come about when it was asked for. When it does not, the signal aborts with the reason.
 */
export class WatchPatience implements Disposable {
  readonly #clock: Clock;
  readonly #limit: SilenceLimit;
  readonly #watchdog: Watchdog;
  #endMs: number;
  readonly #silent = (): Error => {
    const { ms } = this.#limit;
    this.#limit.exceeded();
    return new WatchSilentError(`the watch is open, but neither an event nor a bookmark came for ${ms} ms`);
  };
  #heardMs: number;
  #pausedMs = 0;

  /** @param timeoutMs - after this long the server was asked to end the watch. */
  constructor(clock: Clock, limit: SilenceLimit, timeoutMs: number, signal: AbortSignal) {
    this.#clock = clock;
    this.#limit = limit;
    this.#watchdog = new Watchdog(clock, signal);
    this.#heardMs = clock.now();
    this.#endMs = this.#heardMs + timeoutMs + GraceMs;
  }

  get signal(): AbortSignal {
    return this.#watchdog.signal;
  }

  /** The initial events begin, or go on. */
  initialEvents(nowMs: number = this.#clock.now()): void {
    this.#watchdog.arm(InitialEventsTimeoutMs, initialEventsOverdue, nowMs);
  }

  /** The watch has begun, an event has come, or the initial events have ended. */
  heard(nowMs: number = this.#clock.now()): void {
    this.#heardMs = nowMs;
    const leftMs = this.#endMs - nowMs;
    if (leftMs < this.#limit.ms) this.#watchdog.arm(leftMs, endOverdue, nowMs);
    else this.#watchdog.arm(this.#limit.ms, this.#silent, nowMs);
  }

  /** The request is sent again after so long: nothing can come before, and what was waited for begins then. */
  retrying(delayMs: number, initial: boolean): void {
    this.#endMs += delayMs;
    if (initial) this.#watchdog.arm(delayMs + InitialEventsTimeoutMs, initialEventsOverdue);
    else this.#watchdog.arm(delayMs + this.#limit.ms, this.#silent);
  }

  /** Nothing is read until {@link resumed}: it is not the server that is silent. */
  paused(): void {
    this.#pausedMs = this.#clock.now();
    this.#watchdog.disarm();
  }

  /** What was waited for begins now, and the end may have to be read as late as it would have come. */
  resumed(): void {
    this.#endMs += this.#clock.now() - this.#pausedMs;
    this.heard();
  }

  bookmark(nowMs: number): void {
    this.#limit.bookmark(nowMs - this.#heardMs);
    this.heard(nowMs);
  }

  /** Ends the watch, which is of no use any more. */
  giveUp(reason: Error): void {
    this.#watchdog.abort(reason);
  }

  [Symbol.dispose](): void {
    this.#watchdog[Symbol.dispose]();
  }
}

function endOverdue(): Error {
  return new WatchSilentError('the watch is open for longer than the server was asked for');
}

function initialEventsOverdue(): Error {
  return new WatchListUnsupportedError(`the initial events did not go on for ${InitialEventsTimeoutMs} ms`);
}
