import { isRaw } from './raw-schema.js';
import type { ValueType } from './schema.js';

/** What stands for a type in messages, and which values are of it. */
export const valueTypes: Readonly<
  Record<ValueType, { readonly expected: string; readonly has: (value: unknown) => boolean }>
> = {
  object: { expected: 'an object', has: isRaw },
  array: { expected: 'a list', has: Array.isArray },
  string: { expected: 'a string', has: isString },
  integer: { expected: 'an integer', has: isInteger },
  number: { expected: 'a number', has: isNumber },
  boolean: { expected: 'true or false', has: (value) => typeof value === 'boolean' },
  'int-or-string': { expected: 'an integer or a string', has: (value) => isInteger(value) || isString(value) },
  quantity: { expected: 'a quantity', has: (value) => isNumber(value) || isString(value) },
};

/** How a value of a wrong type is named; the value itself may be a secret. */
export function nameOfType(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (isInteger(value)) return 'an integer';
  return `a ${typeof value}`;
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

/** Integers that a `number` cannot hold are a `bigint`. */
function isInteger(value: unknown): boolean {
  return Number.isInteger(value) || typeof value === 'bigint';
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(value) || typeof value === 'bigint';
}
