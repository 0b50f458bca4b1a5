import { formatGroupVersion } from '@client-ts/apimachinery';
import type { ApiResource } from './api-resource.js';

/** Resources by what `formatGroupVersion` makes of theirs, in the order they come in. */
export function byGroupVersion(resources: readonly ApiResource[]): ReadonlyMap<string, readonly ApiResource[]> {
  const lists = new Map<string, ApiResource[]>();
  for (const resource of resources) {
    const name = formatGroupVersion(resource);
    const list = lists.get(name);
    if (list) list.push(resource);
    else lists.set(name, [resource]);
  }
  return lists;
}
