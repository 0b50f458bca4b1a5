import { isMap } from './go-value.js';
import { sortedKeys } from './sorted-keys.js';

/**
 * What is directly in a value. Of a map in the order of its keys: kubectl's is another one each time. Of a string the bytes of its
 * UTF-8, as Go has them.
 */
export function children(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [...new TextEncoder().encode(value)];
  return isMap(value) ? sortedKeys(value).map((key) => value[key]) : [];
}
