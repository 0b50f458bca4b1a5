import type { KubernetesObject } from '@client-ts/apimachinery';

/** An object that has its version at hand, and whose metadata may not be decoded. */
export abstract class VersionedObject {
  abstract readonly resourceVersion: string | undefined;
}

/** The same version is the same state: a list, or a watch that repeats itself, brings nothing new of such an object. */
export function hasChanged(before: KubernetesObject, after: KubernetesObject): boolean {
  const version = versionOf(after);
  return version === undefined || version !== versionOf(before);
}

/** The version of an object, or `undefined` when it has none. */
export function versionOf(object: KubernetesObject): string | undefined {
  return object instanceof VersionedObject ? object.resourceVersion : object.metadata?.resourceVersion;
}
