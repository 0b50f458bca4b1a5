import type { ApiSchema } from '@client-ts/api/schema';
import { formatGroupVersion, type GroupVersion, type GroupVersionKind } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import { componentSchema, type OpenApiSchema } from './component-schema.js';
import { customListSchema, customSchema } from './custom-schema.js';
import { operations, type OperationTarget, pathParameter } from './operations.js';
import {
  customTypeName,
  DeleteOptionsType,
  ListMetaType,
  ObjectMetaType,
  PatchType,
  StatusType,
} from './type-names.js';

/** Schemas that every document needs, whatever its resources are. */
const CommonTypes = [DeleteOptionsType, ListMetaType, ObjectMetaType, PatchType, StatusType];

/** Verbs on a collection, and on one object. */
const CollectionVerbs: ReadonlySet<string> = new Set(['list', 'create', 'deletecollection']);

/** The OpenAPI 3.0 document of one group version: its paths, and all schemas that these need. */
export function groupVersionDocument(
  schema: ApiSchema,
  groupVersion: GroupVersion,
  resources: readonly ServedResource[],
): OpenApiSchema {
  const custom = resources.filter((resource) => resource.custom);
  const customSchemas = custom.flatMap((resource) => {
    const name = customTypeName(resource);
    return [
      [name, customSchema(resource)],
      [customTypeName({ ...resource, kind: resource.listKind }), customListSchema(resource, name)],
    ] as const;
  });
  const types = typesOf(schema);
  const paths = resources.flatMap((resource) => resourcePaths(resource, types));
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: schema.source },
    paths: Object.fromEntries(paths),
    components: { schemas: { ...builtInSchemas(schema, resources, types), ...Object.fromEntries(customSchemas) } },
  };
}

/** Names of types by what their objects say of themselves. */
type TypeNames = ReadonlyMap<string, string>;

function typesOf({ types }: ApiSchema): TypeNames {
  return new Map(
    Object.entries(types).flatMap(([name, { groupVersionKind }]) =>
      groupVersionKind ? [[keyOf(groupVersionKind), name] as const] : [],
    ),
  );
}

function keyOf(gvk: GroupVersionKind): string {
  return `${formatGroupVersion(gvk)} ${gvk.kind}`;
}

function subresourceKinds({ group, version, served }: ServedResource): GroupVersionKind[] {
  return served.map((subresource) => ({
    group: subresource.group ?? group,
    version: subresource.version ?? version,
    kind: subresource.kind,
  }));
}

/** The built-in types of the resources, and those that they are made of. */
function builtInSchemas(schema: ApiSchema, resources: readonly ServedResource[], types: TypeNames): OpenApiSchema {
  const kinds = resources.flatMap((resource) => [
    resource,
    { ...resource, kind: resource.listKind },
    ...subresourceKinds(resource),
  ]);
  const pending = [...CommonTypes, ...kinds.flatMap((kind) => types.get(keyOf(kind)) ?? [])];
  const schemas = new Map<string, OpenApiSchema>();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const type = schema.types[name];
    if (!type || schemas.has(name)) continue;
    schemas.set(name, componentSchema(type));
    pending.push(...[type, ...Object.values(type.fields ?? {})].flatMap(references));
  }
  return Object.fromEntries([...schemas].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface Value {
  readonly ref?: string;
  readonly items?: Value;
}

function references({ ref, items }: Value): string[] {
  return [...(ref === undefined ? [] : [ref]), ...(items ? references(items) : [])];
}

function resourcePaths(resource: ServedResource, types: TypeNames): (readonly [string, OpenApiSchema])[] {
  const { group, scope, verbs } = resource;
  const root = `${group === '' ? '/api' : '/apis'}/${formatGroupVersion(resource)}`;
  const namespaced = scope === 'Namespaced';
  const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${resource.resource}`;
  const inNamespace = namespaced ? [pathParameter('namespace')] : [];
  const named = [pathParameter('name'), ...inNamespace];
  const target = targetOf(resource, resource, types, '');

  const everywhere = { ...target, id: [idOf(resource), `${resource.kind}ForAllNamespaces`] as const };
  const listEverywhere = namespaced ? verbs.filter((verb) => verb === 'list') : [];
  const onCollection = verbs.filter((verb) => CollectionVerbs.has(verb));
  const onObject = verbs.filter((verb) => !CollectionVerbs.has(verb));
  const paths = [
    [`${root}/${resource.resource}`, [], operations(listEverywhere, everywhere)],
    [collection, inNamespace, operations(onCollection, target)],
    [`${collection}/{name}`, named, operations(onObject, target)],
    ...subresourceKinds(resource).map((kind, i) => {
      const { name, verbs: offered } = resource.served[i]!;
      return [
        `${collection}/{name}/${name}`,
        named,
        operations(offered, targetOf(resource, kind, types, name)),
      ] as const;
    }),
  ] as const;
  return paths
    .filter(([, , operationsOfIt]) => Object.keys(operationsOfIt).length > 0)
    .map(([path, parameters, operationsOfIt]) => [path, { ...operationsOfIt, parameters }]);
}

function targetOf(
  resource: ServedResource,
  { group, version, kind }: GroupVersionKind,
  types: TypeNames,
  subresource: string,
): OperationTarget {
  const gvk = { group, version, kind };
  const custom = resource.custom !== undefined;
  const nameOf = (name: string): string | undefined =>
    types.get(keyOf({ ...gvk, kind: name })) ??
    (custom && group === resource.group ? customTypeName({ ...gvk, kind: name }) : undefined);
  return {
    gvk,
    id: [
      idOf(resource),
      `${resource.scope === 'Namespaced' ? 'Namespaced' : ''}${resource.kind}${camelCase(subresource)}`,
    ],
    type: nameOf(kind),
    listType: nameOf(resource.listKind),
    custom,
  };
}

/** `AppsV1`, `CoreV1`, `StableExampleComV1`; the domain of Kubernetes' own groups is left out. */
function idOf({ group, version }: GroupVersion): string {
  return camelCase(group === '' ? 'core' : group.replace(/\.k8s\.io$/, '')) + camelCase(version);
}

function camelCase(text: string): string {
  return text.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_, letter: string) => letter.toUpperCase());
}
