import { onAbort } from './on-abort.js';

/**
 * Settles as `promise` does, unless `signal` aborts first: then it rejects with `signal.reason`. What is waited for goes on, and
 * nobody hears how it ends. Leaves no listener behind.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    const end = onAbort(signal, abort);
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(end);
  });
}
