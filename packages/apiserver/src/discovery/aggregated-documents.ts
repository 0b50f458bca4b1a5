import type { MediaRange } from '../media-range.js';
import type { ResourceRegistry, ServedResource } from '../resource-registry.js';
import { groupNames, versionsOf } from './legacy-documents.js';

/** What `Accept` asks for, and `Content-Type` says, of an aggregated document. */
export const AggregatedMediaType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** All groups and resources below `/api` or `/apis` in one document. */
export function aggregatedDiscovery(registry: ResourceRegistry, root: '/api' | '/apis'): object {
  const groups = root === '/api' ? [''] : groupNames(registry);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versionsOf(registry, group).map((version) => ({
        version,
        resources: registry.resources({ group, version }).map(resourceFields),
        freshness: 'Current',
      })),
    })),
  };
}

function resourceFields(resource: ServedResource): object {
  const { scope, singular, verbs, shortNames, categories, served } = resource;
  // For built-in kinds a real server leaves out what is the same as the resource's own.
  const own = resource.custom ? { group: resource.group, version: resource.version } : { group: '', version: '' };
  return {
    resource: resource.resource,
    responseKind: { ...own, kind: resource.kind },
    scope,
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(served.length > 0
      ? {
          subresources: served.map(({ name, group, version, kind, verbs }) => ({
            subresource: name,
            responseKind: group === undefined ? { ...own, kind } : { group, version, kind },
            verbs,
          })),
        }
      : {}),
  };
}

/** Whether a choice of `Accept` is aggregated discovery, in the version that is served. */
export function isAggregated({ parameters }: MediaRange): boolean {
  return (
    parameters.get('g') === 'apidiscovery.k8s.io' &&
    parameters.get('v') === 'v2' &&
    parameters.get('as') === 'APIGroupDiscoveryList'
  );
}
