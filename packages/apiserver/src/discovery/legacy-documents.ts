import { formatGroupVersion, type GroupVersion } from '@client-ts/apimachinery';
import type { ResourceRegistry, ServedResource } from '../resource-registry.js';

/** `/api`: the versions of the core group. */
export function apiVersions(registry: ResourceRegistry): object {
  const versions = registry.groupVersions().filter(({ group }) => group === '');
  return {
    kind: 'APIVersions',
    versions: versions.map(({ version }) => version),
    serverAddressByClientCIDRs: [],
  };
}

/** `/apis`: the named groups. */
export function apiGroupList(registry: ResourceRegistry): object {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groupNames(registry).map((group) => groupFields(registry, group)),
  };
}

/** `/apis/<group>`; `undefined` when no version of it is served. */
export function apiGroup(registry: ResourceRegistry, group: string): object | undefined {
  if (!groupNames(registry).includes(group)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupFields(registry, group) };
}

/** `/api/v1` and `/apis/<group>/<version>`: resources, each with its subresources behind it. */
export function apiResourceList(registry: ResourceRegistry, groupVersion: GroupVersion): object {
  return {
    kind: 'APIResourceList',
    ...(groupVersion.group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: formatGroupVersion(groupVersion),
    resources: registry.resources(groupVersion).flatMap(resourceFields),
  };
}

/** By the priority that kube-apiserver gives them, which decides what clients take a short name for. */
const GroupsByPriority: readonly string[] = [
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'storagemigration.k8s.io',
];

/** Named groups, built-in ones by priority, and then those of CustomResourceDefinitions by name. */
export function groupNames(registry: ResourceRegistry): string[] {
  const names = new Set(registry.groupVersions().map(({ group }) => group));
  const builtIn = GroupsByPriority.filter((group) => names.has(group));
  const others = [...names].filter((group) => group !== '' && !GroupsByPriority.includes(group));
  return [...builtIn, ...others.toSorted()];
}

/** The versions of a group, the one the server recommends first. */
export function versionsOf(registry: ResourceRegistry, group: string): string[] {
  const versions = registry.groupVersions().filter((groupVersion) => groupVersion.group === group);
  return versions.map(({ version }) => version).toSorted(compareVersions);
}

function groupFields(registry: ResourceRegistry, group: string): object {
  const versions = versionsOf(registry, group).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function resourceFields(resource: ServedResource): object[] {
  const namespaced = resource.scope === 'Namespaced';
  const subresources = resource.served.map(({ name, kind, group, version, verbs }) => ({
    name: `${resource.resource}/${name}`,
    singularName: '',
    namespaced,
    ...(group === undefined ? {} : { group, version }),
    kind,
    verbs,
  }));
  const own = {
    name: resource.resource,
    singularName: resource.singular,
    namespaced,
    kind: resource.kind,
    verbs: resource.verbs,
    ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
    ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
  };
  return [own, ...subresources];
}

/** GA before beta before alpha, newer before older, and names that follow no pattern last, by the alphabet. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : 1;
  return right.stability - left.stability || right.major - left.major || right.minor - left.minor;
}

function parseVersion(version: string): { stability: number; major: number; minor: number } | undefined {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version);
  if (!match) return undefined;
  const [, major, stage, minor = '0'] = match;
  const stability = stage === undefined ? 2 : stage === 'beta' ? 1 : 0;
  return { stability, major: Number(major), minor: Number(minor) };
}
