import { backoffDelays } from './backoff-delays.js';
import type { BackoffOptions } from './backoff.js';
import { type Clock, realClock, sleep } from './clock.js';
import { isConflict } from './errors/guards.js';

/** For conflicts among clients that know nothing of each other: they are rare, and over at once. */
export const DefaultRetry: BackoffOptions = { durationMs: 10, factor: 1, jitter: 0.1, steps: 5 };

/** For conflicts with controllers that are at work on the object, and will be for a while. */
export const DefaultBackoff: BackoffOptions = { durationMs: 10, factor: 5, jitter: 0.1, steps: 4 };

/** How often, and how long. */
export interface RetryOptions {
  /**
   * Pauses between attempts: as they grow, where `steps` is the number of attempts, or one by one, in milliseconds. Default:
   * {@link DefaultRetry}, as client-go.
   */
  backoff?: BackoffOptions | Iterable<number> | undefined;
  clock?: Clock | undefined;
  /** Ends the waiting between attempts, but no attempt that runs; the promise rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
}

/**
 * Calls `attempt` until it succeeds, fails with an error that is not `retriable`, or attempts run out.
 *
 * @throws what the last attempt threw, or `signal.reason`.
 */
export async function retryOnError<R>(
  retriable: (error: unknown) => boolean,
  attempt: () => Promise<R>,
  options: RetryOptions = {},
): Promise<R> {
  const { backoff = DefaultRetry, clock = realClock, signal } = options;
  signal?.throwIfAborted();
  const delays = Symbol.iterator in backoff ? backoff : backoffDelays(backoff, () => clock.random());
  const pauses = delays[Symbol.iterator]();
  for (;;) {
    let pause: IteratorResult<number, unknown>;
    try {
      return await attempt();
    } catch (error) {
      if (!retriable(error)) throw error;
      pause = pauses.next();
      if (pause.done) throw error;
    }
    await sleep(clock, pause.value, signal);
  }
}

/**
 * Runs a read-modify-write until it meets no conflict. `attempt` must read the object afresh each time.
 *
 * ```ts
 * await retryOnConflict(async () => {
 *   const current = await deployments.get('web');
 *   return deployments.update({ ...current, spec: { ...current.spec, replicas: 3 } });
 * });
 * ```
 */
export function retryOnConflict<R>(attempt: () => Promise<R>, options?: RetryOptions): Promise<R> {
  return retryOnError(isConflict, attempt, options);
}
