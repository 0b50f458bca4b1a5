import { newResourceExpired, newStatusError, newTooLargeResourceVersion } from '@client-ts/apimachinery/errors';
import { resourceVersionProblem } from '../query.js';
import type { CompactedError } from '../storage/compacted-error.js';

/**
 * The revision that a `resourceVersion` parameter names; 0 for none or any.
 *
 * @throws StatusError when it is not a number.
 */
export function revisionOf(resourceVersion: string, fail: (problem: string) => Error): number {
  if (resourceVersion === '') return 0;
  const problem = resourceVersionProblem(resourceVersion);
  if (problem) throw fail(`resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: ${problem}`);
  return Number(resourceVersion);
}

/** How many seconds a client should wait for a version that the server has not reached. */
const RetryAfterSeconds = 1;

/** @throws StatusError 504 when the version has not been reached. */
export function requireReached(resourceVersion: string, revision: number, current: number): void {
  if (revision > current) throw newTooLargeResourceVersion(resourceVersion, String(current), RetryAfterSeconds);
}

/** What a watch gets that starts before the history that is kept. */
export function tooOld(error: CompactedError): Error {
  return newResourceExpired(`too old resource version: ${error.revision} (${error.compacted})`);
}

export function uncoded(problem: string): Error {
  return newStatusError(500, '', problem);
}
