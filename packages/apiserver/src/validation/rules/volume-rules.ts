import type { StatusCause } from '@client-ts/apimachinery/errors';
import { invalid, unsupported, required } from '../../rules/causes.js';
import { type Fields, fieldsAt } from '../json-fields.js';
import type { Rule } from './rule.js';

/** Fields of a PersistentVolume that say what it is like; any other one says where its data is. */
const VolumeFields: ReadonlySet<string> = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

/** Rules of volumes, claims and quotas, by type. */
export const VolumeRules: Readonly<Record<string, Rule>> = {
  'core.v1.PersistentVolumeClaimSpec': (spec, path) => [
    ...(hasModes(spec) ? [] : [required(`${path}.accessModes`, 'at least 1 access mode is required')]),
    ...(fieldsAt(fieldsAt(spec, 'resources'), 'requests')['storage'] === undefined
      ? [required(`${path}.resources[storage]`)]
      : []),
  ],
  'core.v1.PersistentVolumeSpec': (spec, path) => [
    ...(hasModes(spec) ? [] : [required(`${path}.accessModes`)]),
    ...capacityProblems(fieldsAt(spec, 'capacity'), `${path}.capacity`),
    ...(Object.keys(spec).every((field) => VolumeFields.has(field))
      ? [required(path, 'must specify a volume type')]
      : []),
  ],
  'core.v1.ResourceQuotaSpec': (spec, path) =>
    Object.entries(fieldsAt(spec, 'hard')).flatMap(([name, quantity]) =>
      String(quantity).startsWith('-')
        ? [invalid(`${path}.hard[${name}]`, quantity, 'must be greater than or equal to 0')]
        : [],
    ),
};

function hasModes({ accessModes }: Fields): boolean {
  return Array.isArray(accessModes) && accessModes.length > 0;
}

function capacityProblems(capacity: Fields, field: string): StatusCause[] {
  if (capacity['storage'] !== undefined && Object.keys(capacity).length === 1) return [];
  const shown = Object.keys(capacity).length === 0 ? undefined : capacity;
  return [...(shown ? [] : [required(field)]), unsupported(field, shown, ['storage'])];
}
