/** JSON as `kubectl -o json` writes it: keys sorted, four spaces, and nothing that HTML would take for its own. */
export function goJson(value: unknown, indent = ''): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const inner = `${indent}    `;
  const members = Array.isArray(value)
    ? value.map((member) => goJson(member, inner))
    : entries(value).map(([key, member]) => `${goJson(key)}: ${goJson(member, inner)}`);
  return members.length === 0
    ? `${open}${close}`
    : `${open}\n${inner}${members.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** What JSON has of an object, in the order of Go. */
function entries(object: object): [string, unknown][] {
  return Object.entries(object)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function escaped(character: string): string {
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0');
}
