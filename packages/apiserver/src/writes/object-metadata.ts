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

/**
 * Metadata as a server keeps it: the known fields only, nothing that is empty, and no `null`s.
 *
 * @param metadata - checked by `metadataTypeProblem`.
 */
export function cleanMetadata(metadata: {
  readonly [F in keyof ObjectMeta]: ObjectMeta[F] | null | undefined;
}): ObjectMeta {
  const result: Record<string, unknown> = {};
  for (const field of Order) {
    const value = withoutNulls(metadata[field]);
    if (!isEmpty(value)) result[field] = value;
  }
  return result;
}

/** In a map from strings to strings, as labels are, Go reads `null` as the empty string. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, (text as unknown) ?? '']));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
