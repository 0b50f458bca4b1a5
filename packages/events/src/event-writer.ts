import { type Clock, type KubernetesObject, type RequestOptions, sleep } from '@client-ts/apimachinery';
import {
  hasStatusCause,
  isAlreadyExists,
  isServerTimeout,
  isServiceUnavailable,
  isStatusError,
  isTimeout,
  isTooManyRequests,
} from '@client-ts/apimachinery/errors';

/** How often an event is tried to be written, as client-go does. */
const MaxTries = 12;

/** How long one try may take: a server that says nothing is not to hold up all events. */
const TryTimeoutMs = 30_000;

/** How long events have until the broadcaster is closed. */
export interface ClosingSignals {
  /** No pauses any more: what waits for its next try has it now, and that is the last. */
  readonly hurry: AbortSignal;
  /** No requests any more. */
  readonly stop: AbortSignal;
}

export type Written<E> =
  | { readonly outcome: 'sent'; readonly stored: E }
  /** `expected`: as happens in good order, and nobody has to hear of it. */
  | { readonly outcome: 'rejected'; readonly error: unknown; readonly expected: boolean }
  | { readonly outcome: 'unreachable'; readonly error: unknown }
  | { readonly outcome: 'closed' };

export interface WriteOptions {
  readonly timers: Clock;
  readonly closing: ClosingSignals;
  /** Between tries, in milliseconds, when this many have failed. */
  readonly pauseMs: (tries: number) => number;
}

/**
 * Writes an event, and tries again where no server has answered or it was too busy. Whatever else a server answers would be its
 * answer again.
 *
 * @param write - is told how many tries have failed before.
 */
export async function writeEvent<E extends KubernetesObject>(
  write: (tries: number, options: RequestOptions) => Promise<E>,
  { timers, closing, pauseMs }: WriteOptions,
): Promise<Written<E>> {
  const { hurry, stop } = closing;
  for (let tries = 0; ;) {
    const last = hurry.aborted;
    try {
      if (stop.aborted) return { outcome: 'closed' };
      return { outcome: 'sent', stored: await write(tries, { signal: stop, timeoutMs: TryTimeoutMs }) };
    } catch (error) {
      if (stop.aborted) return { outcome: 'closed' };
      if (isFinal(error)) return { outcome: 'rejected', error, expected: isExpected(error) };
      tries++;
      if (tries >= MaxTries || last) return { outcome: 'unreachable', error };
    }
    await sleep(timers, pauseMs(tries), hurry).catch(() => {});
  }
}

/** Thrown by a writer whose event has to be written in another way: counts as a try. */
export class WriteAgainError extends Error {
  override readonly name = 'WriteAgainError';
}

/**
 * Unlike client-go, which takes every answer for the last word, those of a server that has no time now are not: an event should
 * survive that a server is started anew.
 */
function isFinal(error: unknown): boolean {
  if (isStatusError(error)) {
    return !(isTooManyRequests(error) || isServiceUnavailable(error) || isServerTimeout(error) || isTimeout(error));
  }
  // A request that no server could understand.
  return error instanceof Error && error.name === 'RequestError';
}

function isExpected(error: unknown): boolean {
  return isAlreadyExists(error) || hasStatusCause(error, 'NamespaceTerminating');
}
