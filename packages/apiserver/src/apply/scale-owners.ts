import type { ManagedFieldsEntry } from '@client-ts/apimachinery';
import { FieldSet } from './field-set.js';
import { formatManagedFields, managerId, type Ownership, parseManagedFields } from './managers.js';
import type { PathElement } from './path-element.js';

const ScaleVersion = 'autoscaling/v1';
const ReplicasOfScale: readonly PathElement[] = ['f:spec', 'f:replicas'];

/** The part of managedFields that a scale is about: who owns the number of replicas, in the terms of the scale. */
export function ownersOfScale(
  entries: readonly ManagedFieldsEntry[],
  replicas: readonly PathElement[],
): readonly Ownership[] {
  return (parseManagedFields(entries) ?? [])
    .filter(({ fields }) => fields.has(replicas))
    .map(({ manager, time }) => ({
      manager: { ...manager, apiVersion: ScaleVersion },
      fields: FieldSet.path(ReplicasOfScale),
      time,
    }));
}

/**
 * The managedFields of a scaled object.
 *
 * What real servers do is kept, odd as it is: whoever updates through a scale gets no time, and an updater who has not lost
 * the replicas owns them in an entry of their own.
 *
 * @param owners - of the scale, after it was written.
 */
export function managedFieldsAfterScale(
  entries: readonly ManagedFieldsEntry[],
  owners: readonly Ownership[],
  apiVersion: string,
  replicas: readonly PathElement[],
): ManagedFieldsEntry[] {
  const path = FieldSet.path(replicas);
  const scaling = new Map(owners.map((owner) => [managerId(owner.manager), owner]));
  const parents = (parseManagedFields(entries) ?? []).flatMap((parent): Ownership[] => {
    if (!parent.fields.has(replicas)) return [parent];
    if (scaling.delete(managerId(parent.manager))) return [parent];
    const fields = parent.fields.difference(path);
    return fields.isEmpty ? [] : [{ ...parent, fields }];
  });
  const scaled = [...scaling.values()]
    .filter(({ fields }) => fields.has(ReplicasOfScale))
    .map(({ manager }): Ownership => ({ manager: { ...manager, apiVersion }, fields: path, time: undefined }));
  return formatManagedFields([...parents, ...scaled]);
}
