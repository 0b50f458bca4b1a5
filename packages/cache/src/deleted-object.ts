import type { DeletedObject } from './event-handler.js';
import type { ObjectKey } from './key.js';

/** A deletion that was seen; its final state counts as unknown where it could not be taken. */
export function deletedObject<T>(key: ObjectKey, object: T | undefined): DeletedObject<T> {
  return object === undefined ? { finalStateUnknown: true, key, object } : { finalStateUnknown: false, key, object };
}
