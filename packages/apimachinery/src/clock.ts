import { onAbort } from './on-abort.js';

/**
 * Time, randomness and scheduling, injected into everything that waits, so that tests run on virtual time.
 *
 * The browser's and Node's own timers keep a process alive; an implementation may not.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. Never goes backwards, unless it is the time of day that counts, as of `wallClock`. */
  now(): number;
  /** Calls `callback` once, not before `ms` milliseconds have passed. Delays above 2^31-1 ms fire early: re-check. */
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  /** Uniform in [0, 1). */
  random(): number;
  /** Resolves once the event loop has done all else that there is to do now. Left out: a timer of no time is as good. */
  nextTurn?(): Promise<void>;
}

/** Longest delay that timers of JavaScript runtimes take; longer ones would fire at once. */
const MaxTimeoutMs = 2 ** 31 - 1;

/** The runtime's own time. Monotonic: a step of the wall clock does not show. */
export const realClock: Required<Clock> = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, Math.min(Math.max(ms, 0), MaxTimeoutMs)),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  random: () => Math.random(),
  // In Node.js timers that come due while others run are run before anything else, so that work which goes on with timers may
  // hold up sockets for ever. Other runtimes may have nothing but timers.
  nextTurn: () => {
    const { setImmediate = setTimeout } = globalThis as { setImmediate?: (callback: () => void) => unknown };
    return new Promise((resolve) => void setImmediate(resolve));
  },
};

/**
 * The runtime's own time, told by the machine's clock: right for what expires, such as credentials and certificates. Unlike
 * {@link realClock} it goes on while the machine sleeps, and goes back when the machine's clock is set back.
 */
export const wallClock: Required<Clock> = { ...realClock, now: () => Date.now() };

/** Resolves after `ms` milliseconds; rejects with `signal.reason` when aborted first, leaving no timer behind. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const end = clock.now() + ms;
    let timer: unknown;
    const onTimer = (): void => {
      const rest = end - clock.now();
      if (rest > 0) {
        timer = clock.setTimeout(onTimer, rest);
        return;
      }
      stay?.();
      resolve();
    };
    const stay =
      signal &&
      onAbort(signal, () => {
        clock.clearTimeout(timer);
        reject(signal.reason as Error);
      });
    timer = clock.setTimeout(onTimer, ms);
  });
}
