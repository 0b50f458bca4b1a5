/**
 * JSON with a line for whatever fits on one: a field, a resource. Diffs of two releases then show fields, not files.
 */
export function formatJson(value: unknown, indent = ''): string {
  const flat = JSON.stringify(value);
  if (flat.length <= 120 - indent.length || value === null || typeof value !== 'object') return flat;
  const deeper = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((element) => deeper + formatJson(element, deeper))
    : Object.entries(value).map(([name, field]) => `${deeper}${JSON.stringify(name)}: ${formatJson(field, deeper)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}
