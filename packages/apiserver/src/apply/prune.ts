import type { FieldSet } from './field-set.js';
import { pathsOf } from './owned-paths.js';
import { removePaths } from './remove-paths.js';
import type { Shape } from './shape.js';
import { withDeclaredFields } from './shaped-fields.js';

/**
 * Removes what an applier named the last time and names no more, unless anybody owns it now. What becomes empty by that
 * goes, too. Pure.
 *
 * @param last - what the applier owned until now.
 * @param owned - what all managers own from now on, the applier among them.
 */
export function prune(shape: Shape, merged: unknown, last: FieldSet, owned: FieldSet): unknown {
  if (last.isEmpty) return merged;
  const declared = (set: FieldSet): FieldSet => withDeclaredFields(shape, set);
  const pathsIn = (value: unknown): FieldSet => declared(pathsOf(shape, value));
  const all = pathsIn(merged);
  const abandoned = removePaths(shape, merged, declared(last));
  const kept = removePaths(shape, merged, all.difference(pathsIn(abandoned).union(declared(owned))));
  return removePaths(shape, merged, all.difference(pathsIn(kept)).intersection(declared(last)));
}
