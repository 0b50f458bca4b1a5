import { isStatusError } from '@client-ts/apimachinery/errors';

/** One line for people: what failed, and what made it fail. No stack: the places in it are not the user's. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = isStatusError(error) ? `the server says: ${error.message}` : error.message;
  const cause = error.cause === undefined ? '' : describeError(error.cause);
  return cause === '' || own.includes(cause) ? own : `${own}: ${cause}`;
}
