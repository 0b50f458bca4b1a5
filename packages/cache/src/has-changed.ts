import type { KubernetesObject } from '@client-ts/apimachinery';

/** The same version is the same state: a list, or a watch that repeats itself, brings nothing new of such an object. */
export function hasChanged(before: KubernetesObject, after: KubernetesObject): boolean {
  const version = after.metadata?.resourceVersion;
  return version === undefined || version !== before.metadata?.resourceVersion;
}
