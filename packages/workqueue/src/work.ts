import type { QueuedItem } from './queued-item.js';

/** An item handed to a worker, with why. Disposing it is `queue.done(item)`, for this hand-out only: late does no harm. */
export interface Work<T = string, R = string> extends QueuedItem<T, R>, Disposable {}

/** Where loops get their work from. */
export interface WorkSource<T, R> {
  /** `undefined` when there is nothing to take now. */
  take(): Work<T, R> | undefined;
  /** There will be nothing to take any more. */
  ended(): boolean;
  /**
   * Calls `wake`, once, when it is worth looking again; somebody else may have been faster. Returns the place in the line of those
   * who wait, which keeps it for whoever waits again.
   */
  wait(wake: () => void, place?: number): number;
  /** Takes back a `wait`. */
  cancel(wake: () => void): void;
  /** Whoever was woken does not look, so somebody else should. */
  passOn(): void;
}
