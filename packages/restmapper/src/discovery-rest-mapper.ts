import { formatGroupVersion } from '@client-ts/apimachinery';
import type { ApiResource, ApiResources } from '@client-ts/discovery';
import { DefaultRESTMapper } from './default-rest-mapper.js';
import { PriorityRESTMapper } from './priority-rest-mapper.js';
import type { RESTMapper } from './rest-mapper.js';

/**
 * Maps what a server was found to serve. Where several groups have a resource or a kind, the core group comes first, then groups
 * in the order of the server; in a group, the version that the server recommends, then others in its order.
 */
export function newDiscoveryRESTMapper({ groups, resources }: ApiResources): RESTMapper {
  const versions = groups.flatMap(({ name, preferredVersion, versions }) =>
    [...new Set([preferredVersion, ...versions])].map((version) => ({ group: name, version })),
  );
  const order = [{ group: '', version: 'v1' }, ...versions];
  const ranks = new Map(versions.map((version, rank) => [formatGroupVersion(version), rank]));
  const rankOf = (resource: ApiResource): number => ranks.get(formatGroupVersion(resource)) ?? ranks.size;
  // What has no kind is no resource: there is something below it alone.
  const known = resources.filter(({ kind }) => kind !== '').toSorted((a, b) => rankOf(a) - rankOf(b));
  return new PriorityRESTMapper(new DefaultRESTMapper(known), { resources: order, kinds: order });
}
