import { isRaw } from './raw-schema.js';
import type { Limit, Schema } from './schema.js';

/** What is measured of a value; `undefined` where the limit is for other values. */
type Measure = (value: unknown) => number | bigint | undefined;

const number: Measure = (value) => (typeof value === 'number' || typeof value === 'bigint' ? value : undefined);
const length: Measure = (value) => (typeof value === 'string' ? codePoints(value) : undefined);
const items: Measure = (value) => (Array.isArray(value) ? value.length : undefined);
const fields: Measure = (value) => (isRaw(value) ? Object.keys(value).length : undefined);

const measures: Readonly<Record<Exclude<Limit, 'multipleOf'>, readonly [Measure, expected: string]>> = {
  minimum: [number, 'at least'],
  maximum: [number, 'at most'],
  minLength: [length, 'characters: at least'],
  maxLength: [length, 'characters: at most'],
  minItems: [items, 'elements: at least'],
  maxItems: [items, 'elements: at most'],
  minProperties: [fields, 'fields: at least'],
  maxProperties: [fields, 'fields: at most'],
};

/** What was expected, for each limit that the value is beyond. */
export function brokenLimits(schema: Schema, value: unknown): string[] {
  if (schema.limits.size === 0) return [];
  return [...schema.limits].flatMap(([limit, bound]) => brokenLimit(schema, limit, bound, value) ?? []);
}

function brokenLimit(schema: Schema, limit: Limit, bound: number, value: unknown): string | undefined {
  if (limit === 'multipleOf') {
    const isBroken = bound > 0 && typeof value === 'number' && !Number.isInteger(value / bound);
    return isBroken ? `a multiple of ${bound}` : undefined;
  }
  const [measure, expected] = measures[limit];
  const measured = measure(value);
  if (measured === undefined) return undefined;
  const isMin = limit.startsWith('min');
  if ((limit === 'minimum' || limit === 'maximum') && Number(measured) === bound && schema.isExclusive(limit)) {
    return `${isMin ? 'more' : 'less'} than ${bound}`;
  }
  return (isMin ? measured < bound : measured > bound) ? `${expected} ${bound}` : undefined;
}

/** Servers count characters, not what UTF-16 takes for them. */
function codePoints(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}
