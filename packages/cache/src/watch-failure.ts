import {
  isBadRequest,
  isInvalid,
  isResourceExpired,
  isGone,
  isStatusError,
  isTooLargeResourceVersion,
  isTooManyRequests,
  suggestsClientDelay,
} from '@client-ts/apimachinery/errors';

/** What a failed list or watch means for what comes next. */
export type FailureKind =
  /** The version is too old, or newer than the server's cache: only a consistent read helps. */
  | 'expired'
  /** The server is busy or not there: what was asked for is right, and is to be asked for again later. */
  | 'unavailable'
  /** The connection broke: the watch goes on from where it was. */
  | 'disconnected'
  /** Nothing came for too long: the other end may be gone. */
  | 'silent'
  /** The server does not do what was asked, and never will. */
  | 'unsupported'
  /** Everything else: start over with a list. */
  | 'failed';

/** The watch stayed open without a sign of life for longer than the server should let it. */
export class WatchSilentError extends Error {
  override readonly name = 'WatchSilentError';
}

/** Nothing, or nothing more, came of a list for longer than it should take. */
export class ListTimeoutError extends Error {
  override readonly name = 'ListTimeoutError';
}

/** The server closed the watch at once and in good order, as proxies do that do not want to say what is wrong. */
export class VeryShortWatchError extends Error {
  override readonly name = 'VeryShortWatchError';
}

/** The server took the request for initial events, and did not send them, or not to their end. */
export class WatchListUnsupportedError extends Error {
  override readonly name = 'WatchListUnsupportedError';
}

/** What reads from a Reflector could not store a change: only a list can bring it again. */
export class StoreRefusedError extends Error {
  override readonly name = 'StoreRefusedError';
}

/** An object was deleted, and its key cannot be read: only a list tells which. */
export class UnknownDeletionError extends Error {
  override readonly name = 'UnknownDeletionError';

  constructor() {
    super('an object was deleted whose key cannot be read');
  }
}

export function classifyFailure(error: unknown): FailureKind {
  if (error instanceof WatchSilentError || error instanceof ListTimeoutError) return 'silent';
  if (isResourceExpired(error) || isGone(error) || isTooLargeResourceVersion(error)) return 'expired';
  if (isTooManyRequests(error)) return 'unavailable';
  if (error instanceof WatchListUnsupportedError || isInvalid(error) || isBadRequest(error)) return 'unsupported';
  if (isStatusError(error)) return 'failed';
  // No HTTP in here: a transport's error is known by its data alone.
  const failure = (error as { failure?: unknown } | null | undefined)?.failure;
  if (failure === 'connect') return 'unavailable';
  if (failure === 'reset' || failure === 'truncated' || failure === 'timeout') return 'disconnected';
  return 'failed';
}

/** Milliseconds that the server asks to wait for, or 0. */
export function requestedDelayMs(error: unknown): number {
  return (suggestsClientDelay(error) ?? 0) * 1000;
}
