import type { FieldSchema, TypeSchema, ValueSchema, ValueType } from '@client-ts/api/schema';

/** A schema as OpenAPI 3.0 writes it. */
export type OpenApiSchema = Readonly<Record<string, unknown>>;

/** How a reference to another schema of the same document is written. */
export function schemaRef(name: string): OpenApiSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** What stands for a kind of value; arrays, maps and objects have more than this. */
const Types: Readonly<Record<ValueType, OpenApiSchema>> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  object: { type: 'object' },
  array: { type: 'array' },
  map: { type: 'object' },
  'int-or-string': { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  any: {},
};

/** The schema of a built-in type, without descriptions: the facts have none. */
export function componentSchema(type: TypeSchema): OpenApiSchema {
  const { fields, groupVersionKind } = type;
  const entries = Object.entries(fields ?? {});
  const required = entries.filter(([, field]) => field.required).map(([name]) => name);
  return {
    ...valueSchema(type),
    ...(required.length > 0 ? { required } : {}),
    ...(fields ? { properties: Object.fromEntries(entries.map(([name, field]) => [name, fieldSchema(field)])) } : {}),
    ...(groupVersionKind ? { 'x-kubernetes-group-version-kind': [groupVersionKind] } : {}),
  };
}

function fieldSchema(field: FieldSchema): OpenApiSchema {
  const { default: value, listType, listMapKeys, patchStrategy, patchMergeKey } = field;
  const extensions = {
    ...(value === undefined ? {} : { default: value }),
    ...(listMapKeys ? { 'x-kubernetes-list-map-keys': listMapKeys } : {}),
    ...(listType ? { 'x-kubernetes-list-type': listType } : {}),
    ...(patchMergeKey ? { 'x-kubernetes-patch-merge-key': patchMergeKey } : {}),
    ...(patchStrategy ? { 'x-kubernetes-patch-strategy': patchStrategy.join(',') } : {}),
  };
  // What stands beside a `$ref` itself would not count.
  return { ...(field.ref === undefined ? valueSchema(field) : { allOf: [schemaRef(field.ref)] }), ...extensions };
}

function valueSchema({ type, ref, items, format, enum: choices, mapType }: ValueSchema): OpenApiSchema {
  if (ref !== undefined) return schemaRef(ref);
  return {
    ...(type ? Types[type] : {}),
    ...(format ? { format } : {}),
    ...(choices ? { enum: choices } : {}),
    ...(items ? { [type === 'map' ? 'additionalProperties' : 'items']: valueSchema(items) } : {}),
    ...(mapType ? { 'x-kubernetes-map-type': mapType } : {}),
  };
}
