import type { DeletedObject } from './event-handler.js';
import type { ObjectKey } from './key.js';

/** A change between a Reflector and a store. The types are client-go's. */
export type Delta<T> =
  | ObjectDelta<T>
  | ReplacedAll<T>
  /** Every object of the store is to be handled again. */
  | { readonly type: 'SyncAll' }
  /** The store is as of this version; nothing else changed. */
  | { readonly type: 'Bookmark'; readonly resourceVersion: string };

/** A change of one object. */
export type ObjectDelta<T> =
  | { readonly type: 'Added' | 'Updated' | 'Replaced' | 'Sync'; readonly key: ObjectKey; readonly object: T }
  | { readonly type: 'Deleted'; readonly key: ObjectKey; readonly deleted: DeletedObject<T> };

/**
 * Keys of objects that are, or may be, there, in a state that could not be taken: what the store has of them stays. One object whose
 * key cannot be read may be any.
 */
export type LeftOut = Pick<ReadonlySet<ObjectKey>, 'has' | 'size'>;

/** All objects there are, from a list. */
export interface ReplacedAll<T> {
  readonly type: 'ReplacedAll';
  readonly objects: ReadonlyMap<ObjectKey, T>;
  readonly leftOut: LeftOut;
  readonly resourceVersion: string;
}
