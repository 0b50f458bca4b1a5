import { Directive, hasDirective, replacement, unknownDirective } from './directives.js';
import { identityBy, inOrder } from './element-order.js';
import type { JsonObject } from './json-value.js';
import { PatchError } from './patch-error.js';

/** Each scalar once, in the order of the patch where it has one. */
export function mergeScalars(original: readonly unknown[], patch: readonly unknown[], place: string): unknown[] {
  requireScalars([...original, ...patch], place);
  return inOrder([...new Set([...original, ...patch])], patch, original, identityBy(undefined, place));
}

/** The scalars of the list that are not among the deleted ones. */
export function deleteScalars(list: readonly unknown[], deleted: readonly unknown[], place: string): unknown[] {
  requireScalars([...list, ...deleted], place);
  const gone = new Set(deleted);
  return list.filter((item) => !gone.has(item));
}

function requireScalars(list: readonly unknown[], place: string): void {
  const other = list.find((item) => typeof item === 'object' && item !== null);
  if (other !== undefined) {
    throw new PatchError(`${place}: expected scalars, got ${JSON.stringify(other)}: objects need a merge key`);
  }
}

/** Merges an item of the patch into the one with the same merge key. */
export type MergeItem = (original: JsonObject, patch: JsonObject, place: string) => JsonObject;

/** Items with the same merge key are merged, others added, those with a directive deleted. */
export function mergeItems(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  place: string,
  merge: MergeItem,
): unknown[] {
  if (original.length === 0 && patch.length === 0) return [];
  const identity = identityBy(mergeKey, place);
  const changes = patch.filter((item) => !hasDirective(item));
  const directives = patch.filter(hasDirective) as JsonObject[];
  const gone = new Set<string>();
  let isReplaced = false;
  for (const item of directives) {
    if (item[Directive] === 'delete') gone.add(identity(item));
    else if (item[Directive] === 'replace') isReplaced = true;
    else throw unknownDirective(item[Directive], place);
  }
  const kept = isReplaced ? (replacement(changes) as unknown[]) : original.filter((item) => !gone.has(identity(item)));
  const added = isReplaced ? [] : changes;
  const merged = [...kept];
  const places = new Map<string, number>();
  for (const [index, item] of kept.entries()) if (!places.has(identity(item))) places.set(identity(item), index);
  for (const item of added) {
    const id = identity(item);
    const index = places.get(id);
    if (index === undefined) {
      places.set(id, merged.length);
      merged.push(replacement(item));
    } else {
      merged[index] = merge(merged[index] as JsonObject, item as JsonObject, `${place}[${mergeKey}=${id}]`);
    }
  }
  return inOrder(merged, added, kept, identity);
}
