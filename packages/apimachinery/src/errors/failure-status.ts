import type { Status } from './status.js';
import { StatusError } from './status-error.js';

/**
 * Whether a value is a `Status` that tells of a failure, with fields of the types that they should have: it may have been
 * written by anybody between the server and here.
 */
export function isFailureStatus(value: unknown): value is Status {
  if (!isObject(value) || value['kind'] !== 'Status' || value['status'] === 'Success') return false;
  const { message, reason, code, details } = value;
  return (
    isOptional('string', message) && isOptional('string', reason) && isOptional('number', code) && isDetails(details)
  );
}

/**
 * Some servers on the way say "all right", and the failure in the body only.
 *
 * @throws StatusError
 */
export function refuseFailure<V>(value: V): V {
  if (isFailureStatus(value) && value.status === 'Failure') throw new StatusError(value);
  return value;
}

function isDetails(details: unknown): boolean {
  if (details === undefined || details === null) return true;
  if (!isObject(details) || !isOptional('number', details['retryAfterSeconds'])) return false;
  const causes = details['causes'] ?? [];
  return Array.isArray(causes) && causes.every(isCause);
}

function isCause(cause: unknown): boolean {
  return isObject(cause) && ['reason', 'message', 'field'].every((name) => isOptional('string', cause[name]));
}

function isOptional(type: 'string' | 'number', value: unknown): boolean {
  return value === undefined || typeof value === type;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
