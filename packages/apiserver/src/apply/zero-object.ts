import type { ApiSchema, FieldSchema } from '@client-ts/api/schema';
import { isObject, type JsonObject } from './shape.js';

/**
 * What Go has in the place of a new object of a built-in type before anything is set: structs within structs, and zeros
 * that it does not leave out. Nobody comes to own what a new object has in common with it.
 */
export function zeroObject(schema: ApiSchema, typeName: string, made: JsonObject): JsonObject {
  const fields = (Object.hasOwn(schema.types, typeName) && schema.types[typeName]?.fields) || {};
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]): [string, unknown][] => {
      const value = Object.hasOwn(made, name) ? made[name] : undefined;
      const zero = value === null ? null : zeroOf(schema, field, value);
      return zero === undefined ? [] : [[name, zero]];
    }),
  );
}

function zeroOf(schema: ApiSchema, field: FieldSchema, made: unknown): unknown {
  if (field.ref !== undefined && isObject(field.default)) {
    return zeroObject(schema, field.ref, isObject(made) ? made : {});
  }
  if (['', 0, false].includes(field.default as string)) return field.default;
  return field.required ? null : undefined;
}
