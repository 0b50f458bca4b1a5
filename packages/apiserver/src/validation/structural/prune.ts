import { type Fields, isFields } from '../json-fields.js';
import { hasExtension, itemsSchema, type JsonSchema, propertySchema, valuesSchema } from './json-schema.js';

/** Fields of every object, whether a schema names them or not. */
const ObjectFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** Takes the metadata of an object to its known fields, and tells the paths of the others. */
export type MetadataPruner = (metadata: unknown, path: string, unknown: string[]) => unknown;

/**
 * A custom object without the fields that its schema does not know.
 *
 * @param unknown - gets the paths of those fields.
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
 */
export function prune(object: Fields, schema: JsonSchema, pruneMetadata: MetadataPruner, unknown: string[]): Fields {
  return pruneObject(object, schema, '', true);

  function pruneValue(value: unknown, valueSchema: JsonSchema, path: string): unknown {
    if (Array.isArray(value)) {
      const items = itemsSchema(valueSchema);
      return items ? value.map((item, i) => pruneValue(item, items, `${path}[${i}]`)) : value;
    }
    if (!isFields(value)) return value;
    return pruneObject(value, valueSchema, path, hasExtension(valueSchema, 'embedded-resource'));
  }

  function pruneObject(fields: Fields, objectSchema: JsonSchema, path: string, isObject: boolean): Fields {
    const values = valuesSchema(objectSchema);
    const keepsAll =
      hasExtension(objectSchema, 'preserve-unknown-fields') || objectSchema['additionalProperties'] === true;
    const kept: [string, unknown][] = [];
    for (const [name, value] of Object.entries(fields)) {
      const at = path === '' ? name : `${path}.${name}`;
      const known = propertySchema(objectSchema, name) ?? values;
      if (isObject && ObjectFields.has(name)) {
        kept.push([name, name === 'metadata' ? pruneMetadata(value, at, unknown) : value]);
      } else if (known) {
        kept.push([name, pruneValue(value, known, at)]);
      } else if (keepsAll) {
        kept.push([name, value]);
      } else {
        unknown.push(at);
      }
    }
    return Object.fromEntries(kept);
  }
}
