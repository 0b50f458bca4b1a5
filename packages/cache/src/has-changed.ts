import type { CachedObject } from './deep-readonly.js';
import { UndecodedObject } from './undecoded-object.js';

/** The same version is the same state: a list, or a watch that repeats itself, brings nothing new of such an object. */
export function hasChanged(before: CachedObject, after: CachedObject): boolean {
  const version = versionOf(after);
  return version === undefined || version !== versionOf(before);
}

/** The version of what came from a server, or `undefined` when it has none, or something else in its place. */
export function versionSent(object: CachedObject): string | undefined {
  const version: unknown = versionOf(object);
  return typeof version === 'string' && version !== '' ? version : undefined;
}

/** The version of an object, or `undefined` when it has none. */
export function versionOf(object: CachedObject): string | undefined {
  return object instanceof UndecodedObject ? object.resourceVersion : object.metadata?.resourceVersion;
}
