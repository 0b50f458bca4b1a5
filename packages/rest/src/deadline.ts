import type { Clock } from '@client-ts/apimachinery';
import { linkSignal } from './link-signal.js';

/** A limit of the client was reached, not of the server or the network. */
export class DeadlineExceededError extends Error {
  override readonly name = 'DeadlineExceededError';
}

export interface Limits {
  readonly clock: Clock;
  /** The operation, for the error's message. */
  readonly what: string;
  /** Default: none. It is never aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Default: any time. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Lets `controller` abort when the signal does, or when time runs out.
 *
 * @returns what must be called in the end: it takes the timer and the listener away.
 */
export function limit(controller: AbortController, { clock, what, signal, timeoutMs }: Limits): () => void {
  const unlink = linkSignal(signal, controller);
  if (timeoutMs === undefined) return unlink;
  const exceeded = (): void => controller.abort(new DeadlineExceededError(`${what}: not done within ${timeoutMs} ms`));
  const timer = clock.setTimeout(exceeded, timeoutMs);
  return () => {
    clock.clearTimeout(timer);
    unlink();
  };
}
