import { type FieldFacts, FactsError, type TypeFacts, type ValueFacts, type ValueType } from './facts.js';
import { Choices, OpenObjects } from './spec-fix-ups.js';

/** The part of an OpenAPI v3 document of a kube-apiserver that is read. */
export interface OpenApiDocument {
  readonly components: { readonly schemas: Readonly<Record<string, OpenApiSchema>> };
}

export interface OpenApiSchema {
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
}

const RefPrefix = '#/components/schemas/';

/**
 * The types of several documents, sorted by name. A type that several documents hold must be the same in all; only its
 * kinds may differ (`DeleteOptions` is listed under each group that takes it), and are then left out.
 *
 * @throws FactsError on a schema that has no counterpart in the facts.
 */
export function readTypes(documents: readonly OpenApiDocument[]): Map<string, TypeFacts> {
  const types = new Map<string, TypeFacts>();
  for (const document of documents) {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      const type = readType(name, schema);
      const known = types.get(name);
      if (known === undefined) {
        types.set(name, type);
        continue;
      }
      const { groupVersionKind: mine, ...facts } = type;
      const { groupVersionKind: theirs, ...knownFacts } = known;
      if (JSON.stringify(facts) !== JSON.stringify(knownFacts)) {
        throw new FactsError(`type ${name} differs between the documents`);
      }
      if (JSON.stringify(mine) !== JSON.stringify(theirs)) types.set(name, knownFacts);
    }
  }
  return new Map([...types].toSorted(byName));
}

function readType(name: string, schema: OpenApiSchema): TypeFacts {
  const kinds = schema['x-kubernetes-group-version-kind'];
  const kind = kinds?.length === 1 ? kinds[0] : undefined;
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {})
    .map(([field, value]) => [field, readField(`${name}.${field}`, value, required.has(field))] as const)
    .toSorted(byName);
  return {
    ...(kind && { groupVersionKind: { group: kind.group, version: kind.version, kind: kind.kind } }),
    ...readValue(name, schema),
    ...(schema.properties && { fields: Object.fromEntries(fields) }),
  };
}

function readField(path: string, schema: OpenApiSchema, required: boolean): FieldFacts {
  return {
    ...readValue(path, schema),
    ...(required && { required }),
    ...('default' in schema && { default: schema.default }),
    ...pick('listType', oneOf(path, ['atomic', 'set', 'map'], schema['x-kubernetes-list-type'])),
    ...pick('listMapKeys', schema['x-kubernetes-list-map-keys']),
    ...pick('patchStrategy', patchStrategy(path, schema)),
    ...pick('patchMergeKey', schema['x-kubernetes-patch-merge-key']),
  };
}

/** The kind of a value, its details, and no more: what fields, elements and named types have in common. */
function readValue(path: string, schema: OpenApiSchema): ValueFacts {
  // `allOf` with one element is how a reference carries a default beside it.
  const ref = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
  const mapType = pick('mapType', oneOf(path, ['atomic', 'granular'], schema['x-kubernetes-map-type']));
  if (ref !== undefined) {
    if (!ref.startsWith(RefPrefix))
      throw new FactsError(`${path}: reference ${JSON.stringify(ref)} leaves the document`);
    return { ref: ref.slice(RefPrefix.length), ...mapType };
  }
  const type = valueType(path, schema);
  const items = type === 'array' ? schema.items : type === 'map' ? schema.additionalProperties : undefined;
  const openObject = type === 'object' && schema.properties === undefined && OpenObjects.has(path);
  return {
    type,
    ...(items && { items: readValue(`${path}[]`, items) }),
    ...(type !== 'int-or-string' && pick('format', schema.format)),
    ...pick('enum', schema.enum),
    ...pick('oneOf', Choices.get(path)),
    ...((openObject || schema['x-kubernetes-preserve-unknown-fields']) && { preserveUnknown: true }),
    ...mapType,
  };
}

function valueType(path: string, schema: OpenApiSchema): ValueType {
  if (schema.format === 'int-or-string' || schema['x-kubernetes-int-or-string']) return 'int-or-string';
  const choices = schema.oneOf?.map(({ type }) => type).join('|');
  if (choices === 'string|number') return 'quantity';
  switch (schema.type) {
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
    case 'array':
      return schema.type;
    case 'object':
      return schema.additionalProperties === undefined ? 'object' : 'map';
    case undefined:
      if (choices === undefined) return 'any';
  }
  throw new FactsError(`${path}: cannot express a value of type ${JSON.stringify(schema.type ?? choices)}`);
}

function patchStrategy(path: string, schema: OpenApiSchema): FieldFacts['patchStrategy'] {
  const names = schema['x-kubernetes-patch-strategy']?.split(',');
  return names?.flatMap((name) => oneOf(path, ['merge', 'replace', 'retainKeys'], name) ?? []);
}

function oneOf<const T extends string>(path: string, expected: readonly T[], text: string | undefined): T | undefined {
  const found = expected.find((value) => value === text);
  if (found !== undefined || text === undefined) return found;
  throw new FactsError(`${path}: expected ${expected.join(' or ')}, got ${JSON.stringify(text)}`);
}

function pick<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
