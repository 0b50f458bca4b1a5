import type { GroupVersionResource, RequestOptions } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import type { DiscoveryInterface } from './discovery-interface.js';

/**
 * Whether a resource is served in that version, or a subresource such as `pods/log`: one request, or none where the client
 * remembers.
 */
export async function isResourceEnabled(
  discovery: Pick<DiscoveryInterface, 'resourcesForGroupVersion'>,
  wanted: GroupVersionResource,
  options: RequestOptions = {},
): Promise<boolean> {
  try {
    const served = await discovery.resourcesForGroupVersion(wanted, options);
    return served.some(
      ({ resource, kind, subresources }) =>
        (resource === wanted.resource && kind !== '') ||
        subresources.some(({ name }) => `${resource}/${name}` === wanted.resource),
    );
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
