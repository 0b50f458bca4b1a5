import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '@client-ts/apimachinery';
import type { CompactObject } from '@client-ts/cache';

/** An object of a cache, decoded where the cache keeps bytes. */
export function wholeObject(object: KubernetesObject): KubernetesObject {
  return isCompact(object) ? object.object() : object;
}

/** An object without what caches of bytes never keep. */
export function withoutManagedFields<T extends KubernetesObject>(object: T): T {
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}

/** Whether what a cache has is the object, as far as it keeps that. */
export function isCopyOf(object: KubernetesObject, cached: KubernetesObject | undefined): boolean {
  if (!cached) return false;
  return isDeepStrictEqual(wholeObject(cached), isCompact(cached) ? withoutManagedFields(object) : object);
}

function isCompact(object: KubernetesObject): object is CompactObject {
  return 'object' in object;
}
