import { apiModules } from './api-modules.js';
import { CustomTypes } from './custom-types.js';
import { type Facts, FactsError, type ResourceFacts, type SubresourceFacts } from './facts.js';
import { formatGroupVersion, groupLabels, modulePath } from './naming.js';
import { Schema } from './schema.js';
import { identifier, pathSegment } from './source-text.js';

const Meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const Verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What the generated modules import from `@client-ts/api`; what it is made of does not matter here. */
const Imported: Facts['types'] = { [`${Meta}.ObjectMeta`]: { type: 'object', fields: {} } };

/** A version of a custom resource, as its definition says. */
interface Version {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: Omit<ResourceFacts, 'type'>;
  readonly schema: unknown;
}

/**
 * Types, apply configurations and descriptors of custom resources, from their CustomResourceDefinitions: one module for each
 * served group version, by path (`stable.example.com/v1.ts`). The modules need `@client-ts/api` and `@client-ts/apimachinery`.
 *
 * A definition is hostile input: names that cannot stand in source are refused, and everything else is data.
 *
 * @throws FactsError, and SourceTextError for names, when a definition is not one of `apiextensions.k8s.io/v1`.
 */
export function generateCustomResources(definitions: readonly unknown[]): Map<string, string> {
  const groupVersions = new Map<string, Version[]>();
  for (const version of definitions.flatMap(readDefinition)) {
    const path = `${groupLabels(version.group).join('.')}/${pathSegment(version.version)}.ts`;
    groupVersions.set(path, [...(groupVersions.get(path) ?? []), version]);
  }
  return new Map(
    [...groupVersions].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([path, versions]) => [path, moduleOf(versions)]),
  );
}

function moduleOf(versions: readonly Version[]): string {
  const { group, version } = versions[0]!;
  const module = modulePath(group, version);
  const types = new CustomTypes(
    module.replace('/', '.'),
    versions.map(({ kind }) => kind),
  );
  const seen = new Set<string>();
  const resources = versions.map(({ kind, resource, schema }): ResourceFacts => {
    if (seen.has(kind)) throw new FactsError(`${formatGroupVersion({ group, version })}: two definitions of ${kind}`);
    seen.add(kind);
    return { ...resource, type: types.addKind({ group, version, kind }, schema) };
  });
  const facts: Facts = {
    source: 'CustomResourceDefinitions',
    groupVersions: [{ group, version, resources: resources.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }],
    types: { ...Object.fromEntries(types.types), ...Imported },
  };
  return apiModules(new Schema(facts), (other) => `@client-ts/api/${other}`).get(module) ?? '';
}

/** The served versions of one definition. */
function readDefinition(definition: unknown): Version[] {
  const { apiVersion, kind, metadata, spec } = object(definition, 'the document');
  if (apiVersion !== 'apiextensions.k8s.io/v1' || kind !== 'CustomResourceDefinition') {
    throw new FactsError(
      `expected an apiextensions.k8s.io/v1 CustomResourceDefinition, got ${JSON.stringify(apiVersion)} ${JSON.stringify(kind)}`,
    );
  }
  const name = text(object(metadata, 'metadata')['name'], 'metadata.name');
  const { group, names: givenNames, scope, versions } = object(spec, `${name}: spec`);
  const names = object(givenNames, `${name}: spec.names`);
  const ownKind = identifier(text(names['kind'], `${name}: spec.names.kind`));
  const plural = text(names['plural'], `${name}: spec.names.plural`);
  if (scope !== 'Namespaced' && scope !== 'Cluster') {
    throw new FactsError(`${name}: spec.scope: expected Namespaced or Cluster, got ${JSON.stringify(scope)}`);
  }
  if (!Array.isArray(versions)) throw new FactsError(`${name}: spec.versions: expected a list`);
  return versions.flatMap((value, index): Version[] => {
    const at = `${name}: spec.versions[${index}]`;
    const { name: version, served, schema, subresources } = object(value, at);
    if (served !== true) return [];
    return [
      {
        group: text(group, `${name}: spec.group`),
        version: text(version, `${at}.name`),
        kind: ownKind,
        resource: {
          name: plural,
          singular: ownKind.toLowerCase(),
          kind: ownKind,
          scope,
          verbs: Verbs,
          ...subresourcesOf(subresources, ownKind),
        },
        schema: schema === undefined ? undefined : object(schema, `${at}.schema`)['openAPIV3Schema'],
      },
    ];
  });
}

function subresourcesOf(value: unknown, kind: string): { subresources?: readonly SubresourceFacts[] } {
  const declared = typeof value === 'object' && value !== null ? value : {};
  const names = ['scale', 'status'].filter((name) => Object.hasOwn(declared, name));
  const subresources = names.map((name) => ({
    name,
    kind: name === 'scale' ? 'Scale' : kind,
    verbs: ['get', 'patch', 'update'],
  }));
  return subresources.length > 0 ? { subresources } : {};
}

function object(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new FactsError(`${path}: expected an object`);
}

function text(value: unknown, path: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new FactsError(`${path}: expected a name, got ${JSON.stringify(value)}`);
}
