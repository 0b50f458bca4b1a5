import type { CachedObject } from './deep-readonly.js';

/** What the index `namespace` finds an object by: `""` for cluster-scoped ones. client-go's MetaNamespaceIndexFunc. */
export function metaNamespaceIndex({ metadata }: CachedObject): readonly [namespace: string] {
  return [metadata?.namespace ?? ''];
}
