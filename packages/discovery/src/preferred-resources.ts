import { formatGroupResource } from '@client-ts/apimachinery';
import type { ApiResource, ApiResources } from './api-resource.js';

/**
 * Each resource once: in the version that the server recommends for its group, or in the first other one that has it.
 */
export function preferredResources({ groups, resources }: ApiResources): ApiResource[] {
  const chosen = new Map<string, ApiResource>();
  for (const { name, preferredVersion, versions } of groups) {
    for (const version of [preferredVersion, ...versions]) {
      for (const resource of resources) {
        const key = formatGroupResource(resource);
        if (resource.group === name && resource.version === version && !chosen.has(key)) chosen.set(key, resource);
      }
    }
  }
  return [...chosen.values()];
}
