import { partsOf } from './parts.js';
import { FieldSet } from './field-set.js';
import type { PathElement } from './path-element.js';
import { isObject, isWhole, type Shape, shapeOfValue } from './shape.js';

/** The paths that whoever applies this value owns. */
export function pathsOf(shape: Shape, value: unknown): FieldSet {
  const members: PathElement[] = [];
  const children: [PathElement, FieldSet][] = [];
  for (const part of partsOf(shapeOfValue(shape, value), value)) {
    const [child] = part.values;
    if (part.values.length > 1) {
      members.push(part.element);
      continue;
    }
    const isEmpty = child === null || (isObject(child) && Object.keys(child).length === 0);
    if (!part.declared || isEmpty || isWhole(shapeOfValue(part.shape, child))) members.push(part.element);
    children.push([part.element, pathsOf(part.shape, child)]);
  }
  return FieldSet.of(members, children);
}
