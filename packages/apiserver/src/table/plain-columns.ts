import type { CustomResourceDefinition } from '@client-ts/api/apiextensions/v1';
import type { Lease } from '@client-ts/api/coordination/v1';
import type { ConfigMap, Namespace, ResourceQuota, Secret } from '@client-ts/api/core/v1';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { AgeColumn, type Column, CreatedAtColumn, NameColumn } from './column.js';

/** What is shown of resources that nobody described better. */
export const DefaultColumns: readonly Column[] = [NameColumn, CreatedAtColumn];

/** Of resources about which there is nothing to show. */
export const AgedColumns: readonly Column[] = [NameColumn, AgeColumn];

export const ConfigMapColumns: readonly Column<ConfigMap>[] = [
  NameColumn,
  {
    name: 'Data',
    type: 'string',
    cell: ({ data, binaryData }) => Object.keys({ ...data, ...binaryData }).length,
  },
  AgeColumn,
];

export const SecretColumns: readonly Column<Secret>[] = [
  NameColumn,
  { name: 'Type', type: 'string', cell: ({ type }) => type ?? '' },
  { name: 'Data', type: 'string', cell: ({ data }) => Object.keys(data ?? {}).length },
  AgeColumn,
];

export const NamespaceColumns: readonly Column<Namespace>[] = [
  NameColumn,
  { name: 'Status', type: 'string', cell: ({ status }) => status?.phase ?? '' },
  AgeColumn,
];

export const LeaseColumns: readonly Column<Lease>[] = [
  NameColumn,
  { name: 'Holder', type: 'string', cell: ({ spec }) => spec?.holderIdentity ?? '' },
  AgeColumn,
];

export const ResourceQuotaColumns: readonly Column<ResourceQuota>[] = [
  NameColumn,
  { name: 'Request', type: 'string', cell: (quota) => used(quota, (resource) => !resource.startsWith('limits.')) },
  { name: 'Limit', type: 'string', cell: (quota) => used(quota, (resource) => resource.startsWith('limits.')) },
  AgeColumn,
];

/** Of `autoscaling/v1` Scale, a subresource of others. */
export const ScaleColumns: readonly Column<
  KubernetesObject & { spec?: { replicas?: number }; status?: { replicas?: number } }
>[] = [
  { ...NameColumn, format: undefined },
  { name: 'Desired', type: 'integer', cell: ({ spec }) => spec?.replicas ?? 0 },
  { name: 'Available', type: 'integer', cell: ({ status }) => status?.replicas ?? 0 },
  AgeColumn,
];

export const CustomResourceDefinitionColumns: readonly Column<CustomResourceDefinition>[] = [
  NameColumn,
  { name: 'Scope', type: 'string', cell: ({ spec }) => spec?.scope ?? '' },
  { name: 'Versions', type: 'string', cell: servedVersions },
  CreatedAtColumn,
  { name: 'Group', type: 'string', priority: 1, cell: ({ spec }) => spec?.group ?? '' },
  { name: 'Kind', type: 'string', priority: 1, cell: ({ spec }) => spec?.names?.kind ?? '' },
  { name: 'ShortNames', type: 'string', priority: 1, cell: ({ spec }) => (spec?.names?.shortNames ?? []).join(',') },
  {
    name: 'Established',
    type: 'boolean',
    priority: 1,
    cell: ({ status }) =>
      (status?.conditions ?? []).some((condition) => condition.type === 'Established' && condition.status === 'True'),
  },
];

function used({ status }: ResourceQuota, wanted: (resource: string) => boolean): string {
  return Object.entries(status?.hard ?? {})
    .filter(([resource]) => wanted(resource))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([resource, hard]) => `${resource}: ${status?.used?.[resource] ?? '0'}/${hard}`)
    .join(', ');
}

function servedVersions({ spec }: CustomResourceDefinition): string {
  return (spec?.versions ?? [])
    .filter(({ served }) => served)
    .map(({ name, storage }) => (storage ? `${name}(storage)` : name))
    .toSorted()
    .join(',');
}
