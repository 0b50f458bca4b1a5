import type { FieldSet } from './field-set.js';
import { fieldElement, itemElement, type PathElement } from './path-element.js';
import { fieldShape, isObject, isWhole, type Shape, shapeOfValue } from './shape.js';

/**
 * The value without the paths of a set, and all that is below them. What becomes empty by that goes, too.
 *
 * Pure. @returns `undefined` when nothing is left.
 */
export function removePaths(shape: Shape, value: unknown, paths: FieldSet): unknown {
  const known = shapeOfValue(shape, value);
  if (paths.isEmpty || isWhole(known)) return value;
  if (known.kind === 'object' && isObject(value)) {
    const kept = Object.entries(value).flatMap(([name, child]): [string, unknown][] => {
      const left = removeAt(fieldElement(name), fieldShape(known, name), child, paths);
      return left === undefined ? [] : [[name, left]];
    });
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }
  if (known.kind !== 'list' || !Array.isArray(value)) return value;
  const kept = value.flatMap((item: unknown): unknown[] => {
    const element = itemElement(known, item);
    const left = element === undefined ? item : removeAt(element, known.item, item, paths);
    return left === undefined ? [] : [left];
  });
  return kept.length === 0 ? undefined : kept;
}

function removeAt(element: PathElement, shape: Shape, value: unknown, paths: FieldSet): unknown {
  if (paths.members.has(element)) return undefined;
  const below = paths.children.get(element);
  return below ? removePaths(shape, value, below) : value;
}
