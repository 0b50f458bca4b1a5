import type { CachedObject } from './deep-readonly.js';
import type { Delta, ObjectDelta } from './delta.js';
import type { DeletedObject, Notification } from './event-handler.js';
import { hasChanged } from './has-changed.js';
import { prepareReplacement } from './replace-all.js';
import type { WritableIndexer } from './store.js';

type Notify<T> = (notification: Notification<T>) => void;

/**
 * Brings changes into a store, and tells of each what it means for readers: objects appear, change or go. The store has
 * changed when they are told.
 */
export function applyDeltas<T extends CachedObject>(
  indexer: WritableIndexer<T, string>,
  notify: Notify<T>,
  deltas: readonly Delta<T>[],
  isInInitialList: boolean,
): void {
  for (const delta of deltas) {
    switch (delta.type) {
      case 'ReplacedAll': {
        const batch = atOnce(prepareReplacement(indexer, delta, isInInitialList))();
        for (let at = 0; at < batch.length; at++) notify(batch.at(at));
        break;
      }
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

function applyDelta<T extends CachedObject>(
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

function withLastState<T>(deleted: DeletedObject<T>, last: T): DeletedObject<T> {
  return deleted.finalStateUnknown && deleted.object === undefined ? { ...deleted, object: last } : deleted;
}

function atOnce<R>(steps: Iterator<undefined, R>): R {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
