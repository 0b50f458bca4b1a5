import { isStatusError } from '@client-ts/apimachinery/errors';
import { isTransportError } from '@client-ts/rest';

const Interrupted: ReadonlySet<string> = new Set(['AbortError', 'DeadlineExceededError', 'TimeoutError']);

/** Whether the same question may be answered another time: nobody answered, or who did was not able to (429, 5xx). */
export function isTransient(error: unknown): boolean {
  if (isStatusError(error)) return error.code === 429 || error.code >= 500;
  return isTransportError(error) || (error instanceof Error && Interrupted.has(error.name));
}
