import type { ReconcileResult } from './reconcile.js';
import { isTerminalError } from './terminal-error.js';

/** How a reconcile ended. The names are controller-runtime's, in its metrics. */
export type Outcome =
  | { readonly result: 'success' }
  | { readonly result: 'requeue' }
  | { readonly result: 'requeue_after'; readonly afterMs: number }
  | { readonly result: 'error'; readonly error: unknown; readonly terminal: boolean; readonly panic: boolean };

/** @throws RangeError when it asks for a time that is none. */
export function outcomeOf(result: ReconcileResult): Outcome {
  if (!result) return { result: 'success' };
  if ('requeueAfterMs' in result) {
    const { requeueAfterMs: afterMs } = result;
    if (!Number.isFinite(afterMs))
      throw new RangeError(`requeueAfterMs: expected milliseconds, got ${String(afterMs)}`);
    return { result: 'requeue_after', afterMs };
  }
  return result.requeue ? { result: 'requeue' } : { result: 'success' };
}

export function failureOf(error: unknown): Outcome {
  return { result: 'error', error, terminal: isTerminalError(error), panic: isPanic(error) };
}

/** Errors that the language throws at those who write programs. */
const Bugs: ReadonlySet<unknown> = new Set([EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]);

/** Whether it was a mistake in a program, as what panics in Go, rather than something that did not work out. */
function isPanic(error: unknown): boolean {
  return !(error instanceof Error) || Bugs.has(error.constructor);
}
