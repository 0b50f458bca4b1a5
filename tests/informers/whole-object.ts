import type { KubernetesObject } from '@client-ts/apimachinery';
import type { CompactObject } from '@client-ts/cache';

/** An object of a cache, decoded where the cache keeps bytes. */
export function wholeObject(object: KubernetesObject): KubernetesObject {
  return 'object' in object ? (object as CompactObject).object() : object;
}

/** An object without what caches of bytes never keep. */
export function withoutManagedFields<T extends KubernetesObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}
