import { formatGroupResource, type GroupResource } from '../schema.js';
import type { Status, StatusCause, StatusDetails } from './status.js';
import { StatusError } from './status-error.js';

/**
 * A `StatusError` of these parts: code, reason, message and details are what the API server would answer. The functions
 * below make the usual ones, for servers, fakes and tests.
 */
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

function named(resource: GroupResource, name: string): string {
  return `${formatGroupResource(resource)} ${JSON.stringify(name)}`;
}

function retryAfter(seconds: number): StatusDetails {
  return seconds > 0 ? { retryAfterSeconds: seconds } : {};
}

/** 404 for an object: `pods "web" not found`. */
export function newNotFound(resource: GroupResource, name: string): StatusError {
  return newStatusError(404, 'NotFound', `${named(resource, name)} not found`, about(resource, name));
}

/** 409 for a create: `pods "web" already exists`. */
export function newAlreadyExists(resource: GroupResource, name: string): StatusError {
  return newStatusError(409, 'AlreadyExists', `${named(resource, name)} already exists`, about(resource, name));
}

/** What a write gets whose `metadata.resourceVersion` is not current. */
export const ModifiedMessage =
  'the object has been modified; please apply your changes to the latest version and try again';

/** 409 for a write to an object that is not as expected. `problem` defaults to {@link ModifiedMessage}. */
export function newConflict(resource: GroupResource, name: string, problem: string = ModifiedMessage): StatusError {
  const message = `Operation cannot be fulfilled on ${named(resource, name)}: ${problem}`;
  return newStatusError(409, 'Conflict', message, about(resource, name));
}

/**
 * 422 for an object that breaks rules. The message lists the causes, each once, with the field in front.
 *
 * @param kind - the object's group and kind.
 */
export function newInvalid(
  kind: { readonly group: string; readonly kind: string },
  name: string,
  causes: readonly StatusCause[],
): StatusError {
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const texts = causes.map(({ field, message = '' }) => (field ? `${field}: ${message}` : message));
  const problems = [...new Set(texts)];
  const listed = problems.length > 1 ? `[${problems.join(', ')}]` : problems.join('');
  const message = `${qualified} ${JSON.stringify(name)} is invalid${causes.length === 0 ? '' : `: ${listed}`}`;
  return newStatusError(422, 'Invalid', message, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    ...(causes.length === 0 ? {} : { causes: [...causes] }),
  });
}

/** 403: `pods "web" is forbidden: …`. Name and resource may be empty. */
export function newForbidden(resource: GroupResource, name: string, problem: string): StatusError {
  if (resource.group === '' && resource.resource === '') {
    return newStatusError(403, 'Forbidden', `forbidden: ${problem}`, name === '' ? {} : { name });
  }
  const subject = name === '' ? formatGroupResource(resource) : named(resource, name);
  return newStatusError(403, 'Forbidden', `${subject} is forbidden: ${problem}`, about(resource, name));
}

/** 401; the server says no more than `Unauthorized`. */
export function newUnauthorized(message = 'Unauthorized'): StatusError {
  return newStatusError(401, 'Unauthorized', message);
}

/** 400: the request as such is wrong. */
export function newBadRequest(message: string): StatusError {
  return newStatusError(400, 'BadRequest', message);
}

/** 405: `delete is not supported on resources of kind "pods"`. */
export function newMethodNotSupported(resource: GroupResource, action: string): StatusError {
  const message = `${action} is not supported on resources of kind ${JSON.stringify(formatGroupResource(resource))}`;
  return newStatusError(405, 'MethodNotAllowed', message, about(resource, ''));
}

/** 406, with the media types that can be had. */
export function newNotAcceptable(accepted: readonly string[]): StatusError {
  const message = `only the following media types are accepted: ${accepted.join(', ')}`;
  return newStatusError(406, 'NotAcceptable', message);
}

/** 410 for what is gone for good. For versions that are too old see {@link newResourceExpired}. */
export function newGone(message: string): StatusError {
  return newStatusError(410, 'Gone', message);
}

/** 410 for a resourceVersion or continue token that is too old. */
export function newResourceExpired(message: string): StatusError {
  return newStatusError(410, 'Expired', message);
}

/** 413: a body, or a patch, that is too large. */
export function newRequestEntityTooLarge(problem: string): StatusError {
  return newStatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${problem}`);
}

/** 415, with the media types that can be sent. */
export function newUnsupportedMediaType(accepted: readonly string[]): StatusError {
  const types = accepted.join(', ');
  const message = `the body of the request was in an unknown format - accepted media types include: ${types}`;
  return newStatusError(415, 'UnsupportedMediaType', message);
}

/** 429: the client has to slow down. */
export function newTooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return newStatusError(429, 'TooManyRequests', message, retryAfter(retryAfterSeconds));
}

/** 500 for something unexpected. */
export function newInternalError(problem: string): StatusError {
  return newStatusError(500, 'InternalError', `Internal error occurred: ${problem}`, {
    causes: [{ message: problem }],
  });
}

/**
 * 500 (not 504) for an operation that the server gave up before it had an effect, so that any client may try again.
 *
 * @param operation - such as `create`.
 */
export function newServerTimeout(resource: GroupResource, operation: string, retryAfterSeconds: number): StatusError {
  const target = formatGroupResource(resource);
  const message = `The ${operation} operation against ${target} could not be completed at this time, please try again.`;
  return newStatusError(500, 'ServerTimeout', message, {
    ...about(resource, operation),
    ...retryAfter(retryAfterSeconds),
  });
}

/** 503: the server, or something behind it, is not available. */
export function newServiceUnavailable(message: string): StatusError {
  return newStatusError(503, 'ServiceUnavailable', message);
}

/** 504: the request took too long; it may still have an effect. */
export function newTimeout(message: string, retryAfterSeconds: number): StatusError {
  return newStatusError(504, 'Timeout', `Timeout: ${message}`, retryAfter(retryAfterSeconds));
}

/** 504 for a resourceVersion that the server has not reached yet. */
export function newTooLargeResourceVersion(wanted: string, current: string, retryAfterSeconds: number): StatusError {
  const message = `Timeout: Too large resource version: ${wanted}, current: ${current}`;
  return newStatusError(504, 'Timeout', message, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    ...retryAfter(retryAfterSeconds),
  });
}
