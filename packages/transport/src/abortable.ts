import { onAbort } from './on-abort.js';

/** Waits no longer than until the signal aborts; rejects with its reason then. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    const end = onAbort(signal, abort);
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(end);
  });
}
