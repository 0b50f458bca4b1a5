import { compareUtf8 } from './utf8-order.js';

/** The keys that have a value, in the order in which Go writes JSON. */
export function sortedKeys(map: Readonly<Record<string, unknown>>): string[] {
  let keys = Object.keys(map);
  if (keys.some((key) => map[key] === undefined)) keys = keys.filter((key) => map[key] !== undefined);
  // Servers write most maps in order already.
  if (keys.every((key, i) => i === 0 || compareUtf8(keys[i - 1] ?? '', key) < 0)) return keys;
  return keys.toSorted(compareUtf8);
}
