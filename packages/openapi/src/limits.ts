import { isRaw } from './raw-schema.js';
import type { Limit, Schema } from './schema.js';

/** What is measured of a value; `undefined` where the limit is for other values. */
type Measure = (value: unknown) => number | bigint | undefined;

const number: Measure = (value) => (typeof value === 'number' || typeof value === 'bigint' ? value : undefined);
const length: Measure = (value) => (typeof value === 'string' ? codePoints(value) : undefined);
const items: Measure = (value) => (Array.isArray(value) ? value.length : undefined);
const fields: Measure = (value) => (isRaw(value) ? Object.keys(value).length : undefined);

const Limits: readonly (readonly [Limit, Measure, expected: string, min: boolean])[] = [
  ['minimum', number, 'at least', true],
  ['maximum', number, 'at most', false],
  ['minLength', length, 'characters: at least', true],
  ['maxLength', length, 'characters: at most', false],
  ['minItems', items, 'elements: at least', true],
  ['maxItems', items, 'elements: at most', false],
  ['minProperties', fields, 'fields: at least', true],
  ['maxProperties', fields, 'fields: at most', false],
];

/** What was expected, for each limit that the value is beyond. */
export function brokenLimits(schema: Schema, value: unknown): string[] {
  const broken = Limits.flatMap(([limit, measure, expected, min]) => {
    const bound = schema.limit(limit);
    const measured = bound === undefined ? undefined : measure(value);
    if (bound === undefined || measured === undefined) return [];
    const exclusive = (limit === 'minimum' || limit === 'maximum') && schema.isExclusive(limit);
    if (exclusive && Number(measured) === bound) return [`${min ? 'more' : 'less'} than ${bound}`];
    return (min ? measured < bound : measured > bound) ? [`${expected} ${bound}`] : [];
  });
  return [...broken, ...brokenMultiple(schema, value)];
}

function brokenMultiple(schema: Schema, value: unknown): string[] {
  const factor = schema.limit('multipleOf');
  if (factor === undefined || factor <= 0 || typeof value !== 'number') return [];
  return Number.isInteger(value / factor) ? [] : [`a multiple of ${factor}`];
}

/** Servers count characters, not what UTF-16 takes for them. */
function codePoints(value: string): number {
  let count = 0;
  for (const _ of value) count++;
  return count;
}
