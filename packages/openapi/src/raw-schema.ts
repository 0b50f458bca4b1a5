/*
 * Documents are hostile: nothing in them has the type that it should have until it has been looked at, and a name may be that of
 * something on every object's prototype.
 */

/** A JSON object of which nothing is known. */
export type Raw = Readonly<Record<string, unknown>>;

export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own member, whatever its name. */
export function memberOf(raw: Raw, name: string): unknown {
  return Object.hasOwn(raw, name) ? raw[name] : undefined;
}

export function objectIn(raw: Raw, name: string): Raw | undefined {
  const value = memberOf(raw, name);
  return isRaw(value) ? value : undefined;
}

export function listIn(raw: Raw, name: string): readonly unknown[] {
  const value = memberOf(raw, name);
  return Array.isArray(value) ? value : [];
}

export function stringsIn(raw: Raw, name: string): readonly string[] {
  return listIn(raw, name).filter((value) => typeof value === 'string');
}

export function stringIn(raw: Raw, name: string): string | undefined {
  const value = memberOf(raw, name);
  return typeof value === 'string' ? value : undefined;
}
