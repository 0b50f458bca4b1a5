import type { KubernetesObject } from '@client-ts/apimachinery';

/** Deletes what could not be cut before parsing: members that are written in an unusual way, or twice. */
export function dropManagedFields({ metadata }: KubernetesObject): void {
  if (metadata?.managedFields !== undefined) delete metadata.managedFields;
}
