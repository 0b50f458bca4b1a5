import { formatGroupResource, type GroupResource } from '../schema.js';
import type { Status, StatusCause, StatusDetails } from './status.js';
import { StatusError } from './status-error.js';

/** Errors as the API server makes them: same codes, reasons, details and words. For servers, fakes and tests. */

/** A `StatusError` of these parts. */
export function newStatusError(code: number, reason: string, message: string, details?: StatusDetails): StatusError {
  const status: Status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
  return new StatusError(status);
}

function about({ group, resource }: GroupResource, name: string): StatusDetails {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource };
}

export function newNotFound(resource: GroupResource, name: string): StatusError {
  return newStatusError(
    404,
    'NotFound',
    `${formatGroupResource(resource)} ${JSON.stringify(name)} not found`,
    about(resource, name),
  );
}

export function newAlreadyExists(resource: GroupResource, name: string): StatusError {
  const message = `${formatGroupResource(resource)} ${JSON.stringify(name)} already exists`;
  return newStatusError(409, 'AlreadyExists', message, about(resource, name));
}

/** What a write gets whose `metadata.resourceVersion` is not current. */
export const ModifiedMessage =
  'the object has been modified; please apply your changes to the latest version and try again';

export function newConflict(resource: GroupResource, name: string, problem: string = ModifiedMessage): StatusError {
  const message = `Operation cannot be fulfilled on ${formatGroupResource(resource)} ${JSON.stringify(name)}: ${problem}`;
  return newStatusError(409, 'Conflict', message, about(resource, name));
}

/** @param kind - the object's group and kind. */
export function newInvalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly StatusCause[],
): StatusError {
  const problems = causes.map((cause) => (cause.field ? `${cause.field}: ${cause.message}` : (cause.message ?? '')));
  const listed = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  return newStatusError(422, 'Invalid', `${qualified} ${JSON.stringify(name)} is invalid: ${listed}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    causes: [...causes],
  });
}

export function newForbidden(resource: GroupResource, name: string, problem: string): StatusError {
  const subject =
    name === '' ? formatGroupResource(resource) : `${formatGroupResource(resource)} ${JSON.stringify(name)}`;
  return newStatusError(403, 'Forbidden', `${subject} is forbidden: ${problem}`, about(resource, name));
}

export function newUnauthorized(message = 'Unauthorized'): StatusError {
  return newStatusError(401, 'Unauthorized', message);
}

export function newBadRequest(message: string): StatusError {
  return newStatusError(400, 'BadRequest', message);
}

export function newMethodNotSupported(resource: GroupResource, action: string): StatusError {
  const message = `${action} is not supported on resources of kind ${JSON.stringify(formatGroupResource(resource))}`;
  return newStatusError(405, 'MethodNotAllowed', message, about(resource, ''));
}

export function newGone(message: string): StatusError {
  return newStatusError(410, 'Gone', message);
}

/** A resourceVersion or continue token that is too old. */
export function newResourceExpired(message: string): StatusError {
  return newStatusError(410, 'Expired', message);
}

export function newTooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return newStatusError(429, 'TooManyRequests', message, { retryAfterSeconds });
}

export function newTimeout(message: string, retryAfterSeconds: number): StatusError {
  return newStatusError(504, 'Timeout', `Timeout: ${message}`, { retryAfterSeconds });
}

export function newTooLargeResourceVersion(wanted: string, current: string, retryAfterSeconds: number): StatusError {
  const message = `Too large resource version: ${wanted}, current: ${current}`;
  return newStatusError(504, 'Timeout', `Timeout: ${message}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds,
  });
}

export function newInternalError(message: string): StatusError {
  return newStatusError(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

export function newServiceUnavailable(message: string): StatusError {
  return newStatusError(503, 'ServiceUnavailable', message);
}
