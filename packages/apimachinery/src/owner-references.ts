import type { KubernetesObject, OwnerReference } from './object.js';
import { formatGroupVersion, type GroupVersionKind } from './schema.js';

/**
 * A reference that makes `owner` the managing controller, and holds up its foreground deletion until the dependent is
 * gone.
 *
 * @throws TypeError when the owner was not read from a server: a reference without uid would be collected at once.
 */
export function newControllerRef(owner: KubernetesObject, gvk: GroupVersionKind): OwnerReference {
  const { name, uid } = owner.metadata ?? {};
  if (!name || !uid) throw new TypeError('newControllerRef: the owner has no metadata.name or metadata.uid');
  return { apiVersion: formatGroupVersion(gvk), kind: gvk.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** The reference to the managing controller, if there is one. */
export function getControllerOf(object: KubernetesObject): OwnerReference | undefined {
  return object.metadata?.ownerReferences?.find((reference) => reference.controller === true);
}

/** Whether `owner` is the managing controller of `object`, by uid: a namesake made later does not count. */
export function isControlledBy(object: KubernetesObject, owner: KubernetesObject): boolean {
  const uid = owner.metadata?.uid;
  return uid !== undefined && getControllerOf(object)?.uid === uid;
}
