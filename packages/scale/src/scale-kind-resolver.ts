import {
  formatGroupVersion,
  type GroupVersionKind,
  type GroupVersionResource,
  type RequestOptions,
  SingleFlight,
} from '@client-ts/apimachinery';
import type { ApiResource, DiscoveryClient } from '@client-ts/discovery';
import { NoScaleSubresourceError } from './no-scale-subresource-error.js';

/** Tells by which kind a resource is scaled. */
export interface ScaleKindResolver {
  /** Rejects with a {@link NoScaleSubresourceError} when the resource cannot be scaled. */
  scaleKindForResource(
    resource: GroupVersionResource,
    options?: Pick<RequestOptions, 'signal'>,
  ): Promise<GroupVersionKind>;
}

/** What a resolver needs of discovery. */
export type DiscoveryOfVersion = Pick<DiscoveryClient, 'resourcesForGroupVersion'>;

/**
 * Asks the server: once for each resource that can be scaled, and again for one that cannot, which may have become so.
 * Questions about one group version at the same time share a request.
 */
export function discoveryScaleKindResolver(discovery: DiscoveryOfVersion): ScaleKindResolver {
  const known = new Map<string, GroupVersionKind>();
  const flights = new Map<string, SingleFlight<readonly ApiResource[]>>();
  return {
    async scaleKindForResource(resource, options) {
      const groupVersion = formatGroupVersion(resource);
      const key = `${groupVersion}/${resource.resource}`;
      const found = known.get(key);
      if (found) return found;
      const flight = flights.get(groupVersion) ?? new SingleFlight();
      flights.set(groupVersion, flight);
      const listed = await flight.join(
        (signal) => discovery.resourcesForGroupVersion(resource, { signal }),
        options?.signal,
      );
      const scale = listed
        .find((candidate) => candidate.resource === resource.resource)
        ?.subresources.find(({ name }) => name === 'scale');
      if (!scale) throw new NoScaleSubresourceError(resource);
      const { group, version, kind } = scale;
      known.set(key, { group, version, kind });
      return { group, version, kind };
    },
  };
}
