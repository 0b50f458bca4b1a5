import type { ApiGroup, ApiResource, ApiResources } from './api-resource.js';

/** `APIGroupDiscoveryList` of `apidiscovery.k8s.io/v2`, as far as it is read. */
export interface AggregatedDiscovery {
  items?: {
    metadata?: { name?: string };
    versions?: {
      version: string;
      /** `Stale` when the server behind it could not be asked. */
      freshness?: string;
      resources?: {
        resource: string;
        responseKind?: { kind?: string };
        scope?: string;
        singularResource?: string;
        verbs?: string[];
        shortNames?: string[];
        categories?: string[];
        subresources?: { subresource: string }[];
      }[];
    }[];
  }[];
}

/** What one document says, and the group versions of which it knows nothing current. */
export function readAggregatedDiscovery(
  document: AggregatedDiscovery,
): ApiResources & { readonly stale: readonly string[] } {
  const groups: ApiGroup[] = [];
  const resources: ApiResource[] = [];
  const stale: string[] = [];
  for (const { metadata, versions = [] } of document.items ?? []) {
    const group = metadata?.name ?? '';
    const fresh = versions.filter(({ freshness }) => freshness !== 'Stale');
    for (const { version, freshness } of versions) {
      if (freshness === 'Stale') stale.push(group === '' ? version : `${group}/${version}`);
    }
    const [preferred] = fresh;
    if (!preferred) continue;
    groups.push({ name: group, versions: fresh.map(({ version }) => version), preferredVersion: preferred.version });
    for (const { version, resources: listed = [] } of fresh) {
      for (const resource of listed) {
        // A resource without a kind only carries its subresources.
        if (!resource.responseKind?.kind) continue;
        resources.push({
          group,
          version,
          resource: resource.resource,
          singular: resource.singularResource ?? '',
          kind: resource.responseKind.kind,
          scope: resource.scope === 'Namespaced' ? 'Namespaced' : 'Cluster',
          verbs: resource.verbs ?? [],
          shortNames: resource.shortNames ?? [],
          categories: resource.categories ?? [],
          subresources: (resource.subresources ?? []).map(({ subresource }) => subresource),
        });
      }
    }
  }
  return { groups, resources, stale };
}
