import type { PersistentVolume, PersistentVolumeClaim } from '@client-ts/api/core/v1';
import { AgeColumn, type Column, NameColumn } from './column.js';

/** The annotation in which the storage class was before it had a field; it still wins. */
const ClassAnnotation = 'volume.beta.kubernetes.io/storage-class';

/** Short forms, in the order in which they are shown. */
const AccessModes: readonly [string, string][] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

type Volume = PersistentVolume | PersistentVolumeClaim;

const ClassColumn: Column<Volume> = {
  name: 'StorageClass',
  type: 'string',
  cell: ({ metadata, spec }) => metadata?.annotations?.[ClassAnnotation] ?? spec?.storageClassName ?? '',
};
const AttributesClassColumn: Column<Volume> = {
  name: 'VolumeAttributesClass',
  type: 'string',
  cell: ({ spec }) => spec?.volumeAttributesClassName ?? '<unset>',
};
const ModeColumn: Column<Volume> = {
  name: 'VolumeMode',
  type: 'string',
  priority: 1,
  cell: ({ spec }) => spec?.volumeMode ?? '<unset>',
};
const StatusColumn: Column<Volume> = {
  name: 'Status',
  type: 'string',
  cell: ({ metadata, status }) => (metadata?.deletionTimestamp ? 'Terminating' : (status?.phase ?? '')),
};

export const PersistentVolumeColumns: readonly Column<PersistentVolume>[] = [
  NameColumn,
  { name: 'Capacity', type: 'string', cell: ({ spec }) => spec?.capacity?.['storage'] ?? '0' },
  { name: 'Access Modes', type: 'string', cell: ({ spec }) => shortModes(spec?.accessModes) },
  { name: 'Reclaim Policy', type: 'string', cell: ({ spec }) => spec?.persistentVolumeReclaimPolicy ?? '' },
  StatusColumn,
  {
    name: 'Claim',
    type: 'string',
    cell: ({ spec }) => (spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : ''),
  },
  ClassColumn,
  AttributesClassColumn,
  { name: 'Reason', type: 'string', cell: ({ status }) => status?.reason ?? '' },
  AgeColumn,
  ModeColumn,
];

export const PersistentVolumeClaimColumns: readonly Column<PersistentVolumeClaim>[] = [
  NameColumn,
  StatusColumn,
  { name: 'Volume', type: 'string', cell: ({ spec }) => spec?.volumeName ?? '' },
  {
    name: 'Capacity',
    type: 'string',
    cell: ({ spec, status }) => (spec?.volumeName ? (status?.capacity?.['storage'] ?? '0') : ''),
  },
  {
    name: 'Access Modes',
    type: 'string',
    cell: ({ spec, status }) => (spec?.volumeName ? shortModes(status?.accessModes) : ''),
  },
  ClassColumn,
  AttributesClassColumn,
  AgeColumn,
  ModeColumn,
];

function shortModes(modes: readonly string[] = []): string {
  return AccessModes.filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}
