/** Time, injected so that tests run on virtual time. A subset of apimachinery's, which this package does not import. */
export interface Clock {
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Longest delay that timers of JavaScript runtimes take; the queue looks again when one fires early. */
const MaxTimeoutMs = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, Math.min(Math.max(ms, 0), MaxTimeoutMs)),
  clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
};
