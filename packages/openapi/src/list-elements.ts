import { isRaw, memberOf } from './raw-schema.js';
import type { Schema } from './schema.js';

/**
 * The indexes of the elements that a list of type `set` or `map` already has, with what tells elements apart.
 *
 * Elements that are not what the schema says are left out: that is another problem.
 */
export function duplicates(schema: Schema, elements: readonly unknown[]): { index: number; by: string }[] {
  const { listType, listMapKeys, items } = schema;
  if (listType !== 'set' && (listType !== 'map' || listMapKeys.length === 0)) return [];
  const by = listType === 'set' ? 'value' : listMapKeys.join('/');
  const seen = new Set<string>();
  return elements.flatMap((element, index) => {
    const key =
      listType === 'set' ? textOf([element]) : isRaw(element) ? mapKey(element, listMapKeys, items) : undefined;
    if (key === undefined) return [];
    if (seen.has(key)) return [{ index, by }];
    seen.add(key);
    return [];
  });
}

/** A key that is left out counts as its default. */
function mapKey(
  element: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  items: Schema | undefined,
): string | undefined {
  return textOf(keys.map((key) => memberOf(element, key) ?? items?.property(key)?.default ?? null));
}

function textOf(scalars: readonly unknown[]): string | undefined {
  if (scalars.some((value) => typeof value === 'object' && value !== null)) return undefined;
  return JSON.stringify(scalars.map((value) => (typeof value === 'bigint' ? [String(value)] : value)));
}
