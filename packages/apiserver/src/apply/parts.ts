import { fieldElement, itemElement, type PathElement } from './path-element.js';
import { fieldShape, isObject, isWhole, type KnownShape, type Shape } from './shape.js';

/** A part of a value that can be owned by itself. */
export interface Part {
  readonly element: PathElement;
  readonly shape: Shape;
  /** More than one where a list repeats an item; these are then seen as one whole. */
  readonly values: readonly unknown[];
  /** It is a field that the shape names. */
  readonly declared: boolean;
}

/** What a value consists of; nothing for a scalar, or what else is owned as a whole. */
export function partsOf(shape: KnownShape, value: unknown): readonly Part[] {
  if (isWhole(shape)) return [];
  if (shape.kind === 'object') return isObject(value) ? fieldParts(shape, value) : [];
  return shape.kind === 'list' && Array.isArray(value) ? itemParts(shape, value) : [];
}

function fieldParts(
  shape: Extract<KnownShape, { kind: 'object' }>,
  object: Readonly<Record<string, unknown>>,
): readonly Part[] {
  return Object.entries(object).map(([name, value]) => ({
    element: fieldElement(name),
    shape: fieldShape(shape, name),
    values: [value],
    declared: shape.field(name) !== undefined,
  }));
}

function itemParts(shape: Extract<KnownShape, { kind: 'list' }>, list: readonly unknown[]): readonly Part[] {
  const items = new Map<PathElement, unknown[]>();
  for (const item of list) {
    const element = itemElement(shape, item);
    if (element === undefined) continue;
    const same = items.get(element);
    if (same) same.push(item);
    else items.set(element, [item]);
  }
  return [...items].map(([element, values]) => ({ element, shape: shape.item, values, declared: false }));
}
