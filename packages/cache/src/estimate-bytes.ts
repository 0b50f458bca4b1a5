/** So many objects are looked at. More would take long, and tell little. */
const Samples = 100;

/**
 * About what V8 takes for JSON values on a 64-bit heap: three words and one for each property of an object, four and one for
 * each item of an array, two and a byte for each character of a string. What several of those looked at share counts once.
 */
export function estimateBytes(values: readonly unknown[]): number {
  const step = Math.max(1, values.length / Samples);
  const seen = new Set<object>();
  let bytes = 0;
  let samples = 0;
  for (let at = 0; at < values.length; at += step) {
    bytes += bytesOf(values[Math.floor(at)], seen);
    samples++;
  }
  return samples === 0 ? 0 : Math.round((bytes / samples) * values.length);
}

function bytesOf(value: unknown, seen: Set<object>): number {
  if (typeof value === 'string') return 16 + ((value.length + 7) & ~7);
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  const items: unknown[] = Object.values(value);
  let bytes = (Array.isArray(value) ? 32 : 24) + 8 * items.length;
  for (const item of items) bytes += bytesOf(item, seen);
  return bytes;
}
