import { type GroupVersion, parseGroupVersion } from '@client-ts/apimachinery';
import type { ApiGroup, ApiResource } from './api-resource.js';

/** `APIVersions`, the answer of `/api`. */
export interface ApiVersions {
  versions?: string[];
}

/** `APIGroupList`, the answer of `/apis`. */
export interface ApiGroupList {
  kind?: string;
  apiVersion?: string;
  groups?: {
    name: string;
    versions?: { groupVersion: string; version: string }[];
    preferredVersion?: { groupVersion: string; version: string };
  }[];
}

/** `APIResourceList`, the answer for one group version. */
export interface ApiResourceList {
  kind?: string;
  apiVersion?: string;
  groupVersion?: string;
  resources?: ListedResource[];
}

/** A resource, or a subresource. */
export interface ListedResource {
  /** `resource`, or `resource/subresource`. */
  name: string;
  singularName?: string;
  namespaced?: boolean;
  /** Group and version of the kind, where they are not those of the list. */
  group?: string;
  version?: string;
  kind: string;
  verbs?: string[];
  shortNames?: string[];
  categories?: string[];
}

/** The core group comes first; of its versions the first one is recommended. */
export function readGroups(core: ApiVersions | undefined, list: ApiGroupList | undefined): ApiGroup[] {
  const groups: ApiGroup[] = [];
  const [preferredCore] = core?.versions ?? [];
  if (preferredCore !== undefined) {
    groups.push({ name: '', versions: core?.versions ?? [], preferredVersion: preferredCore });
  }
  for (const { name, versions = [], preferredVersion } of list?.groups ?? []) {
    const names = versions.map(({ version }) => version);
    const preferred = preferredVersion?.version ?? names[0];
    if (preferred !== undefined) groups.push({ name, versions: names, preferredVersion: preferred });
  }
  return groups;
}

export function readResources(
  { groupVersion = '', resources = [] }: ApiResourceList,
  asked: GroupVersion,
): ApiResource[] {
  const { group, version } = groupVersion === '' ? asked : parseGroupVersion(groupVersion);
  const lists = new Map<string, { own?: ListedResource; subresources: ListedResource[] }>();
  for (const listed of resources) {
    const [name = ''] = listed.name.split('/', 1);
    const list = lists.get(name) ?? { subresources: [] };
    lists.set(name, list);
    if (name === listed.name) list.own = listed;
    else list.subresources.push(listed);
  }
  return [...lists].map(([name, { own, subresources }]) => ({
    group,
    version,
    resource: name,
    singular: own?.singularName ?? '',
    kind: own?.kind ?? '',
    scope: (own ?? subresources[0])?.namespaced ? 'Namespaced' : 'Cluster',
    verbs: own?.verbs ?? [],
    shortNames: own?.shortNames ?? [],
    categories: own?.categories ?? [],
    subresources: subresources.map((listed) => ({
      name: listed.name.slice(name.length + 1),
      ...(listed.version ? { group: listed.group ?? '', version: listed.version } : { group, version }),
      kind: listed.kind,
      verbs: listed.verbs ?? [],
    })),
  }));
}
