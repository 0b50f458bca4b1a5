import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
} from '@client-ts/api/apiextensions/v1';
import type { GroupResource } from '@client-ts/apimachinery';

export const Definitions: GroupResource = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };

/** A CustomResourceDefinition as it is stored: decoded, but not necessarily valid. */
export type Definition = CustomResourceDefinition;

export type DefinitionNames = CustomResourceDefinitionNames;

export type DefinitionStatus = CustomResourceDefinitionStatus;

/** The version in which objects are stored; `undefined` when not exactly one says so. */
export function storageVersionOf({ spec }: Definition): string | undefined {
  const storage = (spec?.versions ?? []).filter((version) => version.storage);
  return storage.length === 1 ? storage[0]?.name : undefined;
}

export function isEstablished({ status }: Definition): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }) => type === 'Established' && value === 'True');
}

/** Holds a definition until its objects have gone. */
export const CleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';
