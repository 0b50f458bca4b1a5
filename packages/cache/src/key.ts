import type { CachedObject } from './deep-readonly.js';
import { UndecodedObject } from './undecoded-object.js';

/** `namespace/name`, or `name` for cluster-scoped objects. */
export type ObjectKey = string;

/**
 * The key of an object in stores and queues.
 *
 * @throws TypeError when the object has no `metadata.name`: nothing could ever find it again.
 */
export function metaNamespaceKey(object: CachedObject): ObjectKey {
  if (object instanceof UndecodedObject) return object.key;
  const { namespace, name } = object.metadata ?? {};
  if (!name) throw new TypeError('object has no metadata.name');
  return namespace ? `${namespace}/${name}` : name;
}

/** @throws RangeError when the key has more than one `/`. */
export function splitMetaNamespaceKey(key: ObjectKey): { namespace: string; name: string } {
  const parts = key.split('/');
  if (parts.length > 2) throw new RangeError(`unexpected key format: ${JSON.stringify(key)}`);
  const [first = '', second] = parts;
  return second === undefined ? { namespace: '', name: first } : { namespace: first, name: second };
}
