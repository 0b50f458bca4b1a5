import type { Clock } from '@client-ts/apimachinery';
import type { SilenceLimit } from './silence-limit.js';
import { WatchListUnsupportedError, WatchSilentError } from './watch-failure.js';
import { Watchdog } from './watchdog.js';

/** How much longer than asked for a watch may stay open before it counts as dead. */
const GraceMs = 30_000;
/** Longest wait for the next initial event. */
const InitialEventsTimeoutMs = 30_000;
/**
 * What each of them gives back of that wait. Those that come as fast, or faster, may go on; objects that are created now and then
 * are what a server that does not know initial events tells of, and it never ends them.
 */
const InitialEventMs = 1000;

/**
 * How long one watch is waited for: initial events have to go on, and to end before the watch has to; what follows has to give
 * a sign of life within a limit; and the end has to come about when it was asked for. When it does not, the signal aborts with
 * the reason.
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
  /** By then the next initial event has to come. */
  #initialByMs = 0;
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

  /** Initial events have been asked for; the request is sent after so long. */
  initialEvents(delayMs = 0): void {
    const nowMs = this.#clock.now();
    this.#awaitInitial(nowMs + delayMs + InitialEventsTimeoutMs, nowMs);
  }

  /** An initial event has come with a new object. */
  initialEvent(nowMs: number): void {
    this.#awaitInitial(Math.min(this.#initialByMs + InitialEventMs, nowMs + InitialEventsTimeoutMs), nowMs);
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
    if (initial) this.initialEvents(delayMs);
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

  /** Whether the time has come at which the server was asked to end the watch. */
  isOver(): boolean {
    return this.#clock.now() >= this.#endMs - GraceMs;
  }

  /** Ends the watch, which is of no use any more. */
  giveUp(reason: Error): void {
    this.#watchdog.abort(reason);
  }

  [Symbol.dispose](): void {
    this.#watchdog[Symbol.dispose]();
  }

  #awaitInitial(byMs: number, nowMs: number): void {
    this.#initialByMs = byMs;
    this.#watchdog.arm(Math.min(byMs, this.#endMs) - nowMs, initialEventsOverdue, nowMs);
  }
}

function endOverdue(): Error {
  return new WatchSilentError('the watch is open for longer than the server was asked for');
}

function initialEventsOverdue(): Error {
  return new WatchListUnsupportedError('the initial events did not go on, or did not end, in time');
}
