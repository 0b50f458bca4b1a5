import { type Fields, isFields } from '../json-fields.js';
import {
  hasExtension,
  itemsSchema,
  type JsonSchema,
  propertiesOf,
  propertySchema,
  valuesSchema,
} from './json-schema.js';

/**
 * A value with the defaults of its schema. A null where the schema allows none counts as missing.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting
 */
export function applyDefaults(value: unknown, schema: JsonSchema): unknown {
  if (Array.isArray(value)) {
    const items = itemsSchema(schema);
    return items ? value.map((item) => applyDefaults(item, items)) : value;
  }
  return isFields(value) ? defaultedObject(value, schema) : value;
}

function defaultedObject(fields: Fields, schema: JsonSchema): Fields {
  const values = valuesSchema(schema);
  const result = new Map<string, unknown>();
  for (const [name, value] of Object.entries(fields)) {
    const known = propertySchema(schema, name) ?? values;
    if (!known) result.set(name, value);
    else if (value !== null || isNullable(known)) result.set(name, applyDefaults(value, known));
  }
  for (const [name, known] of propertiesOf(schema)) {
    if (known['default'] !== undefined && !result.has(name)) {
      result.set(name, applyDefaults(structuredClone(known['default']), known));
    }
  }
  return Object.fromEntries(result);
}

/** A field about which nothing is known may be anything. */
function isNullable(schema: JsonSchema): boolean {
  return (
    schema['nullable'] === true || (schema['type'] === undefined && hasExtension(schema, 'preserve-unknown-fields'))
  );
}
