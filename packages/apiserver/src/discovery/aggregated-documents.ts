import { formatGroupVersion } from '@client-ts/apimachinery';
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
      metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
      versions: versionsOf(registry, group).map((version) => ({
        version,
        resources: registry.resources({ group, version }).map(resourceFields),
        freshness: 'Current',
      })),
    })),
  };
}

function resourceFields(resource: ServedResource): object {
  const { group, version, kind, scope, singular, verbs, shortNames, categories, served } = resource;
  return {
    resource: resource.resource,
    responseKind: { group, version, kind },
    scope,
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(served.length > 0
      ? {
          subresources: served.map((subresource) => ({
            subresource: subresource.name,
            responseKind: {
              group: subresource.group ?? group,
              version: subresource.version ?? version,
              kind: subresource.kind,
            },
            verbs: subresource.verbs,
          })),
        }
      : {}),
  };
}

/** Whether a client wants aggregated discovery. Only the version that is served counts. */
export function wantsAggregated(accept: string): boolean {
  return accept.split(',').some((clause) => {
    const parameters = clause.split(';').map((part) => part.trim());
    return ['g=apidiscovery.k8s.io', 'v=v2', 'as=APIGroupDiscoveryList'].every((wanted) => parameters.includes(wanted));
  });
}

/** A path of discovery without slash at its end, such as `/apis/apps/v1`. */
export function groupVersionPath(group: string, version: string): string {
  return `${group === '' ? '/api' : '/apis'}/${formatGroupVersion({ group, version })}`;
}
