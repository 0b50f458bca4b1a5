import type { Schema } from './schema.js';

/** Deeper lists of lists are no real schema. */
const MaxDepth = 64;

/**
 * The name of a type as `kubectl explain` writes it: `string`, `[]Container`, `map[string]Quantity`, `Object`. A type with a name
 * has its last part, unless it is a list or scalar.
 */
export function typeName(schema: Schema): string {
  let prefix = '';
  let current = schema;
  for (let depth = 0; depth < MaxDepth; depth++) {
    const { name, writtenType } = current;
    if (name !== undefined) {
      return prefix + (writtenType === undefined || writtenType === 'object' ? lastPart(name) : writtenType);
    }
    const { items, values } = current;
    const content = items ?? values;
    if (!content) return prefix + (writtenType === undefined || writtenType === 'object' ? 'Object' : writtenType);
    prefix += items ? '[]' : 'map[string]';
    current = content;
  }
  return `${prefix}Object`;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1) || 'Object';
}
