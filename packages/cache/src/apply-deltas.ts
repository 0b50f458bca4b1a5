import type { Delta, ObjectDelta } from './delta.js';
import type { Notification } from './event-handler.js';
import type { WritableIndexer } from './store.js';

export interface DeltaTarget<T> {
  readonly indexer: WritableIndexer<T, string>;
  /** Called after the store has changed. */
  notify(notification: Notification<T>): void;
  /** The store is as of this version. */
  synced(resourceVersion: string): void;
}

/** Brings changes into a store, and tells of each what it means for readers: objects appear, change or go. */
export function applyDeltas<T>(target: DeltaTarget<T>, deltas: readonly Delta<T>[], isInInitialList: boolean): void {
  for (const delta of deltas) {
    switch (delta.type) {
      case 'ReplacedAll':
        replaceAll(target, delta.objects, isInInitialList);
        target.synced(delta.resourceVersion);
        break;
      case 'SyncAll':
        for (const object of target.indexer.list())
          target.notify({ type: 'update', oldObject: object, newObject: object });
        break;
      case 'Bookmark':
        target.synced(delta.resourceVersion);
        break;
      default:
        applyDelta(target, delta, isInInitialList);
    }
  }
}

function applyDelta<T>(target: DeltaTarget<T>, delta: ObjectDelta<T>, isInInitialList: boolean): void {
  const { indexer } = target;
  if (delta.type !== 'Deleted') {
    const oldObject = indexer.set(delta.key, delta.object);
    if (oldObject === undefined) target.notify({ type: 'add', object: delta.object, isInInitialList });
    else target.notify({ type: 'update', oldObject, newObject: delta.object });
  } else if (indexer.delete(delta.key) !== undefined) {
    // An object that no reader has seen has not gone from anywhere.
    target.notify({ type: 'delete', deleted: delta.deleted });
  }
}

function replaceAll<T>(target: DeltaTarget<T>, objects: ReadonlyMap<string, T>, isInInitialList: boolean): void {
  const { indexer } = target;
  const before = new Map<string, T>();
  for (const key of indexer.listKeys()) {
    const object = indexer.getByKey(key);
    if (object !== undefined) before.set(key, object);
  }
  indexer.replace(objects);
  for (const [key, object] of before) {
    if (!objects.has(key)) target.notify({ type: 'delete', deleted: { finalStateUnknown: true, key, object } });
  }
  for (const [key, newObject] of objects) {
    const oldObject = before.get(key);
    if (oldObject === undefined) target.notify({ type: 'add', object: newObject, isInInitialList });
    else target.notify({ type: 'update', oldObject, newObject });
  }
}
