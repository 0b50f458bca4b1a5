import { docComment } from './doc-comment.js';
import type { FieldFacts, GroupVersionFacts, ResourceFacts } from './facts.js';
import { Imports } from './imports.js';
import { moduleText } from './module-text.js';
import { applyName, formatGroupVersion, groupLabels, resourceName } from './naming.js';
import type { DeclaredType, Schema } from './schema.js';
import { commentCode, commentProse, propertyKey, stringLiteral } from './source-text.js';
import { fieldComment, type NameType, typeExpression } from './type-expression.js';

const Apimachinery = '@client-ts/apimachinery';
const Meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const ObjectMeta = `${Meta}.ObjectMeta`;
/** The server computes these, and refuses an apply configuration that has them. */
const ManagedFieldsEntry = `${Meta}.ManagedFieldsEntry`;

/** Types that `@client-ts/apimachinery` declares by hand. */
const Handwritten: ReadonlySet<string> = new Set([
  ObjectMeta,
  ManagedFieldsEntry,
  `${Meta}.ListMeta`,
  `${Meta}.OwnerReference`,
]);

/** How a module imports another of the group versions, `core/v1`. */
type Specifier = (module: string) => string;

/** Modules of group versions, by path (`apps/v1`): types, apply configurations and descriptors. */
export function apiModules(schema: Schema, specifier: Specifier = (module) => `../${module}.js`): Map<string, string> {
  const resources = [...schema.groupVersions.values()].flatMap((groupVersion) => groupVersion.resources);
  const all = [...resources, ...resources.flatMap(({ subresources }) => subresources ?? [])];
  const plan: Plan = {
    schema,
    specifier,
    objects: schema.reachable(types(all)),
    listed: new Set(types(resources, 'list')),
    applied: schema.reachable(types(all, 'patch')),
    named: new Set(types(resources, 'patch')),
  };
  const paths = new Set([...plan.objects].flatMap((name) => schema.declared(name)?.module ?? []));
  return new Map([...paths].toSorted().map((path) => [path, apiModule(path, plan)]));
}

/** The types of resources, or of those that have a verb. */
function types(resources: readonly { verbs: readonly string[]; type?: string }[], verb?: string): string[] {
  return resources.flatMap(({ verbs, type }) => (type !== undefined && (!verb || verbs.includes(verb)) ? [type] : []));
}

/** Which types are declared, and how; all sets are of schema names. */
interface Plan {
  readonly schema: Schema;
  readonly specifier: Specifier;
  readonly objects: ReadonlySet<string>;
  /** Types with a list type beside them. */
  readonly listed: ReadonlySet<string>;
  /** Types with an apply configuration beside them. */
  readonly applied: ReadonlySet<string>;
  /** Types whose apply configuration needs a name: the server applies to one object. */
  readonly named: ReadonlySet<string>;
}

function apiModule(path: string, plan: Plan): string {
  const { schema, listed } = plan;
  const here = (names: ReadonlySet<string>): [string, DeclaredType][] =>
    [...names].toSorted().flatMap((name) => {
      const type = schema.declared(name);
      return type?.module === path ? [[name, type]] : [];
    });
  const objects = here(plan.objects).filter(([name]) => !Handwritten.has(name));
  const applied = here(plan.applied).filter(([name]) => name !== ManagedFieldsEntry);
  const groupVersion = schema.groupVersions.get(path);
  const resources = groupVersion?.resources ?? [];

  const imports = new Imports([
    ...objects.map(([, { name }]) => name),
    ...objects.flatMap(([schemaName, { name }]) => (listed.has(schemaName) ? [`${name}List`] : [])),
    ...applied.map(([, { name }]) => applyName(name)),
    ...resources.map(resourceName),
  ]);
  const local =
    (rename: (type: DeclaredType) => string): NameType =>
    (type) =>
      type.module === path ? rename(type) : imports.type(plan.specifier(type.module), rename(type));
  const objectName: NameType = (type, schemaName) =>
    Handwritten.has(schemaName) ? imports.type(Apimachinery, type.name) : local(({ name }) => name)(type, schemaName);

  const parts = resources.map((resource) => descriptor(resource, groupVersion!, schema, imports));
  for (const [schemaName, type] of objects) {
    parts.push(objectInterface(schemaName, type, plan, objectName));
    if (listed.has(schemaName)) {
      const list = imports.type(Apimachinery, 'KubernetesList');
      parts.push(`/** A list of {@link ${type.name}}. */\nexport type ${type.name}List = ${list}<${type.name}>;\n`);
    }
  }
  for (const [schemaName, type] of applied)
    parts.push(
      applyInterface(
        schemaName,
        type,
        plan,
        local(({ name }) => applyName(name)),
      ),
    );
  return moduleText(imports, parts);
}

function objectInterface(schemaName: string, type: DeclaredType, plan: Plan, nameType: NameType): string {
  const fields = fieldsOf(type).map(([name, field]) =>
    property(name, field, type, plan.schema, {
      type: typeExpression(field, plan.schema, nameType),
      required: field.required === true,
    }),
  );
  const reference = referenceComment(schemaName, type, plan.schema);
  const comment = reference || docComment(commentProse(type.facts.description ?? ''));
  return `${comment}export interface ${type.name} {\n${fields.join('')}${unknownFields(type)}}\n`;
}

function applyInterface(schemaName: string, type: DeclaredType, plan: Plan, nameType: NameType): string {
  const keys = plan.schema.requiredKeys(schemaName);
  const named = plan.named.has(schemaName);
  const fields = fieldsOf(type)
    .filter(([, { items }]) => items?.ref !== ManagedFieldsEntry)
    .map(([name, field]) => {
      const isNamed = named && field.ref === ObjectMeta;
      const expression = typeExpression(field, plan.schema, nameType);
      return property(name, field, type, plan.schema, {
        type: isNamed ? `${expression} & { name: string }` : expression,
        required: isNamed || keys.has(name),
      });
    });
  return (
    `/** ${commentCode(type.name)} as one manager wants it, for server-side apply. */\n` +
    `export interface ${applyName(type.name)} {\n${fields.join('')}${unknownFields(type)}}\n`
  );
}

/** What a type lets pass beside its fields. */
function unknownFields({ facts }: DeclaredType): string {
  return facts.preserveUnknown ? '  [field: string]: unknown;\n' : '';
}

/** Fields by name, after those that every object begins with. */
function fieldsOf({ facts }: DeclaredType): [string, FieldFacts][] {
  const first = ['metadata', 'kind', 'apiVersion'];
  return Object.entries(facts.fields ?? {}).toSorted(([a], [b]) => first.indexOf(b) - first.indexOf(a));
}

/** One field; `apiVersion` and `kind` of a kind are literal, and optional: the client fills them in. */
function property(
  name: string,
  field: FieldFacts,
  { facts }: DeclaredType,
  schema: Schema,
  { type, required }: { type: string; required: boolean },
): string {
  const { groupVersionKind: gvk } = facts;
  if (gvk && name === 'apiVersion') {
    return `  apiVersion?: ${stringLiteral(formatGroupVersion(gvk))};\n`;
  }
  if (gvk && name === 'kind') return `  kind?: ${stringLiteral(gvk.kind)};\n`;
  return `${fieldComment(field, schema, '  ')}  ${propertyKey(name)}${required ? '' : '?'}: ${type};\n`;
}

function descriptor(resource: ResourceFacts, at: GroupVersionFacts, schema: Schema, imports: Imports): string {
  const type = schema.declaration(resource.type);
  const apply = resource.verbs.includes('patch') ? applyName(type.name) : 'never';
  const subresources = resource.subresources?.map(({ name }) => stringLiteral(name)).join(', ');
  const lines = [
    `group: ${stringLiteral(at.group)}`,
    `version: ${stringLiteral(at.version)}`,
    `resource: ${stringLiteral(resource.name)}`,
    `kind: ${stringLiteral(resource.kind)}`,
    `scope: ${stringLiteral(resource.scope)}`,
    ...(subresources === undefined ? [] : [`subresources: [${subresources}]`]),
  ];
  const descriptorType = imports.type(Apimachinery, 'ResourceDescriptor');
  return (
    `/** The resource ${commentCode(resource.name)} of ${commentCode(formatGroupVersion(at))}. */\n` +
    `export const ${resourceName(resource)}: ${descriptorType}<${type.name}, ${apply}, ${stringLiteral(resource.scope)}> = {\n` +
    `${lines.map((line) => `  ${line},\n`).join('')}};\n`
  );
}

/** Where the official reference describes a type of Kubernetes: `…/v1.37/#deployment-v1-apps`. */
function referenceComment(schemaName: string, { module, name }: DeclaredType, schema: Schema): string {
  const minor = /^k8s\.io\/kubernetes (v\d+\.\d+)/.exec(schema.facts.source)?.[1];
  if (minor === undefined) return '';
  const [group = '', version = ''] = module.split('/');
  // Kinds of the core group and of meta both have no group; the reference knows them by the names of their packages.
  const anchor = [name.toLowerCase(), version, ...groupLabels(schema.groupOf(schemaName) || group)].join('-');
  return `/** @see https://kubernetes.io/docs/reference/generated/kubernetes-api/${minor}/#${anchor} */\n`;
}
