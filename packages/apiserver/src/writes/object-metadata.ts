import type { ObjectMeta } from '@client-ts/apimachinery';

/** The order in which a server writes metadata; it also decides what comes first when people read an object. */
const Order: readonly (keyof ObjectMeta)[] = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/** Metadata as a server writes it: its own fields only, and nothing that is empty. */
export function withSystemMetadata(metadata: {
  readonly [F in keyof ObjectMeta]: ObjectMeta[F] | undefined;
}): ObjectMeta {
  const result: Record<string, unknown> = {};
  for (const field of Order) {
    const value = metadata[field];
    if (!isEmpty(value)) result[field] = value;
  }
  return result;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
