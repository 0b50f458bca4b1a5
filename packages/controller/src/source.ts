import type { Clock } from '@client-ts/apimachinery';
import type { ControllerStage } from './controller-error.js';
import type { ObjectRef } from './object-ref.js';
import type { Reason } from './reason.js';

/** What tells a controller that objects may have to be reconciled. Belongs to one controller. */
export interface Source {
  /** For reasons and messages. */
  readonly name: string;
  /** Begins to tell. Must not throw, and may tell before it returns. */
  start(target: SourceTarget): StartedSource;
}

/** Disposing it ends what it tells. */
export interface StartedSource extends AsyncDisposable {
  /** Resolves when all that was there at the start has been told; rejects when `signal` aborts first. */
  synced(options: { readonly signal: AbortSignal }): Promise<void>;
}

/** Where a source tells. Nothing of it throws. */
export interface SourceTarget {
  /** Its name. */
  readonly controller: string;
  readonly clock: Clock;
  enqueue(object: ObjectRef, options: EnqueueOptions): void;
  /** Something failed, and the source goes on. */
  report(stage: ControllerStage, what: string, cause: unknown, key?: string): void;
}

export interface EnqueueOptions {
  /** Higher ones go first. Default: 0; what an initial list or a resync brings has `LowPriority`. */
  readonly priority?: number | undefined;
  readonly reasons?: readonly Reason[] | undefined;
}
