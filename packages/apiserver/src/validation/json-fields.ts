/** Fields of an object whose type is known only from facts. */
export type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a field; without it one that can be read and holds nothing. */
export function fieldsAt(fields: Fields | undefined, name: string): Fields {
  const value = fields?.[name];
  return isFields(value) ? value : {};
}

/** The objects of a list in a field. */
export function listAt(fields: Fields | undefined, name: string): Fields[] {
  const value = fields?.[name];
  return Array.isArray(value) ? value.filter(isFields) : [];
}

export function textAt(fields: Fields | undefined, name: string): string {
  const value = fields?.[name];
  return typeof value === 'string' ? value : '';
}

/** Puts in what is missing. */
export function setDefaults(fields: Fields, defaults: Readonly<Fields>): void {
  for (const name in defaults) if (fields[name] === undefined) fields[name] = copyOf(defaults[name]);
}

/** A value of its own. */
export function copyOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? structuredClone(value) : value;
}
