import { isStatusError, type StatusError } from './status-error.js';

/**
 * Reasons that are more precise than the code beside them: a code decides only where the reason is none of these. They
 * are those that apimachinery knows, but for `StoreReadError`, which leaves the decision to the code there, too.
 */
const KnownReasons: ReadonlySet<string> = new Set([
  'Unauthorized',
  'Forbidden',
  'NotFound',
  'AlreadyExists',
  'Conflict',
  'Gone',
  'Invalid',
  'ServerTimeout',
  'Timeout',
  'TooManyRequests',
  'BadRequest',
  'MethodNotAllowed',
  'NotAcceptable',
  'RequestEntityTooLarge',
  'UnsupportedMediaType',
  'InternalError',
  'Expired',
  'ServiceUnavailable',
]);

/** True for an error with this reason, or with this code and a reason that is unknown. */
function hasReason(err: unknown, reason: string, code?: number): err is StatusError {
  if (!isStatusError(err)) return false;
  return err.reason === reason || (err.code === code && !KnownReasons.has(err.reason));
}

/** The object or resource does not exist (404). */
export function isNotFound(err: unknown): err is StatusError {
  return hasReason(err, 'NotFound', 404);
}

/** An object with this name exists (409). */
export function isAlreadyExists(err: unknown): err is StatusError {
  return hasReason(err, 'AlreadyExists');
}

/** The object changed since it was read (409): read again, change again, write again. */
export function isConflict(err: unknown): err is StatusError {
  return hasReason(err, 'Conflict', 409);
}

/** The object is not valid; `status.details.causes` names the fields (422). */
export function isInvalid(err: unknown): err is StatusError {
  return hasReason(err, 'Invalid', 422);
}

/** The request as such is wrong (400). */
export function isBadRequest(err: unknown): err is StatusError {
  return hasReason(err, 'BadRequest', 400);
}

/** The server does not know who is asking (401). */
export function isUnauthorized(err: unknown): err is StatusError {
  return hasReason(err, 'Unauthorized', 401);
}

/** The server knows who is asking and refuses (403). */
export function isForbidden(err: unknown): err is StatusError {
  return hasReason(err, 'Forbidden', 403);
}

/** The verb does not exist on this resource (405). */
export function isMethodNotSupported(err: unknown): err is StatusError {
  return hasReason(err, 'MethodNotAllowed', 405);
}

/** The server offers none of the media types that were asked for (406). */
export function isNotAcceptable(err: unknown): err is StatusError {
  return hasReason(err, 'NotAcceptable', 406);
}

/** The server does not read the media type that was sent (415). */
export function isUnsupportedMediaType(err: unknown): err is StatusError {
  return hasReason(err, 'UnsupportedMediaType', 415);
}

/** Something that was there is gone for good (410). */
export function isGone(err: unknown): err is StatusError {
  return hasReason(err, 'Gone', 410);
}

/** A resourceVersion or continue token is too old: only a new list helps (410). */
export function isResourceExpired(err: unknown): err is StatusError {
  return hasReason(err, 'Expired');
}

/** The server gave up before it was done, and the client may retry after a delay (500, not 504). */
export function isServerTimeout(err: unknown): err is StatusError {
  return hasReason(err, 'ServerTimeout');
}

/** The request took too long (504). */
export function isTimeout(err: unknown): err is StatusError {
  return hasReason(err, 'Timeout', 504);
}

/** The server, or something behind it, is not available (503). */
export function isServiceUnavailable(err: unknown): err is StatusError {
  return hasReason(err, 'ServiceUnavailable', 503);
}

/** The server failed (500). */
export function isInternalError(err: unknown): err is StatusError {
  return hasReason(err, 'InternalError', 500);
}

/** The server is busy and asks to slow down (429), whatever the reason says. */
export function isTooManyRequests(err: unknown): err is StatusError {
  return isStatusError(err) && (err.reason === 'TooManyRequests' || err.code === 429);
}

/** The body was larger than the server takes (413), whatever the reason says. */
export function isRequestEntityTooLarge(err: unknown): err is StatusError {
  return isStatusError(err) && (err.reason === 'RequestEntityTooLarge' || err.code === 413);
}

/** Whether one of the causes has this reason. */
export function hasStatusCause(err: unknown, reason: string): err is StatusError {
  return isStatusError(err) && (err.status.details?.causes ?? []).some((cause) => cause.reason === reason);
}

/**
 * The server's cache is behind the resourceVersion that was asked for. client-go also accepts the message of servers
 * that predate the cause.
 */
export function isTooLargeResourceVersion(err: unknown): err is StatusError {
  if (hasStatusCause(err, 'ResourceVersionTooLarge')) return true;
  if (!isTimeout(err)) return false;
  const messages = [err.message, ...(err.status.details?.causes ?? []).map((cause) => cause.message ?? '')];
  return messages.some((message) => message.includes('Too large resource version'));
}

/** Seconds that the server asks the client to wait before it tries again, or `undefined`. */
export function suggestsClientDelay(err: unknown): number | undefined {
  if (!isStatusError(err) || !err.status.details) return undefined;
  const { retryAfterSeconds = 0 } = err.status.details;
  return isServerTimeout(err) || retryAfterSeconds > 0 ? retryAfterSeconds : undefined;
}
