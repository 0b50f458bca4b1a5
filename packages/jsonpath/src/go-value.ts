import { goFloat } from './go-number.js';

/** What a list that has nothing gives to the inside of its range, and `null` as an item: no value at all, which kubectl prints so. */
export const Absent: unique symbol = Symbol('<no value>');

/** A number of a template that has a decimal point. Numbers of objects have no such mark: there, `1.0` is `1`. */
export class FloatLiteral {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** What can be compared with its like. */
export type GoKind = 'bool' | 'int' | 'float' | 'string';

/** Undefined for maps, lists, null and nothing. */
export function goKind(value: unknown): GoKind | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
    case 'bigint':
      return 'int';
    case 'number':
      return isInt64(value) ? 'int' : 'float';
    default:
      return value instanceof FloatLiteral ? 'float' : undefined;
  }
}

/** What Kubernetes decodes a JSON number to, as far as it shows: integers that 64 bits hold, or else a float. */
function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof FloatLiteral);
}

const types: Readonly<Record<GoKind, string>> = { bool: 'bool', int: 'int64', float: 'float64', string: 'string' };

/** The name by which client-go's messages call the type of a value. */
export function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isMap(value)) return 'map[string]interface {}';
  const kind = goKind(value);
  if (kind !== undefined) return types[kind];
  return value === Absent ? '<no value>' : '<nil>';
}

/** Text of what is neither map nor list, as Go prints it. `null` is for the caller: it has several names. */
export function goScalar(value: unknown): string {
  if (value === Absent) return '<no value>';
  if (value instanceof FloatLiteral) return goFloat(value.value);
  if (typeof value === 'number') return isInt64(value) ? String(value) : goFloat(value);
  return String(value);
}

/** As what left the engine: plain data. */
export function plain(value: unknown): unknown {
  if (value instanceof FloatLiteral) return value.value;
  return value === Absent ? null : value;
}
