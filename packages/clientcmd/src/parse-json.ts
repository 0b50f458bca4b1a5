import { parseJson as parseExactly } from '@client-ts/apimachinery';

/**
 * What a JSON text says, if it is an object whose keys are unique; otherwise `undefined`, and the parser of YAML knows better:
 * it says where the mistake is.
 */
export function parseJson(text: string): object | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value = parseExactly(text) as object;
    return keysIn(value) === keysOf(text) ? value : undefined;
  } catch {
    return undefined; // no JSON, or nested too deeply for anybody who uses it
  }
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const values = Object.values(value);
  return values.reduce<number>((sum, each) => sum + keysIn(each), Array.isArray(value) ? 0 : values.length);
}

/** `JSON.parse` lets the last of equal keys win, and tells nobody. */
function keysOf(json: string): number {
  let keys = 0;
  for (const [, colon] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (colon !== undefined) keys++;
  return keys;
}
