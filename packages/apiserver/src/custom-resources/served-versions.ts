import type { CustomResourceFacts, ServedResource, ServedSubresource } from '../resource-registry.js';
import { type Definition, storageVersionOf } from './definition.js';
import { compareKubeVersions } from './kube-version.js';

type Version = Definition['spec']['versions'][number];

/** In the order in which a real server lists them. */
const Verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const SubresourceVerbs = ['get', 'patch', 'update'];

/** The resources that a definition adds: one for each version that is served, under the names that were accepted. */
export function servedVersions(definition: Definition): ServedResource[] {
  const { group, scope, versions } = definition.spec;
  const names = definition.status?.acceptedNames;
  const storageVersion = storageVersionOf(definition);
  if (!names || storageVersion === undefined) return [];
  const { plural, kind, singular = '', listKind = `${kind}List`, shortNames = [], categories = [] } = names;
  return versions
    .filter(({ served }) => served)
    .toSorted((a, b) => compareKubeVersions(a.name, b.name))
    .map((version) => {
      const served = subresources(version, kind);
      return {
        group,
        version: version.name,
        resource: plural,
        kind,
        scope: scope === 'Namespaced' ? 'Namespaced' : 'Cluster',
        subresources: served.map(({ name }) => name),
        singular,
        listKind,
        verbs: Verbs,
        shortNames,
        categories,
        served,
        custom: facts(definition, version, storageVersion),
      };
    });
}

function subresources({ subresources: declared }: Version, kind: string): ServedSubresource[] {
  const served: ServedSubresource[] = [];
  if (declared?.status) served.push({ name: 'status', kind, verbs: SubresourceVerbs });
  if (declared?.scale) {
    served.push({ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: SubresourceVerbs });
  }
  return served;
}

function facts({ spec }: Definition, version: Version, storageVersion: string): CustomResourceFacts {
  const { group, names, versions } = spec;
  const better = versions.filter(({ served, deprecated }) => served && !deprecated).map(({ name }) => name);
  const newest = better.toSorted(compareKubeVersions)[0];
  const instead = newest === undefined ? '' : `; use ${group}/${newest} ${names.kind}`;
  const warning = `${group}/${version.name} ${names.kind} is deprecated${instead}`;
  return {
    schema: version.schema?.openAPIV3Schema as CustomResourceFacts['schema'],
    preserveUnknownFields: spec.preserveUnknownFields ?? false,
    printerColumns: version.additionalPrinterColumns ?? [],
    selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, '')),
    scale: version.subresources?.scale,
    deprecationWarning: version.deprecated ? (version.deprecationWarning ?? warning) : undefined,
    storageVersion,
  };
}
