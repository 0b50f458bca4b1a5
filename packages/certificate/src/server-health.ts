import { hasStatusCause, isForbidden, isNotFound, isUnauthorized } from '@client-ts/apimachinery/errors';

/**
 * Whether a failed request for a certificate is one that a server which works may answer with, as client-go sees it: it does not
 * know who is asking (which may also be said by a proxy), he may not ask, or it does not serve such requests. What a proxy says
 * in its own words is none.
 */
export function isHealthyAnswer(error: unknown): boolean {
  if (isUnauthorized(error)) return true;
  if (hasStatusCause(error, 'UnexpectedServerResponse')) return false;
  return isNotFound(error) || isForbidden(error);
}
