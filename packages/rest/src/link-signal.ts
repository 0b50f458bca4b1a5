import { onAbort } from '@client-ts/apimachinery';

/**
 * Lets `controller` abort when `outer` does, until it is released: what outlives a request, such as the signal of a whole
 * process, must not collect listeners.
 */
export function linkSignal(outer: AbortSignal | undefined, controller: AbortController): () => void {
  const forward = (): void => controller.abort(outer?.reason);
  if (outer?.aborted) forward();
  return outer ? onAbort(outer, forward) : () => {};
}
