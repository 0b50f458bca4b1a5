import {
  FactsError,
  type GroupVersionFacts,
  type ResourceFacts,
  type SubresourceFacts,
  type TypeFacts,
} from './facts.js';

/** `meta.k8s.io/v1 APIResourceList`: what discovery says about one group version. */
export interface ApiResourceList {
  readonly groupVersion: string;
  readonly resources: readonly ApiResource[];
}

export interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** The resources of one group version, each with its subresources; their types are found among `types` by kind. */
export function readResources(list: ApiResourceList, types: ReadonlyMap<string, TypeFacts>): GroupVersionFacts {
  const [version = '', group = ''] = list.groupVersion.split('/').toReversed();
  const typeOf = (kind: string, at: { group: string; version: string }): string | undefined =>
    [...types].find(([, { groupVersionKind: gvk }]) => {
      return gvk?.kind === kind && gvk.group === at.group && gvk.version === at.version;
    })?.[0];

  const sorted = [...list.resources].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const resources = sorted
    .filter(({ name }) => !name.includes('/'))
    .map((resource): ResourceFacts => {
      const type = typeOf(resource.kind, { group, version });
      if (type === undefined) throw new FactsError(`${list.groupVersion} ${resource.kind}: no schema`);
      const subresources = sorted
        .filter(({ name }) => name.startsWith(`${resource.name}/`))
        .map((subresource): SubresourceFacts => {
          const at = { group: subresource.group ?? group, version: subresource.version ?? version };
          const subtype = typeOf(subresource.kind, at);
          return {
            name: subresource.name.slice(resource.name.length + 1),
            kind: subresource.kind,
            ...(subresource.group !== undefined && { group: subresource.group }),
            ...(subresource.version !== undefined && { version: subresource.version }),
            ...(subtype !== undefined && { type: subtype }),
            verbs: [...subresource.verbs].toSorted(),
          };
        });
      return {
        name: resource.name,
        singular: resource.singularName,
        kind: resource.kind,
        type,
        scope: resource.namespaced ? 'Namespaced' : 'Cluster',
        verbs: [...resource.verbs].toSorted(),
        ...(resource.shortNames && { shortNames: resource.shortNames }),
        ...(resource.categories && { categories: resource.categories }),
        ...(subresources.length > 0 && { subresources }),
      };
    });
  return { group, version, resources };
}
