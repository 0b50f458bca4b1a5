import type { ApiSchema, FieldSchema, TypeSchema, ValueSchema } from '@client-ts/api/schema';
import { shortName } from '../type-facts.js';
import { DecodeError } from './decode-error.js';
import { isLeftOut } from './explicit-zeros.js';
import { canonicalTime, requireBase64, type TimePrecision } from './go-scalars.js';
import { elementOf, fieldOf, type Place, valueOf } from './place.js';
import { canonicalQuantity } from './quantity.js';

/** What reading an object brought to light. */
export interface DecodedType {
  /** Known fields only, without nulls and what Go leaves out; times and quantities in their canonical form. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Paths of fields that the types do not have. */
  readonly unknown: readonly string[];
}

const Root: Place = { struct: '', fields: '', path: '' };

/** Limits of Go's integers, by the format in the schema. */
const IntegerLimits: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

/** Types of times that keep fractions of a second. */
const Precisions: Readonly<Record<string, TimePrecision>> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'microseconds',
};

/**
 * Reads parsed JSON as a type, as a Go decoder does.
 *
 * @throws DecodeError where a value is of another type than its field.
 */
export function decodeType(schema: ApiSchema, typeName: string, value: unknown): DecodedType {
  const decoder = new TypeDecoder(schema);
  const decoded = decoder.named(typeName, value, Root);
  return { value: (decoded ?? {}) as Record<string, unknown>, unknown: decoder.unknown };
}

class TypeDecoder {
  readonly #schema: ApiSchema;
  readonly unknown: string[] = [];

  constructor(schema: ApiSchema) {
    this.#schema = schema;
  }

  named(name: string, value: unknown, place: Place): unknown {
    const type = this.#schema.types[name];
    if (!type) return value;
    if (type.fields) return this.#struct(name, type, value, place);
    if (type.format === 'date-time') {
      if (typeof value !== 'string') throw wrongType(value, place, 'string');
      return canonicalTime(value, Precisions[name] ?? 'seconds');
    }
    return this.#value(type, value, place);
  }

  #struct(name: string, type: TypeSchema, value: unknown, place: Place): unknown {
    if (!isObject(value)) throw wrongType(value, place, goTypeOf({ ref: name }));
    const struct = lastPart(name);
    const entries: [string, unknown][] = [];
    for (const [key, given] of Object.entries(value)) {
      const field = Object.hasOwn(type.fields!, key) ? type.fields![key] : undefined;
      const at = fieldOf(place, struct, key);
      if (!field) {
        this.unknown.push(at.path);
      } else if (given !== null) {
        const decoded = this.#value(field, given, at);
        if (!isOptional(field) || !isLeftOut(shortName(name), key, decoded)) entries.push([key, decoded]);
      }
    }
    return Object.fromEntries(entries);
  }

  #value(schema: ValueSchema, value: unknown, place: Place): unknown {
    if (schema.ref !== undefined) return this.named(schema.ref, value, place);
    switch (schema.type) {
      case 'string':
        if (typeof value !== 'string') throw wrongType(value, place, goTypeOf(schema));
        if (schema.format === 'byte') requireBase64(value);
        return value;
      case 'boolean':
        if (typeof value !== 'boolean') throw wrongType(value, place, goTypeOf(schema));
        return value;
      case 'integer':
        return integer(value, place, schema);
      case 'number':
        if (typeof value !== 'number') throw wrongType(value, place, goTypeOf(schema));
        return value;
      case 'array':
        if (!Array.isArray(value)) throw wrongType(value, place, goTypeOf(schema));
        return value.map((item, i) => this.#item(schema.items ?? {}, item, elementOf(place, i)));
      case 'map':
        if (!isObject(value)) throw wrongType(value, place, goTypeOf(schema));
        return Object.fromEntries(
          Object.entries(value).map(([key, item]) => [key, this.#item(schema.items ?? {}, item, valueOf(place, key))]),
        );
      case 'int-or-string':
        return typeof value === 'string' ? value : integer(value, place, { format: 'int32' });
      case 'quantity':
        return canonicalQuantity(String(value));
      case 'object':
      case 'any':
      case undefined:
        break;
    }
    return schema.oneOf ? this.#oneOf(schema.oneOf, value, place) : value;
  }

  /** Go has no null among elements and values: it is what is there when nothing is given. */
  #item(schema: ValueSchema, value: unknown, place: Place): unknown {
    return value === null ? zeroOf(schema) : this.#value(schema, value, place);
  }

  /** What such values hold is read by itself; unknown fields in it are dropped in silence, as a real server does. */
  #oneOf(choices: readonly ValueSchema[], value: unknown, place: Place): unknown {
    const choice = choices.find((candidate) => fits(candidate, value));
    if (!choice) {
      if (choices.some(({ type }) => type === 'boolean')) throw new DecodeError('boolean or JSON schema expected');
      throw wrongType(value, place, 'v1.JSONSchemaProps');
    }
    return new TypeDecoder(this.#schema).#value(choice, value, place);
  }
}

/** Values of these types are left out when they are zero or empty; structs and times are not. */
const Omittable: ReadonlySet<string | undefined> = new Set(['string', 'boolean', 'integer', 'number', 'array', 'map']);

function isOptional({ required, default: zero, type }: FieldSchema): boolean {
  return !required && zero !== '' && zero !== 0 && zero !== false && Omittable.has(type);
}

function integer(value: unknown, place: Place, schema: ValueSchema): number {
  const limit = IntegerLimits[schema.format ?? 'int64'] ?? 2 ** 63;
  const goType = schema.format ?? 'int64';
  if (typeof value !== 'number') throw wrongType(value, place, goType);
  if (!Number.isInteger(value) || value >= limit || value < -limit) {
    throw wrongType(value, place, goType, `number ${value}`);
  }
  return value;
}

function wrongType(value: unknown, place: Place, goType: string, found: string = jsonTypeOf(value)): DecodeError {
  const where = place.struct === '' ? 'value' : `struct field ${place.struct}.${place.fields}`;
  return new DecodeError(`json: cannot unmarshal ${found} into Go ${where} of type ${goType}`);
}

function fits({ type, ref }: ValueSchema, value: unknown): boolean {
  if (ref !== undefined) return isObject(value);
  if (type === 'array') return Array.isArray(value);
  return typeof value === type;
}

function zeroOf({ type, ref }: ValueSchema): unknown {
  if (ref !== undefined || type === 'map') return {};
  return type === 'array' ? [] : type === 'string' ? '' : null;
}

/** What Go calls a type, as far as its messages show it. */
function goTypeOf({ type, ref, items, format }: ValueSchema): string {
  if (ref !== undefined) return `v1.${lastPart(ref)}`;
  switch (type) {
    case 'array':
      return `[]${goTypeOf(items ?? {})}`;
    case 'map':
      return `map[string]${goTypeOf(items ?? {})}`;
    case 'string':
      return format === 'byte' ? '[]uint8' : 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    default:
      return format ?? type ?? 'interface {}';
  }
}

function jsonTypeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function lastPart(typeName: string): string {
  return typeName.slice(typeName.lastIndexOf('.') + 1);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
