import type { ObjectMeta } from '@client-ts/apimachinery';
import { jsonEqual } from '../json-equal.js';

/** Drops owners that are named more than once, and adds a warning when there are some. */
export function withDistinctOwners(metadata: ObjectMeta, warnings: string[]): ObjectMeta {
  const owners = metadata.ownerReferences ?? [];
  const distinct = owners.filter((owner, i) => owners.findIndex((other) => jsonEqual(owner, other)) === i);
  if (distinct.length === owners.length) return metadata;
  const repeated = owners.filter((owner) => owners.filter((other) => jsonEqual(owner, other)).length > 1);
  const uids = [...new Set(repeated.map(({ uid }) => uid))].join(', ');
  warnings.push(
    `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`,
  );
  return { ...metadata, ownerReferences: distinct };
}
