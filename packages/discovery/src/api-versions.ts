import { formatGroupVersion, type RequestOptions } from '@client-ts/apimachinery';
import type { ApiGroup } from './api-resource.js';
import type { DiscoveryInterface } from './discovery-interface.js';

/** What `kubectl api-versions` prints: all `group/version` of the server, sorted; `v1` is that of the core group. */
export async function apiVersions(
  discovery: Pick<DiscoveryInterface, 'groups'>,
  options: RequestOptions = {},
): Promise<readonly string[]> {
  return groupVersionsOf(await discovery.groups(options)).toSorted();
}

/** In the order of the server. */
export function groupVersionsOf(groups: readonly ApiGroup[]): string[] {
  return groups.flatMap(({ name, versions }) =>
    versions.map((version) => formatGroupVersion({ group: name, version })),
  );
}
