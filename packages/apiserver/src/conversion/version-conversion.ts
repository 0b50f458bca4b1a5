import type { KubernetesObject } from '@client-ts/apimachinery';

/** How objects of one version look in the version in which they are stored, and back. Pure. */
export interface VersionConversion {
  /** The stored version, as an `apiVersion`. */
  readonly storage: string;
  readonly fromStorage: (stored: KubernetesObject) => KubernetesObject;
  /** @param current - what is stored now; holds what the other version has no fields for. */
  readonly toStorage: (object: KubernetesObject, current: KubernetesObject | undefined) => KubernetesObject;
}
