import type { KubernetesObject } from '@client-ts/apimachinery';
import type { Delta, ObjectDelta, ReplacedAll } from './delta.js';
import type { DeletedObject, Notification } from './event-handler.js';
import type { ObjectKey } from './key.js';
import type { WritableIndexer } from './store.js';

type Notify<T> = (notification: Notification<T>) => void;

/**
 * Brings changes into a store, and tells of each what it means for readers: objects appear, change or go. The store has
 * changed when they are told.
 */
export function applyDeltas<T extends KubernetesObject>(
  indexer: WritableIndexer<T, string>,
  notify: Notify<T>,
  deltas: readonly Delta<T>[],
  isInInitialList: boolean,
): void {
  for (const delta of deltas) {
    switch (delta.type) {
      case 'ReplacedAll':
        replaceAll(indexer, notify, delta, isInInitialList);
        break;
      case 'SyncAll':
        for (const object of indexer.list()) notify({ type: 'update', oldObject: object, newObject: object });
        break;
      case 'Bookmark':
        break;
      default:
        applyDelta(indexer, notify, delta, isInInitialList);
    }
  }
}

function applyDelta<T extends KubernetesObject>(
  indexer: WritableIndexer<T, string>,
  notify: Notify<T>,
  delta: ObjectDelta<T>,
  isInInitialList: boolean,
): void {
  if (delta.type === 'Deleted') {
    const last = indexer.delete(delta.key);
    // An object that no reader has seen has not gone from anywhere.
    if (last !== undefined) notify({ type: 'delete', deleted: withLastState(delta.deleted, last) });
    return;
  }
  const oldObject = indexer.set(delta.key, delta.object);
  if (oldObject === undefined) notify({ type: 'add', object: delta.object, isInInitialList });
  else if (delta.type === 'Sync' || hasChanged(oldObject, delta.object))
    notify({ type: 'update', oldObject, newObject: delta.object });
}

/** The same version is the same state: a list, or a watch that repeats itself, brings nothing new of such an object. */
function hasChanged<T extends KubernetesObject>(before: T, after: T): boolean {
  const version = after.metadata?.resourceVersion;
  return version === undefined || version !== before.metadata?.resourceVersion;
}

function withLastState<T>(deleted: DeletedObject<T>, last: T): DeletedObject<T> {
  return deleted.finalStateUnknown && deleted.object === undefined ? { ...deleted, object: last } : deleted;
}

function replaceAll<T extends KubernetesObject>(
  indexer: WritableIndexer<T, string>,
  notify: Notify<T>,
  { objects, leftOut }: ReplacedAll<T>,
  isInInitialList: boolean,
): void {
  const before = new Map<ObjectKey, T>();
  for (const key of indexer.listKeys()) {
    const object = indexer.getByKey(key);
    if (object !== undefined) before.set(key, object);
  }
  const kept = [...before].filter(([key]) => leftOut.has(key));
  indexer.replace(kept.length === 0 ? objects : new Map([...kept, ...objects]));
  for (const [key, object] of before) {
    if (objects.has(key) || leftOut.has(key)) continue;
    notify({ type: 'delete', deleted: { finalStateUnknown: true, key, object } });
  }
  for (const [key, newObject] of objects) {
    const oldObject = before.get(key);
    if (oldObject === undefined) notify({ type: 'add', object: newObject, isInInitialList });
    else if (hasChanged(oldObject, newObject)) notify({ type: 'update', oldObject, newObject });
  }
}
