import { formatGroupVersion, type GroupVersion, type RequestOptions } from '@client-ts/apimachinery';
import { groupVersionsOf } from './api-versions.js';
import type { DiscoveryInterface } from './discovery-interface.js';
import type { ServerVersion } from './server-version.js';

/**
 * Whether the server has a group version. One that shows none at all is taken to have it: it may be that the caller may not
 * see them.
 */
export async function serverSupportsVersion(
  discovery: Pick<DiscoveryInterface, 'groups'>,
  groupVersion: GroupVersion,
  options: RequestOptions = {},
): Promise<boolean> {
  const served = groupVersionsOf(await discovery.groups(options));
  return served.length === 0 || served.includes(formatGroupVersion(groupVersion));
}

/** Whether the server was built from what `version` names: release, commit, and state of the files. */
export async function matchesServerVersion(
  discovery: Pick<DiscoveryInterface, 'serverVersion'>,
  version: Pick<ServerVersion, 'gitVersion' | 'gitCommit' | 'gitTreeState'>,
  options: RequestOptions = {},
): Promise<boolean> {
  const server = await discovery.serverVersion(options);
  const isSame = (field: keyof typeof version): boolean => (server[field] ?? '') === (version[field] ?? '');
  return isSame('gitVersion') && isSame('gitCommit') && isSame('gitTreeState');
}
