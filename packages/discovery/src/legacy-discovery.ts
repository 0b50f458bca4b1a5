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
  resources?: {
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
  }[];
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
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, singularName, namespaced, kind, verbs, shortNames, categories }) => ({
      group,
      version,
      resource: name,
      singular: singularName ?? '',
      kind,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      verbs: verbs ?? [],
      shortNames: shortNames ?? [],
      categories: categories ?? [],
      subresources: resources
        .filter((other) => other.name.startsWith(`${name}/`))
        .map((other) => ({
          name: other.name.slice(name.length + 1),
          ...(other.version ? { group: other.group ?? '', version: other.version } : { group, version }),
          kind: other.kind,
          verbs: other.verbs ?? [],
        })),
    }));
}
