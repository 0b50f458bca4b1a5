import type { ObjectKey } from './key.js';

/** What is known about an object that is gone. */
export type DeletedObject<T> =
  | { readonly finalStateUnknown: false; readonly key: ObjectKey; readonly object: T }
  /** The watch missed the deletion, or could not read it; `object` is the last state seen, if any. */
  | { readonly finalStateUnknown: true; readonly key: ObjectKey; readonly object: T | undefined };

/**
 * Told of the changes of a cache, in order, one at a time. Must return quickly: enqueue a key, do the work elsewhere.
 *
 * Objects are shared and must not be changed. A handler that throws is reported, and told of the next change all the same.
 *
 * A promise that it returns is waited for before it is told of the next change. It must not wait for the cache itself, such as
 * for `waitForSync`, which waits for handlers.
 */
export interface ResourceEventHandler<T> {
  /** `isInInitialList` is true for objects that were there before the handler was. */
  onAdd?(object: T, isInInitialList: boolean): unknown;
  onUpdate?(oldObject: T, newObject: T): unknown;
  onDelete?(deleted: DeletedObject<T>): unknown;
}

/**
 * A handler's place at an informer. Disposing it takes the handler away: it is told of nothing more. That may be done from inside the
 * handler, and more than once.
 *
 * `[Symbol.asyncDispose]` also waits until the handler does not run any more; inside the handler nobody must wait for that.
 */
export interface ResourceEventHandlerRegistration extends Disposable, AsyncDisposable {
  /** Whether the informer has synced, and the handler has been told of every object of the initial list. */
  hasSynced(): boolean;
  /**
   * Resolves when {@link hasSynced} is true. Rejects when `signal` aborts, or the informer stops, or the handler is taken away,
   * first.
   */
  waitForSync(options?: { signal?: AbortSignal | undefined }): Promise<void>;
  /** What the handler has not been told of. */
  backlog(): HandlerBacklog;
}

/** What waits for a handler. A copy: it does not change. */
export interface HandlerBacklog {
  /** See `HandlerOptions.name`. */
  readonly name: string;
  /** How many changes. */
  readonly length: number;
  /** Milliseconds since the oldest of them reached the cache; 0 when none waits. */
  readonly oldestAgeMs: number;
}

/** One change, on its way to handlers. */
export type Notification<T> =
  | { readonly type: 'add'; readonly object: T; readonly isInInitialList: boolean }
  | { readonly type: 'update'; readonly oldObject: T; readonly newObject: T }
  | { readonly type: 'delete'; readonly deleted: DeletedObject<T> };
