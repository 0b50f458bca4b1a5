/** A JSON object, whose fields are its own: nothing is read from or written to a prototype. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's own field; what a prototype has does not count. */
export function getField(object: JsonObject, field: string): unknown {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}

/** Sets a field as its own, whatever its name: assigning `__proto__` would change the prototype. */
export function setField(object: JsonObject, field: string, value: unknown): void {
  Object.defineProperty(object, field, { value, configurable: true, enumerable: true, writable: true });
}

/** A copy of the top level. */
export function copyObject(object: JsonObject): JsonObject {
  const copy: JsonObject = {};
  for (const field of Object.keys(object)) setField(copy, field, object[field]);
  return copy;
}

/** Whether two JSON values are the same; the order of fields does not matter. */
export function jsonEquals(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => jsonEquals(item, b[index]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const fields = Object.keys(a);
  return (
    fields.length === Object.keys(b).length &&
    fields.every((field) => Object.hasOwn(b, field) && jsonEquals(a[field], b[field]))
  );
}
