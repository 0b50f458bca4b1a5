import { isForbidden, isNotFound, isStatusError, isUnauthorized } from '@client-ts/apimachinery/errors';
import { classifyFailure, StoreRefusedError } from './watch-failure.js';

/** What a failure says about who can help. */
export type FailureClass =
  /** Time: the server or the way to it is busy, broken or silent. */
  | 'transient'
  /** A new list: what was asked for is too old, or not there yet. Part of the life of a watch. */
  | 'expired'
  /** Whoever gives permissions: the server does not let us list or watch. */
  | 'forbidden'
  /** Whoever installs: the server does not serve the resource, such as that of a CRD that is not there. */
  | 'resourceGone'
  /** Nobody soon: the answer is not what the API promises, or a proxy's, or the request is refused for what it is. */
  | 'protocol'
  /** Whoever made the store: it threw, and is brought up to date by a new list. */
  | 'store';

export function failureClassOf(error: unknown): FailureClass {
  if (error instanceof StoreRefusedError) return 'store';
  const kind = classifyFailure(error);
  if (kind === 'expired') return 'expired';
  if (isForbidden(error) || isUnauthorized(error)) return 'forbidden';
  if (isNotFound(error)) return 'resourceGone';
  if (kind === 'unavailable' || kind === 'disconnected' || kind === 'silent') return 'transient';
  if (isStatusError(error)) return error.code >= 500 ? 'transient' : 'protocol';
  const failure = (error as { failure?: unknown } | null | undefined)?.failure;
  return typeof failure === 'string' ? 'transient' : 'protocol';
}
