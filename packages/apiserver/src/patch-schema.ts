import type { PatchSchema } from '@client-ts/apimachinery/patch';
import type { ApiSchema, FieldSchema } from '@client-ts/api/schema';

/** What strategic merge patches need to know of a built-in type; `undefined` for a type without facts. */
export function patchSchemaOf(schema: ApiSchema, type: string): PatchSchema | undefined {
  const fields = Object.hasOwn(schema.types, type) ? schema.types[type]?.fields : undefined;
  if (!fields) return undefined;
  return {
    field(name) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!field) return undefined;
      const ref = refOf(field);
      return {
        strategies: field.patchStrategy ?? [],
        mergeKey: field.patchMergeKey,
        value: ref === undefined ? undefined : patchSchemaOf(schema, ref),
      };
    },
  };
}

/** The named type of a field, or of its elements. */
function refOf(field: FieldSchema): string | undefined {
  return field.ref ?? field.items?.ref;
}
