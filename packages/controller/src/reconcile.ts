import type { Recorder } from './recorder.js';
import type { ReconcileRequest } from './object-ref.js';

/**
 * Brings one object to the state that it asks for. Called with which, and not with what happened to it: one call may stand for many
 * changes, or for none. What it throws is reported, and tried again later and later, unless it is a {@link TerminalError}.
 */
export type Reconcile<T> = (
  request: ReconcileRequest,
  context: ReconcileContext<T>,
) => ReconcileResult | Promise<ReconcileResult>;

/** What is to come of a reconcile that went well. Nothing: it waits for the next change. */
export type ReconcileResult = void | undefined | RequeueAfter | Requeue;

export interface RequeueAfter {
  /** Reconcile again in so many milliseconds, at once when that is not positive; earlier when something changes. */
  readonly requeueAfterMs: number;
}

export interface Requeue {
  /** Reconcile again, later and later, as after a failure. */
  readonly requeue: true;
}

export interface ReconcileContext<T> {
  /** The object as the cache has it; `undefined` when it is gone, or the controller has no primary resource. Shared: do not change it. */
  readonly object: T | undefined;
  /**
   * Pass it on to everything that is started. Aborts when the reconcile has taken too long; when the process is to end, and has
   * given it time to; when the object becomes another process's; and at once when leadership is lost.
   */
  readonly signal: AbortSignal;
  /** Why: for people. */
  readonly reasons: readonly string[];
  /** How often it was tried in a row before, and failed or asked for it. */
  readonly attempt: number;
  /** What the controller was given. */
  readonly recorder: Recorder | undefined;
}
