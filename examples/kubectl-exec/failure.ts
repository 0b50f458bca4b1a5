import { isStatusError } from '@client-ts/apimachinery/errors';

/** A line that tells what went wrong. What servers say cannot control the terminal that it is shown on. */
export function describeFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `${prefixOf(error)}${text}`.replaceAll(
    /[^\P{Cc}\n]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** kubectl tells apart what a server says at once, and what it says at the end of a stream: internal errors come there. */
function prefixOf(error: unknown): string {
  if (!isStatusError(error) || error.reason === 'InternalError') return 'error: ';
  return `Error from server${error.reason && ` (${error.reason})`}: `;
}
