import type { CachedObject } from './deep-readonly.js';

/** An object that has its version at hand, and whose metadata may not be decoded. */
export abstract class VersionedObject {
  abstract readonly resourceVersion: string | undefined;
}

/** The same version is the same state: a list, or a watch that repeats itself, brings nothing new of such an object. */
export function hasChanged(before: CachedObject, after: CachedObject): boolean {
  const version = versionOf(after);
  return version === undefined || version !== versionOf(before);
}

/** The version of an object, or `undefined` when it has none. */
export function versionOf(object: CachedObject): string | undefined {
  return object instanceof VersionedObject ? object.resourceVersion : object.metadata?.resourceVersion;
}
