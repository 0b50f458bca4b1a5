import type { RequestOptions } from '@client-ts/apimachinery';
import type { ApiResource } from './api-resource.js';
import type { DiscoveryInterface } from './discovery-interface.js';
import { madeOf, preferredResources } from './preferred-resources.js';
import { supportsAllVerbs } from './supports-all-verbs.js';

/** The flags of `kubectl api-resources`. */
export interface ApiResourcesOptions extends RequestOptions {
  /** Only resources of this group; `""` is the core group. Default: of all. */
  readonly apiGroup?: string | undefined;
  /** Only resources that are in namespaces, or only those that are not. Default: both. */
  readonly namespaced?: boolean | undefined;
  /** Only resources that have all of these verbs. */
  readonly verbs?: readonly string[] | undefined;
  /** Only resources that are in all of these categories. */
  readonly categories?: readonly string[] | undefined;
  /** What comes before the name in the order. Default: the group. */
  readonly sortBy?: 'name' | 'kind' | undefined;
}

/**
 * The rows of `kubectl api-resources`, in its order: resources that can be used, each in the version that the server
 * recommends. `discovery` should ask anew, or be invalidated before, as kubectl does it.
 *
 * Rejects as `preferredResources` does: when some group versions cannot be discovered, `partial` has the rows of the others.
 * These kubectl prints, and then says what is missing; as of 1.37 it says so only with `--cached`. Of those that an aggregated
 * document calls stale it says nothing.
 */
export function apiResources(
  discovery: Pick<DiscoveryInterface, 'groupsAndResources'>,
  { apiGroup, namespaced, verbs = [], categories = [], sortBy, ...options }: ApiResourcesOptions = {},
): Promise<readonly ApiResource[]> {
  const hasVerbs = supportsAllVerbs(...verbs);
  const isWanted = (resource: ApiResource): boolean =>
    resource.verbs.length > 0 &&
    (apiGroup === undefined || resource.group === apiGroup) &&
    hasVerbs(resource) &&
    categories.every((category) => resource.categories.includes(category));
  const scope = namespaced === undefined ? undefined : namespaced ? 'Namespaced' : 'Cluster';
  const first = FirstKey[sortBy ?? 'group'];
  return madeOf(discovery.groupsAndResources(options), (found) =>
    preferredResources(found, scope)
      .filter(isWanted)
      .toSorted((a, b) => compare(first(a), first(b)) || compare(a.resource, b.resource)),
  );
}

const FirstKey: Readonly<Record<'group' | 'name' | 'kind', (resource: ApiResource) => string>> = {
  group: ({ group }) => group,
  name: ({ resource }) => resource,
  kind: ({ kind }) => kind,
};

/** By bytes, and not by a language: `Z` before `a`. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
