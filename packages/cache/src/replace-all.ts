import type { CachedObject } from './deep-readonly.js';
import type { ReplacedAll } from './delta.js';
import type { Notification } from './event-handler.js';
import { hasChanged } from './has-changed.js';
import type { ObjectKey } from './key.js';
import { batchOf, type NotificationBatch } from './notification-batch.js';
import type { IndexerReplacement, WritableIndexer } from './store.js';

/** Brings a prepared list into the store, in one step; returns what that means for readers. */
export type CommitReplacement<T> = () => NotificationBatch<T>;

/**
 * Prepares what a new list does to a store, an object at each step; the last step returns how to do it. Until that is called
 * readers see the store as it was, and from then on as the list is: never a mixture, however long the steps are apart.
 *
 * Nobody may write to the store in between.
 */
export function* prepareReplacement<T extends CachedObject>(
  indexer: WritableIndexer<T, string>,
  { objects, leftOut }: ReplacedAll<T>,
  isInInitialList: boolean,
): Generator<undefined, CommitReplacement<T>, undefined> {
  const next = indexer.startReplacement?.() ?? inOnePiece(indexer, objects, leftOut.size > 0);
  const notifications: Notification<T>[] = [];
  let adds = 0;
  for (const key of indexer.listKeys()) {
    yield;
    if (objects.has(key)) continue;
    const object = indexer.getByKey(key);
    if (object === undefined) continue;
    if (leftOut.has(key)) next.set(key, object);
    else notifications.push({ type: 'delete', deleted: { finalStateUnknown: true, key, object } });
  }
  for (const [key, newObject] of objects) {
    yield;
    const oldObject = indexer.getByKey(key);
    next.set(key, newObject);
    if (oldObject === undefined) {
      notifications.push({ type: 'add', object: newObject, isInInitialList });
      adds++;
    } else if (hasChanged(oldObject, newObject)) notifications.push({ type: 'update', oldObject, newObject });
  }
  return () => {
    next.commit();
    return batchOf(notifications, isInInitialList ? adds : 0);
  };
}

/** For indexers that take a list in one piece only. One that is taken whole needs no copy. */
function inOnePiece<T>(
  indexer: WritableIndexer<T, string>,
  objects: ReadonlyMap<ObjectKey, T>,
  copies: boolean,
): IndexerReplacement<T> {
  if (!copies) return { set: () => undefined, commit: () => indexer.replace(objects) };
  const copy = new Map<ObjectKey, T>();
  return { set: (key, object) => void copy.set(key, object), commit: () => indexer.replace(copy) };
}
