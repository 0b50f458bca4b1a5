import { formatGroupVersion, type GroupVersion, parseGroupVersion } from '@client-ts/apimachinery';
import type { ApiGroup, ApiResource, ApiSubresource } from '../api-resource.js';
import type { ApiGroupList, ApiResourceList, ListedResource } from '../legacy-discovery.js';

/**
 * `APIGroupList`, as kubectl keeps it.
 *
 * @param failed - names of group versions that are not among the groups since nothing current is known of them.
 */
export function groupListOf(groups: readonly ApiGroup[], failed: Iterable<string>): ApiGroupList {
  const versions = new Map(groups.map((group) => [group.name, [...group.versions]]));
  for (const name of failed) {
    const { group, version } = parseGroupVersion(name);
    const known = versions.get(group) ?? [];
    if (!known.includes(version)) versions.set(group, [...known, version]);
  }
  const preferred = new Map(groups.map((group) => [group.name, group.preferredVersion]));
  const entry = (group: string, version: string): { groupVersion: string; version: string } => ({
    groupVersion: formatGroupVersion({ group, version }),
    version,
  });
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...versions].map(([name, [first = '', ...others]]) => ({
      name,
      versions: [first, ...others].map((version) => entry(name, version)),
      preferredVersion: entry(name, preferred.get(name) ?? first),
    })),
  };
}

/** `APIResourceList`, as kubectl keeps it; all resources are of the group version. */
export function resourceListOf(groupVersion: GroupVersion, resources: readonly ApiResource[]): ApiResourceList {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: formatGroupVersion(groupVersion),
    resources: resources.flatMap((resource) => [
      ...(resource.kind === '' ? [] : [listedResource(resource)]),
      ...resource.subresources.map((subresource) => listedSubresource(resource, subresource)),
    ]),
  };
}

function listedResource(resource: ApiResource): ListedResource {
  const { shortNames, categories } = resource;
  return {
    name: resource.resource,
    singularName: resource.singular,
    namespaced: resource.scope === 'Namespaced',
    kind: resource.kind,
    verbs: [...resource.verbs],
    ...(shortNames.length > 0 ? { shortNames: [...shortNames] } : {}),
    ...(categories.length > 0 ? { categories: [...categories] } : {}),
  };
}

function listedSubresource(parent: ApiResource, { name, group, version, kind, verbs }: ApiSubresource): ListedResource {
  const isOfParent = group === parent.group && version === parent.version;
  return {
    name: `${parent.resource}/${name}`,
    singularName: parent.singular,
    namespaced: parent.scope === 'Namespaced',
    ...(isOfParent ? {} : { group, version }),
    kind,
    verbs: [...verbs],
  };
}
