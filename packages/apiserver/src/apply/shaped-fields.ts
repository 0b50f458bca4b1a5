import { FieldSet } from './field-set.js';
import type { PathElement } from './path-element.js';
import { Any, fieldShape, isWhole, type KnownShape, type Shape, shapeOfValue } from './shape.js';

/** A set with the declared fields in it that its paths go through: they come and go with what is in them. */
export function withDeclaredFields(shape: Shape, set: FieldSet): FieldSet {
  const known = shapeOfElements(shape, set);
  const declared = [...set.children.keys()].filter((element) => isDeclared(known, element));
  return FieldSet.of(
    [...set.members, ...declared],
    [...set.children].map(([element, below]) => [element, withDeclaredFields(shapeBelow(known, element), below)]),
  );
}

/** A set as it has to be where a schema has since made something atomic: whoever had a part of it has the whole. */
export function withoutPartsOfWholes(shape: Shape, set: FieldSet): FieldSet {
  const known = shapeOfElements(shape, set);
  const wholes = new Set<PathElement>();
  const children = [...set.children].flatMap(([element, below]): [PathElement, FieldSet][] => {
    const inner = shapeBelow(known, element);
    // Only what is declared can have changed.
    if (inner.kind !== 'any' && isWhole(inner)) {
      wholes.add(element);
      return [];
    }
    return [[element, withoutPartsOfWholes(inner, below)]];
  });
  const isSame = wholes.size === 0 && children.every(([element, below]) => below === set.children.get(element));
  return isSame ? set : FieldSet.of([...set.members, ...wholes], children);
}

/** The set itself tells what is there, where nothing is declared. */
function shapeOfElements(shape: Shape, set: FieldSet): KnownShape {
  const isFields = [...set.children.keys()].every((element) => element.startsWith('f:'));
  return shapeOfValue(shape, isFields ? {} : []);
}

function isDeclared(shape: KnownShape, element: PathElement): boolean {
  return shape.kind === 'object' && element.startsWith('f:') && shape.field(nameOf(element)) !== undefined;
}

/** The shape below an element of a path. */
function shapeBelow(shape: KnownShape, element: PathElement): Shape {
  if (shape.kind === 'object' && element.startsWith('f:')) return fieldShape(shape, nameOf(element));
  return shape.kind === 'list' && element.startsWith('k:') ? shape.item : Any;
}

function nameOf(element: PathElement): string {
  return element.slice('f:'.length);
}
