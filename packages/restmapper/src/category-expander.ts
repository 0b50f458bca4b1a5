import { formatGroupResource, type GroupResource } from '@client-ts/apimachinery';
import { discover, type ResourceDiscovery } from './resource-discovery.js';
import type { MapOptions } from './rest-mapper.js';

/** Resources by categories, such as `all` of `kubectl get all`; `undefined` when there is no such category. */
export type CategoryExpander = (
  category: string,
  options?: MapOptions,
) => Promise<readonly GroupResource[] | undefined>;

/** Categories that are known beforehand. */
export function simpleCategoryExpander(
  expansions: Readonly<Record<string, readonly GroupResource[]>>,
): CategoryExpander {
  return async (category) => (Object.hasOwn(expansions, category) ? expansions[category] : undefined);
}

/**
 * Categories that resources have on a server, in its order, each resource once. Groups that cannot be discovered are left out;
 * rejects as discovery does when nothing can.
 *
 * @param discovery - is asked at every question: one that remembers, such as a `DeferredDiscoveryRESTMapper`.
 */
export function discoveryCategoryExpander(discovery: ResourceDiscovery): CategoryExpander {
  return async (category, options) => {
    const { found } = await discover(discovery, options);
    return someOf(found.resources.filter(({ categories }) => categories.includes(category)));
  };
}

/** What any of several expanders finds, each resource once. */
export function unionCategoryExpander(...expanders: readonly CategoryExpander[]): CategoryExpander {
  return async (category, options) => {
    const found = await Promise.all(expanders.map((expand) => expand(category, options)));
    return someOf(found.flatMap((resources) => resources ?? []));
  };
}

function someOf(found: readonly GroupResource[]): readonly GroupResource[] | undefined {
  const distinct = new Map(
    found.map(({ group, resource }) => [formatGroupResource({ group, resource }), { group, resource }]),
  );
  return distinct.size > 0 ? [...distinct.values()] : undefined;
}
