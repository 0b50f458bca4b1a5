import { Backoff, type BackoffOptions } from './backoff.js';
import { type Clock, realClock, sleep } from './clock.js';
import { isConflict } from './errors/guards.js';

/** How often, and how long. */
export interface RetryOptions {
  /** Delays between attempts; `steps` is the number of attempts. Default: 5 attempts, 10 ms apart, as client-go. */
  backoff?: BackoffOptions | undefined;
  clock?: Clock | undefined;
  /** Ends the waiting between attempts, but no attempt that runs; the promise rejects with `signal.reason`. */
  signal?: AbortSignal | undefined;
}

/** For conflicts among clients that know nothing of each other: they are rare, and over at once. */
const DefaultRetry: BackoffOptions = { durationMs: 10, factor: 1, jitter: 0.1, steps: 5 };

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
  const { backoff: delays = DefaultRetry, clock = realClock, signal } = options;
  signal?.throwIfAborted();
  const backoff = new Backoff(delays, clock);
  for (let left = delays.steps ?? Infinity; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 1 || !retriable(error)) throw error;
    }
    await sleep(clock, backoff.step(), signal);
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
