import { formatGroupVersion, type GroupVersionKind } from '@client-ts/apimachinery';
import type { ApiGroup, ApiResource, ApiResources } from './api-resource.js';

/**
 * `APIGroupDiscoveryList` of `apidiscovery.k8s.io/v2`, as far as it is read.
 *
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/3352-aggregated-discovery
 */
export interface AggregatedDiscovery {
  items?: {
    metadata?: { name?: string };
    versions?: {
      version: string;
      /** `Stale` when the server behind it could not be asked. */
      freshness?: string;
      resources?: AggregatedResource[];
    }[];
  }[];
}

interface AggregatedResource {
  resource: string;
  /** Absent where only the subresources exist. Empty parts are those of the group version around it. */
  responseKind?: Partial<GroupVersionKind>;
  scope?: string;
  singularResource?: string;
  verbs?: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: { subresource: string; responseKind?: Partial<GroupVersionKind>; verbs?: string[] }[];
}

/** What one document says, and the group versions of which it knows nothing current. */
export interface AggregatedResources extends ApiResources {
  readonly stale: readonly string[];
}

export function isAggregatedDiscovery(document: object): document is AggregatedDiscovery {
  const { kind, apiVersion } = document as { kind?: unknown; apiVersion?: unknown };
  return kind === 'APIGroupDiscoveryList' && apiVersion === 'apidiscovery.k8s.io/v2';
}

/** Versions are taken as the server orders them: the first one that is fresh is its recommendation. */
export function readAggregatedDiscovery({ items = [] }: AggregatedDiscovery): AggregatedResources {
  const groups: ApiGroup[] = [];
  const resources: ApiResource[] = [];
  const stale: string[] = [];
  for (const { metadata, versions = [] } of items) {
    const group = metadata?.name ?? '';
    const fresh = versions.filter(({ freshness }) => freshness !== 'Stale');
    const old = versions.filter(({ freshness }) => freshness === 'Stale');
    stale.push(...old.map(({ version }) => formatGroupVersion({ group, version })));
    const [preferred] = fresh;
    if (!preferred) continue;
    groups.push({ name: group, versions: fresh.map(({ version }) => version), preferredVersion: preferred.version });
    for (const { version, resources: listed = [] } of fresh) {
      resources.push(...listed.filter(isServed).map((resource) => readResource(resource, group, version)));
    }
  }
  return { groups, resources, stale };
}

/** The server's own word for a thing that cannot be used is a kind that is missing. */
function hasKind({ responseKind }: Pick<AggregatedResource, 'responseKind'>): boolean {
  return Boolean(responseKind?.kind);
}

function isServed(listed: AggregatedResource): boolean {
  return hasKind(listed) || Boolean(listed.subresources?.some(hasKind));
}

function readResource(listed: AggregatedResource, group: string, version: string): ApiResource {
  return {
    group,
    version,
    resource: listed.resource,
    singular: listed.singularResource ?? '',
    kind: listed.responseKind?.kind ?? '',
    scope: listed.scope === 'Namespaced' ? 'Namespaced' : 'Cluster',
    verbs: hasKind(listed) ? (listed.verbs ?? []) : [],
    shortNames: listed.shortNames ?? [],
    categories: listed.categories ?? [],
    subresources: (listed.subresources ?? []).filter(hasKind).map(({ subresource, responseKind, verbs = [] }) => {
      // The core group is empty, too: a version tells that the kind is not of the group version around it.
      const own = responseKind?.version
        ? { group: responseKind.group ?? '', version: responseKind.version }
        : undefined;
      return { name: subresource, ...(own ?? { group, version }), kind: responseKind?.kind ?? '', verbs };
    }),
  };
}
