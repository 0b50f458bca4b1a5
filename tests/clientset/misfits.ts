import { schema, type FieldSchema, type ValueSchema } from '@client-ts/api/schema/all';

/**
 * Where an object of the server is not what its generated type says: a required field that is missing or null, a field that
 * the type does not have, a value of another type.
 */
export function misfits(value: unknown, type: string, path: string = type.slice(type.lastIndexOf('.') + 1)): string[] {
  return valueMisfits(value, { ref: type }, path);
}

function valueMisfits(value: unknown, facts: ValueSchema, path: string): string[] {
  if (facts.ref !== undefined) return valueMisfits(value, schema.types[facts.ref] ?? {}, path);
  const wrong = [`${path}: ${JSON.stringify(value)} is no ${facts.type}`];
  switch (facts.type) {
    case 'string':
      if (typeof value !== 'string') return wrong;
      return facts.enum && !facts.enum.includes(value) ? [`${path}: ${value} is not among the values`] : [];
    case 'integer':
      return Number.isInteger(value) ? [] : wrong;
    case 'number':
      return typeof value === 'number' ? [] : wrong;
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong;
    case 'int-or-string':
      return typeof value === 'string' || Number.isInteger(value) ? [] : wrong;
    case 'quantity':
      return typeof value === 'string' ? [] : wrong;
    case 'array':
      if (!Array.isArray(value)) return wrong;
      return value.flatMap((element, index) => valueMisfits(element, facts.items ?? {}, `${path}[${index}]`));
    case 'map':
      if (!isObject(value)) return wrong;
      return Object.entries(value).flatMap(([key, inner]) => valueMisfits(inner, facts.items ?? {}, `${path}.${key}`));
    case 'object':
      return isObject(value) ? objectMisfits(value, facts, path) : wrong;
    default:
      return [];
  }
}

function objectMisfits(
  value: Readonly<Record<string, unknown>>,
  facts: ValueSchema & { readonly fields?: Readonly<Record<string, FieldSchema>> },
  path: string,
): string[] {
  if (facts.preserveUnknown) return [];
  const { fields = {} } = facts;
  const missing = Object.entries(fields).filter(([name, { required }]) => required && !Object.hasOwn(value, name));
  return [
    ...missing.map(([name]) => `${path}.${name}: required, and missing`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field?.nullable && inner === null) return [];
      return field ? valueMisfits(inner, field, `${path}.${name}`) : [`${path}.${name}: not in the type`];
    }),
  ];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
