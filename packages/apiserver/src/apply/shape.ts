/**
 * How a value takes part in server-side apply: what of it can be owned by itself, and what it has to look like.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
export type Shape =
  /** Owned as a whole. `untyped` is any scalar. */
  | { readonly kind: 'scalar'; readonly type: 'string' | 'numeric' | 'boolean' | 'untyped' }
  /** Nothing is declared: objects have any fields, lists are owned as a whole; an atomic one is, too. */
  | { readonly kind: 'any'; readonly atomic: boolean }
  | ObjectShape
  | ListShape;

export interface ObjectShape {
  readonly kind: 'object';
  /** Owned as a whole. */
  readonly atomic: boolean;
  /** The shape of a declared field. */
  readonly field: (name: string) => Shape | undefined;
  /** The shape of all other fields; absent where there may be none. */
  readonly others?: Shape | undefined;
}

export interface ListShape {
  readonly kind: 'list';
  /**
   * What tells items apart: their value, for a set of scalars, or some of their fields; `place` is a list that is owned as
   * a whole.
   */
  readonly by: 'place' | 'value' | readonly ListKey[];
  readonly item: Shape;
}

export interface ListKey {
  readonly name: string;
  /** What the field is where an item lacks it. */
  readonly default?: unknown;
}

/** What is not declared. */
export const Any: Shape = { kind: 'any', atomic: false };
/** Any value, owned as a whole. */
export const AnyAtomic: Shape = { kind: 'any', atomic: true };

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A shape that has been decided on for a value. */
export type KnownShape = Exclude<Shape, { kind: 'any' }>;

/** The shape of a value, which decides where nothing is declared. */
export function shapeOfValue(shape: Shape, value: unknown): KnownShape {
  if (shape.kind !== 'any') return shape;
  const inner = shape.atomic ? AnyAtomic : Any;
  if (isObject(value)) return { kind: 'object', atomic: shape.atomic, field: () => undefined, others: inner };
  if (Array.isArray(value)) return { kind: 'list', by: 'place', item: AnyAtomic };
  return { kind: 'scalar', type: 'untyped' };
}

/** Whether a value of this shape is owned as a whole. */
export function isWhole(shape: KnownShape): boolean {
  return shape.kind === 'scalar' || (shape.kind === 'list' ? shape.by === 'place' : shape.atomic);
}

/** The shape of a field of an object. What may not be there is taken as it comes. */
export function fieldShape(shape: ObjectShape, name: string): Shape {
  return shape.field(name) ?? shape.others ?? Any;
}
