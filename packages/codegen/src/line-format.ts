/**
 * JSON with a line for whatever fits on one: a field, a resource. Diffs of two releases then show fields, not files.
 */
export function formatJson(value: unknown): string {
  return format(value, '', { literal: JSON.stringify, key: JSON.stringify });
}

/** How values on one line, and keys, are written. */
export interface Notation {
  literal(this: void, value: unknown): string;
  key(this: void, name: string): string;
}

/** `value` in `notation`, broken into lines where it is longer than one. */
export function format(value: unknown, indent: string, notation: Notation): string {
  const flat = notation.literal(value);
  if (flat.length <= 120 - indent.length || value === null || typeof value !== 'object') return flat;
  const deeper = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((element) => deeper + format(element, deeper, notation))
    : Object.entries(value).map(
        ([name, field]) => `${deeper}${notation.key(name)}: ${format(field, deeper, notation)}`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}
