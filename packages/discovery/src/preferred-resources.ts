import { formatGroupResource, formatGroupVersion, type Scope } from '@client-ts/apimachinery';
import type { ApiResource, ApiResources } from './api-resource.js';
import { byGroupVersion } from './by-group-version.js';
import { GroupDiscoveryFailedError, isGroupDiscoveryFailed } from './group-discovery-failed-error.js';

/**
 * Each resource once: in the version that the server recommends for its group, or in the first other one that has it.
 *
 * @param scope - only resources of this one.
 */
export function preferredResources({ groups, resources }: ApiResources, scope?: Scope): readonly ApiResource[] {
  const lists = byGroupVersion(resources);
  const chosen = new Map<string, ApiResource>();
  for (const { name, preferredVersion, versions } of groups) {
    for (const version of [preferredVersion, ...versions]) {
      for (const resource of lists.get(formatGroupVersion({ group: name, version })) ?? []) {
        const key = formatGroupResource(resource);
        if (resource.kind !== '' && !chosen.has(key)) chosen.set(key, resource);
      }
    }
  }
  return [...chosen.values()].filter((resource) => scope === undefined || resource.scope === scope);
}

/** What is made of all that was found; of what was found, when some groups failed: as `partial` of the same error. */
export async function madeOf<T>(found: Promise<ApiResources>, make: (found: ApiResources) => T): Promise<T> {
  try {
    return make(await found);
  } catch (error) {
    if (!isGroupDiscoveryFailed(error)) throw error;
    throw new GroupDiscoveryFailedError(error.groups, make(error.partial as ApiResources));
  }
}
