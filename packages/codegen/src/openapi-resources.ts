import { type CustomVersion, customModules } from './custom-modules.js';
import type { ResolveReference } from './custom-types.js';
import { FactsError, type SubresourceFacts } from './facts.js';
import { identifier } from './source-text.js';

type Part = Readonly<Record<string, unknown>>;

/** The verbs of Kubernetes, by what documents call their operations. */
const Verbs: Readonly<Record<string, string>> = {
  delete: 'delete',
  deletecollection: 'deletecollection',
  get: 'get',
  list: 'list',
  patch: 'patch',
  post: 'create',
  put: 'update',
};

const Reference = '#/components/schemas/';

/** `/apis/apps/v1/namespaces/{namespace}/deployments/{name}/status`, in parts; the same paths below `watch/` say nothing more. */
const ResourcePath =
  /^\/(?:api|apis\/(?<group>[^/{}]+))\/(?<version>[^/{}]+)\/(?<watch>watch\/)?(?<namespaced>namespaces\/\{namespace\}\/)?(?<plural>[^/{}]+)(?:\/\{name\}(?:\/(?<subresource>[^/{}]+))?)?$/;

/**
 * As {@link generateCustomResources}, from OpenAPI v3 documents as a kube-apiserver serves them for one group version each:
 * `/openapi/v3/apis/stable.example.com/v1`. What custom resources and aggregated APIs serve is described in the same way.
 *
 * A document is hostile input, as a definition is.
 *
 * @throws FactsError, and SourceTextError for names, when a document is none of OpenAPI v3, or serves no resource.
 */
export function generateOpenApiResources(documents: readonly unknown[]): Map<string, string> {
  return customModules(documents.flatMap(readOpenApiResources));
}

/** The kinds that one document serves. @throws as {@link generateOpenApiResources}. */
export function readOpenApiResources(document: unknown): CustomVersion[] {
  const { openapi, paths, components } = object(document, 'the document');
  if (typeof openapi !== 'string' || !openapi.startsWith('3.')) {
    throw new FactsError('expected an OpenAPI v3 document of a group version');
  }
  const schemas = object(object(components, 'components')['schemas'], 'components.schemas');
  const kinds = kindsOf(schemas);
  const resources = new Map<string, Served>();
  for (const [path, operations] of Object.entries(object(paths, 'paths'))) addPath(resources, path, operations);
  const resolve: ResolveReference = (reference) => {
    const name = reference.startsWith(Reference) ? reference.slice(Reference.length) : '';
    if (!Object.hasOwn(schemas, name)) throw new FactsError(`there is no ${JSON.stringify(reference)} in the document`);
    return { name, schema: schemas[name] };
  };
  // What has no kind is not a resource; what has no type cannot be described.
  const versions = [...resources.values()].flatMap(({ group, version, name, kind, scope, verbs, subresources }) => {
    const schema = kinds.get(`${group}/${version}/${kind}`);
    if (kind === undefined || schema === undefined || verbs.size === 0) return [];
    const own = identifier(kind);
    const resource = {
      name,
      singular: own.toLowerCase(),
      kind: own,
      scope,
      verbs: [...verbs].toSorted(),
      ...(subresources.size > 0 && { subresources: sortedSubresources(subresources) }),
    };
    return [{ group, version, kind: own, resource, schema, resolve }];
  });
  if (versions.length === 0) throw new FactsError('no path of the document is that of a resource with a schema');
  return versions;
}

interface Served {
  readonly group: string;
  readonly version: string;
  readonly name: string;
  kind?: string;
  scope: 'Namespaced' | 'Cluster';
  readonly verbs: Set<string>;
  readonly subresources: Map<string, { kind: string; verbs: Set<string> }>;
}

function addPath(resources: Map<string, Served>, path: string, value: unknown): void {
  const {
    group = '',
    version = '',
    watch,
    namespaced,
    plural = '',
    subresource,
  } = ResourcePath.exec(path)?.groups ?? {};
  if (plural === '' || watch !== undefined) return;
  const key = `${group}/${version}/${plural}`;
  const served = resources.get(key) ?? {
    group,
    version,
    name: plural,
    scope: 'Cluster',
    verbs: new Set(),
    subresources: new Map<string, { kind: string; verbs: Set<string> }>(),
  };
  resources.set(key, served);
  if (namespaced !== undefined) served.scope = 'Namespaced';
  for (const operation of Object.values(object(value, path))) {
    const { 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': gvk } = part(operation);
    const verb = typeof action === 'string' && Object.hasOwn(Verbs, action) ? Verbs[action] : undefined;
    const { kind } = part(gvk);
    if (verb === undefined || typeof kind !== 'string') continue;
    if (subresource === undefined) {
      served.kind ??= kind;
      served.verbs.add(verb);
    } else {
      const known = served.subresources.get(subresource) ?? { kind, verbs: new Set<string>() };
      known.verbs.add(verb);
      served.subresources.set(subresource, known);
    }
  }
}

function sortedSubresources(subresources: Served['subresources']): SubresourceFacts[] {
  return [...subresources]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { kind, verbs }]) => ({ name, kind, verbs: [...verbs].toSorted() }));
}

/** Schemas by `group/version/kind`, as far as they say of which kind they are. */
function kindsOf(schemas: Part): Map<string, unknown> {
  const kinds = new Map<string, unknown>();
  for (const schema of Object.values(schemas)) {
    const own = part(schema)['x-kubernetes-group-version-kind'];
    const [only, another] = Array.isArray(own) ? (own as unknown[]) : [];
    const { group, version, kind } = part(only);
    if (another === undefined && typeof kind === 'string')
      kinds.set(`${String(group)}/${String(version)}/${kind}`, schema);
  }
  return kinds;
}

/** An object, or an empty one in place of anything else. */
function part(value: unknown): Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Part) : {};
}

function object(value: unknown, path: string): Part {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Part;
  throw new FactsError(`${JSON.stringify(path)}: expected an object`);
}
