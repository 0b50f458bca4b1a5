import type { CachedObject } from './deep-readonly.js';
import type { Delta } from './delta.js';
import type { ObjectKey } from './key.js';

/** A list on its way into a store, object by object. Nothing of it is to be seen before its end; one that is dropped leaves no trace. */
export interface Replacement<T> {
  /** This object is there, and is the newest of its name so far. */
  add(object: T): void;
  /** It is not there any more. */
  delete(object: T): void;
  /**
   * An object is there, in a state that cannot be read: what is known of it stays. Without a key it may be any, so that everything
   * that is known stays. Left out by who knows of nothing older.
   */
  leaveOut?(key?: ObjectKey): void;
  /** How many objects there are so far. */
  readonly size: number;
  /** What was added are all objects there are, as of `resourceVersion`. */
  commit(resourceVersion: string): void;
}

/** What a Reflector writes to. */
export interface ReflectorStore<T> {
  add(object: T): void;
  update(object: T): void;
  delete(object: T): void;
  /** The same for an object whose last state cannot be read. Default: `delete`, of an object that has nothing but its name. */
  deleteKey?(key: ObjectKey): void;
  /** These are all objects there are, as of `resourceVersion`. */
  replace(objects: readonly T[], resourceVersion: string): void;
  /**
   * The same for a list that comes object by object. Left out by stores that gain nothing from it; of an object that cannot be
   * read they are told that it is not there.
   */
  startReplacement?(): Replacement<T>;
  bookmark(resourceVersion: string): void;
}

/**
 * What stands between a Reflector and a store: `RealFIFO` keeps the order of arrival, `DeltaFIFO` coalesces per object.
 * Proven by `queueCases`.
 *
 * `In` is what a Reflector brings, `T` what is popped: what `transform` makes of it.
 */
export interface Queue<T extends CachedObject, In extends CachedObject = T>
  extends ReflectorStore<In>, PoppedQueue<T> {}

/** A queue as its reader sees it. */
export interface PoppedQueue<T extends CachedObject> {
  /**
   * Takes the next changes, and gives them to `process` before it returns; false when there are none. `DeltaFIFO` gives all
   * changes of one object, `RealFIFO` one change. What `process` throws is thrown, and the changes are not kept.
   */
  pop(process: ProcessDeltas<T>): boolean;
  /**
   * What the next `pop` would give, left where it is: a reader can prepare for a long list in slices, and then take it in one
   * step. Left out by queues that never give one.
   */
  peek?(): Delta<T> | undefined;
  /**
   * All changes up to this version have been popped; `""` when none is known. Left out by queues that cannot tell before nothing
   * is left.
   */
  readonly reached?: string;
  /** Resolves when there is something to pop, or the queue is closed. */
  available(): Promise<void>;
  /** Whether the first list has been popped, or a change came before any list. */
  hasSynced(): boolean;
  /** Asks for every known object to be handled again. */
  resync(): void;
  /** How many pops there are to do; at least so many, where that takes long to find out, and 0 only when there are none. */
  readonly length: number;
  readonly closed: boolean;
  close(): void;
}

/** `isInInitialList`: the changes come from the first list. */
export type ProcessDeltas<T> = (deltas: readonly Delta<T>[], isInInitialList: boolean) => void;

export interface QueueOptions<T, In = T> {
  /**
   * Runs once for each object that comes in, and may change it, or make another of it under the same key. `undefined` leaves the object out: what the store has of it
   * stays until it is deleted. What it throws is thrown by what it was called for, and changes nothing. Deletions that
   * nobody saw do not pass it.
   */
  readonly transform?: ((object: In) => T | undefined) | undefined;
}
