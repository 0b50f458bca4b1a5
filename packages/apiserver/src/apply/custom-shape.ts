import type { ApiSchema } from '@client-ts/api/schema';
import type { CustomResourceFacts } from '../resource-registry.js';
import { builtInShape } from './built-in-shape.js';
import { Any, AnyAtomic, isObject, type JsonObject, type ListKey, type Shape } from './shape.js';

const ObjectMetaType = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const known = /* @__PURE__ */ new WeakMap<CustomResourceFacts, Shape>();

/** The shape of a custom resource: as its schema says, with the metadata of every object. Worked out once. */
export function customShape(schema: ApiSchema, facts: CustomResourceFacts): Shape {
  const found = known.get(facts);
  if (found) return found;
  const metadata = builtInShape(schema, ObjectMetaType);
  const declared = { type: 'object', ...facts.schema, 'x-kubernetes-embedded-resource': true };
  const shape = schemaShape(declared, { metadata, keepsUnknown: facts.preserveUnknownFields || !facts.schema });
  known.set(facts, shape);
  return shape;
}

interface Context {
  readonly metadata: Shape;
  /** Fields that are not declared are kept, here and below. */
  readonly keepsUnknown: boolean;
}

/** @param schema - of a CRD: hostile text, though structural. */
function schemaShape(schema: unknown, context: Context): Shape {
  if (!isObject(schema)) return Any;
  const keepsUnknown = context.keepsUnknown || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const inner = { ...context, keepsUnknown };
  switch (schema['type']) {
    case 'object':
      return objectShape(schema, inner);
    case 'array':
      return arrayShape(schema, inner);
    case 'integer':
    case 'number':
      return { kind: 'scalar', type: 'numeric' };
    case 'boolean':
      return { kind: 'scalar', type: 'boolean' };
    case 'string':
      return { kind: 'scalar', type: isPlainText(schema['format']) ? 'string' : 'untyped' };
    default:
      return Any;
  }
}

function isPlainText(format: unknown): boolean {
  return format === undefined || format === '' || format === 'byte';
}

const Text: Shape = { kind: 'scalar', type: 'string' };

function objectShape(schema: JsonObject, context: Context): Shape {
  const { additionalProperties: additional } = schema;
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const shapes = new Map<string, Shape>();
  if (schema['x-kubernetes-embedded-resource'] === true) {
    shapes.set('apiVersion', Text).set('kind', Text).set('metadata', context.metadata);
  }
  const isFree = shapes.size === 0 && Object.keys(properties).length === 0;
  const isOpen = additional === undefined ? context.keepsUnknown || isFree : additional === true;
  return {
    kind: 'object',
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    field(name) {
      const found = shapes.get(name);
      if (found || !Object.hasOwn(properties, name)) return found;
      const shape = schemaShape(properties[name], context);
      shapes.set(name, shape);
      return shape;
    },
    others: isObject(additional) ? schemaShape(additional, context) : isOpen ? Any : undefined,
  };
}

function arrayShape(schema: JsonObject, context: Context): Shape {
  const { items } = schema;
  const item = items === undefined ? AnyAtomic : schemaShape(items, context);
  return { kind: 'list', by: identityOf(schema, items), item };
}

function identityOf(schema: JsonObject, items: unknown): 'place' | 'value' | readonly ListKey[] {
  const names = schema['x-kubernetes-list-map-keys'];
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return 'value';
    case 'map': {
      if (!Array.isArray(names)) return 'place';
      const properties = isObject(items) && isObject(items['properties']) ? items['properties'] : {};
      return names.map(String).map((name) => {
        const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
        return { name, default: isObject(property) ? property['default'] : undefined };
      });
    }
    default:
      return 'place';
  }
}
