/**
 * Thrown by a reconcile that need not be tried again: nothing comes of it before the object, or what it depends on, has changed.
 * The name is controller-runtime's.
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** Whether `err` is a `TerminalError` of this or another copy of the package. */
export function isTerminalError(err: unknown): err is TerminalError {
  return err instanceof Error && err.name === 'TerminalError';
}
