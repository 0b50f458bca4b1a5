import type { ApiSchema, FieldSchema, TypeSchema } from '@client-ts/api/schema';

/** What is asked again and again about a type. */
export interface TypeFacts {
  /** Its name in tables: `core.v1.Pod` for `io.k8s.api.core.v1.Pod`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldSchema>>;
  /** Fields with a default in the schema. */
  readonly defaulted: readonly (readonly [field: string, value: unknown])[];
  /** Strings that have to be there, and fields of which only some values are allowed. */
  readonly restricted: readonly (readonly [field: string, schema: FieldSchema])[];
}

const known = /* @__PURE__ */ new WeakMap<TypeSchema, TypeFacts>();

/** The facts about a type with fields, worked out once. */
export function typeFacts({ types }: ApiSchema, typeName: string): TypeFacts | undefined {
  const type = types[typeName];
  if (!type?.fields) return undefined;
  const facts = known.get(type) ?? newFacts(typeName, type.fields);
  known.set(type, facts);
  return facts;
}

/** The name of a type in tables: `core.v1.Pod` for `io.k8s.api.core.v1.Pod`. */
export function shortName(typeName: string): string {
  return typeName.replace(/^io\.k8s\.(?:api\.|(?:apiextensions-apiserver\.pkg\.apis\.)?)/, '');
}

function newFacts(typeName: string, fields: Readonly<Record<string, FieldSchema>>): TypeFacts {
  const entries = Object.entries(fields);
  return {
    name: shortName(typeName),
    fields,
    defaulted: entries.flatMap(([name, field]) =>
      field.default === undefined ? [] : [[name, field.default] as const],
    ),
    restricted: entries.filter(
      ([, field]) => (field.required && field.type === 'string') || field.enum || field.items?.enum,
    ),
  };
}
