import type { Clock } from '@client-ts/apimachinery';
import { linkSignal } from './link-signal.js';

/** A limit of the client was reached, not of the server or the network. */
export class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError';
}

/**
 * A signal that aborts when the caller's does, or when time runs out. It must be disposed of: that takes the timer and the
 * listener away. The caller's signal is never aborted.
 */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal | undefined;
}

/** @param what - the operation, for the error's message. */
export function newDeadline(
  clock: Clock,
  what: string,
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
): Deadline {
  if (timeoutMs === undefined) return { signal, [Symbol.dispose]: () => {} };
  const controller = new AbortController();
  const timer = clock.setTimeout(
    () => controller.abort(new DeadlineExceededError(`${what}: not done within ${timeoutMs} ms`)),
    timeoutMs,
  );
  const release = linkSignal(signal, controller);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clock.clearTimeout(timer);
      release();
    },
  };
}
