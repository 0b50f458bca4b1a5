import { type Fields, isFields } from '../json-fields.js';

/** A schema as it stands in a CRD: anybody may have written it, so nothing about it is certain. */
export type JsonSchema = Readonly<Fields>;

export function schemaOf(value: unknown): JsonSchema | undefined {
  return isFields(value) ? value : undefined;
}

/** The schema of a property, if it has one. */
export function propertySchema(schema: JsonSchema, name: string): JsonSchema | undefined {
  const { properties } = schema;
  return isFields(properties) && Object.hasOwn(properties, name) ? schemaOf(properties[name]) : undefined;
}

export function propertiesOf(schema: JsonSchema): [string, JsonSchema][] {
  const { properties } = schema;
  if (!isFields(properties)) return [];
  return Object.entries(properties).filter((entry): entry is [string, JsonSchema] => isFields(entry[1]));
}

/** The schema of the values of a map. */
export function valuesSchema(schema: JsonSchema): JsonSchema | undefined {
  return schemaOf(schema['additionalProperties']);
}

export function itemsSchema(schema: JsonSchema): JsonSchema | undefined {
  return schemaOf(schema['items']);
}

/** `x-kubernetes-preserve-unknown-fields` and the like. */
export function hasExtension(schema: JsonSchema, name: string): boolean {
  return schema[`x-kubernetes-${name}`] === true;
}

export function schemasAt(schema: JsonSchema, name: string): JsonSchema[] {
  const value = schema[name];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

export function stringsAt(schema: JsonSchema, name: string): string[] {
  const value = schema[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function numberAt(schema: JsonSchema, name: string): number | undefined {
  const value = schema[name];
  return typeof value === 'number' ? value : undefined;
}
