import type { ApiSchema, FieldSchema, TypeSchema, ValueSchema } from '@client-ts/api/schema';
import { Any, AnyAtomic, type ListKey, type ObjectShape, type Shape } from './shape.js';

/** An object of any kind within another one; servers take it as a whole. */
const RawExtension = 'io.k8s.apimachinery.pkg.runtime.RawExtension';

const known = /* @__PURE__ */ new WeakMap<TypeSchema, Shape>();

/** The shape of a built-in type, worked out once. */
export function builtInShape(schema: ApiSchema, typeName: string): Shape {
  if (typeName === RawExtension) return AnyAtomic;
  const type = Object.hasOwn(schema.types, typeName) ? schema.types[typeName] : undefined;
  if (!type) return Any;
  const shape = known.get(type) ?? typeShape(schema, type);
  known.set(type, shape);
  return shape;
}

function typeShape(schema: ApiSchema, type: TypeSchema): Shape {
  return type.fields ? structShape(schema, type, type.fields) : valueShape(schema, type);
}

function structShape(schema: ApiSchema, type: TypeSchema, fields: Readonly<Record<string, FieldSchema>>): Shape {
  const shapes = new Map<string, Shape>();
  return {
    kind: 'object',
    atomic: type.mapType === 'atomic',
    field(name) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!field) return undefined;
      const shape = shapes.get(name) ?? valueShape(schema, field);
      shapes.set(name, shape);
      return shape;
    },
    others: type.preserveUnknown ? Any : undefined,
  };
}

function valueShape(schema: ApiSchema, value: FieldSchema): Shape {
  const atomic = value.mapType === 'atomic';
  if (value.ref !== undefined) {
    const shape = builtInShape(schema, value.ref);
    return atomic && shape.kind === 'object' ? { ...shape, atomic } : shape;
  }
  switch (value.type) {
    case 'object':
      return { ...NoFields, atomic, others: value.preserveUnknown ? Any : undefined };
    case 'map':
      return { ...NoFields, atomic, others: value.items ? valueShape(schema, value.items) : Any };
    case 'array':
      return listShape(schema, value);
    case 'string':
      return { kind: 'scalar', type: value.format === undefined || value.format === 'byte' ? 'string' : 'untyped' };
    case 'integer':
    case 'number':
      return { kind: 'scalar', type: 'numeric' };
    case 'boolean':
      return { kind: 'scalar', type: 'boolean' };
    case 'int-or-string':
    case 'quantity':
      return { kind: 'scalar', type: 'untyped' };
    default:
      return Any;
  }
}

const NoFields: ObjectShape = { kind: 'object', atomic: false, field: () => undefined };

function listShape(schema: ApiSchema, list: FieldSchema): Shape {
  const { items } = list;
  return { kind: 'list', by: listIdentity(schema, list), item: items ? valueShape(schema, items) : AnyAtomic };
}

/** Where no type of list is declared, a strategic merge patch says how to tell items apart. */
function listIdentity(schema: ApiSchema, list: FieldSchema): 'place' | 'value' | readonly ListKey[] {
  const { listType, listMapKeys = [], patchStrategy, patchMergeKey, items = {} } = list;
  const keyed = (names: readonly string[]): ListKey[] =>
    names.map((name) => ({ name, default: defaultOf(schema, items, name) }));
  if (listType === 'set') return 'value';
  if (listType === 'map') return keyed(listMapKeys);
  if (listType === undefined && patchStrategy?.includes('merge')) {
    return patchMergeKey === undefined ? 'value' : keyed([patchMergeKey]);
  }
  return 'place';
}

function defaultOf(schema: ApiSchema, { ref }: ValueSchema, field: string): unknown {
  const fields = ref !== undefined && Object.hasOwn(schema.types, ref) ? schema.types[ref]?.fields : undefined;
  return fields && Object.hasOwn(fields, field) ? fields[field]?.default : undefined;
}
