import { Any, AnyAtomic, type ObjectShape, type Shape } from './shape.js';

export function struct(fields: Readonly<Record<string, Shape>>, others?: Shape): ObjectShape {
  const field = (name: string): Shape | undefined => (Object.hasOwn(fields, name) ? fields[name] : undefined);
  return { kind: 'object', atomic: false, field, others };
}

export const text: Shape = { kind: 'scalar', type: 'string' };

/** One field of each kind. */
export const sample: ObjectShape = struct({
  text,
  number: { kind: 'scalar', type: 'numeric' },
  flag: { kind: 'scalar', type: 'boolean' },
  amount: { kind: 'scalar', type: 'untyped' },
  map: struct({}, text),
  maps: struct({}, struct({ x: text, y: text })),
  struct: struct({ x: text, y: text, inner: struct({ z: text }) }),
  atomic: { ...struct({ x: text, y: text }), atomic: true },
  list: { kind: 'list', by: 'place', item: struct({ x: text }) },
  set: { kind: 'list', by: 'value', item: text },
  keyed: {
    kind: 'list',
    by: [{ name: 'name' }],
    item: struct({ name: text, x: text, set: { kind: 'list', by: 'value', item: text } }),
  },
  any: Any,
  raw: AnyAtomic,
});
