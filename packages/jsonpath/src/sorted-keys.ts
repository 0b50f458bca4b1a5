import { compareUtf8 } from './utf8-order.js';

const Surrogate = /[\ud800-\udfff]/;

/** The keys that have a value, in the order in which Go writes JSON. */
export function sortedKeys(map: Readonly<Record<string, unknown>>): string[] {
  const keys = Object.keys(map).filter((key) => map[key] !== undefined);
  // The order of UTF-16, by which `sort` goes by itself, is the same one except where there are surrogates.
  return keys.some((key) => Surrogate.test(key)) ? keys.toSorted(compareUtf8) : keys.toSorted();
}
