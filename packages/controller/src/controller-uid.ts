import type { CachedObject } from '@client-ts/cache';

/** An index by which an owner's objects are found: `indexers: { owner: controllerUid }`, and `byIndex('owner', uid)`. */
export function controllerUid({ metadata }: CachedObject): readonly string[] {
  const reference = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  return reference ? [reference.uid] : [];
}
