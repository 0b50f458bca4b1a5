/** Why the signal of a reconcile aborted that took too long. */
export class ReconcileTimeoutError extends Error {
  override readonly name = 'ReconcileTimeoutError';

  constructor(timeoutMs: number) {
    super(`the reconcile did not end within ${timeoutMs} ms`);
  }
}
