import { type CustomVersion, customModules } from './custom-modules.js';
import { FactsError, type SubresourceFacts } from './facts.js';
import { identifier } from './source-text.js';
import { shown } from './shown.js';

const Verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/**
 * Types, apply configurations and descriptors of custom resources, from their CustomResourceDefinitions: one module for each
 * served group version, by path (`stable.example.com/v1.ts`). The modules need `@client-ts/api` and `@client-ts/apimachinery`.
 *
 * A definition is hostile input: names that cannot stand in source are refused, and everything else is data.
 *
 * @throws FactsError, and SourceTextError for names, when a definition is not one of `apiextensions.k8s.io/v1`.
 */
export function generateCustomResources(definitions: readonly unknown[]): Map<string, string> {
  return customModules(definitions.flatMap(readDefinition));
}

/** The served versions of one definition. @throws as {@link generateCustomResources}. */
export function readDefinition(definition: unknown): CustomVersion[] {
  const { apiVersion, kind, metadata, spec } = object(definition, 'the document');
  if (apiVersion !== 'apiextensions.k8s.io/v1' || kind !== 'CustomResourceDefinition') {
    throw new FactsError(
      `expected an apiextensions.k8s.io/v1 CustomResourceDefinition, got ${shown(apiVersion)} ${shown(kind)}`,
    );
  }
  const name = text(object(metadata, 'metadata')['name'], 'metadata.name');
  const { group, names: givenNames, scope, versions } = object(spec, `${name}: spec`);
  const names = object(givenNames, `${name}: spec.names`);
  const ownKind = identifier(text(names['kind'], `${name}: spec.names.kind`));
  const plural = text(names['plural'], `${name}: spec.names.plural`);
  if (scope !== 'Namespaced' && scope !== 'Cluster') {
    throw new FactsError(`${name}: spec.scope: expected Namespaced or Cluster, got ${shown(scope)}`);
  }
  if (!Array.isArray(versions)) throw new FactsError(`${name}: spec.versions: expected a list`);
  return versions.flatMap((value, index): CustomVersion[] => {
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
  throw new FactsError(`${path}: expected a name, got ${shown(value)}`);
}
