import { apiModules } from './api-modules.js';
import { CustomTypes, type ResolveReference } from './custom-types.js';
import { type Facts, FactsError, type ResourceFacts } from './facts.js';
import { formatGroupVersion, groupLabels, modulePath } from './naming.js';
import { Schema } from './schema.js';
import { pathSegment } from './source-text.js';

const Meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** What the generated modules import from `@client-ts/api`; what it is made of does not matter here. */
const Imported: Facts['types'] = { [`${Meta}.ObjectMeta`]: { type: 'object', fields: {} } };

/** One kind of resource in one version, wherever it was read. */
export interface CustomVersion {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: Omit<ResourceFacts, 'type'>;
  /** A structural schema, as it was read; `undefined` for objects about which nothing is known. */
  readonly schema: unknown;
  /** Finds what a `$ref` in the schema means. Default: there are none. */
  readonly resolve?: ResolveReference | undefined;
}

/**
 * Modules with types, apply configurations and descriptors, one for each group version, by path:
 * `stable.example.com/v1.ts`.
 *
 * @throws FactsError, and SourceTextError for names that cannot stand in source.
 */
export function customModules(versions: readonly CustomVersion[]): Map<string, string> {
  const groupVersions = new Map<string, CustomVersion[]>();
  for (const version of versions) {
    const path = `${directory(version.group)}/${pathSegment(version.version)}.ts`;
    groupVersions.set(path, [...(groupVersions.get(path) ?? []), version]);
  }
  return new Map(
    [...groupVersions].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([path, kinds]) => [path, moduleOf(kinds)]),
  );
}

function directory(group: string): string {
  return group === '' ? 'core' : groupLabels(group).join('.');
}

function moduleOf(versions: readonly CustomVersion[]): string {
  const { group, version } = versions[0]!;
  const module = modulePath(group, version);
  const types = new CustomTypes(
    module.replace('/', '.'),
    versions.map(({ kind }) => kind),
  );
  const seen = new Set<string>();
  const resources = versions.map(({ kind, resource, schema, resolve }): ResourceFacts => {
    if (seen.has(kind)) throw new FactsError(`${formatGroupVersion({ group, version })}: two definitions of ${kind}`);
    seen.add(kind);
    return { ...resource, type: types.addKind({ group, version, kind }, schema, resolve) };
  });
  const facts: Facts = {
    source: 'definitions of custom resources',
    groupVersions: [{ group, version, resources: resources.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }],
    types: { ...Object.fromEntries(types.types), ...Imported },
  };
  return apiModules(new Schema(facts), (other) => `@client-ts/api/${other}`).get(module) ?? '';
}
