import type { StatusCause } from '@client-ts/apimachinery/errors';
import { jsonEqual } from '../../json-equal.js';
import { invalid, unsupported, required, tooMany, wrongType } from '../../rules/causes.js';
import { type Fields, isFields } from '../json-fields.js';
import {
  hasExtension,
  itemsSchema,
  type JsonSchema,
  numberAt,
  propertySchema,
  schemaOf,
  schemasAt,
  stringsAt,
  valuesSchema,
} from './json-schema.js';
import { counterpart, duplicateElements } from './list-problems.js';
import { stringProblems } from './string-problems.js';

/** Problems of choices among schemas belong to no field. */
const NoField = '<nil>';

/**
 * What a schema finds wrong with a value.
 *
 * @param old - the value that was stored there. What has not changed is not looked at again, so that a stricter schema
 * does not stop changes elsewhere.
 */
export function validateValue(value: unknown, schema: JsonSchema, path: string, old?: unknown): StatusCause[] {
  if (old !== undefined && jsonEqual(value, old)) return [];
  const typeProblem = value === null && schema['nullable'] === true ? [] : typeProblems(value, schema, path);
  const choices = [...enumProblems(value, schema, path)];
  if (typeProblem.length > 0) return [...typeProblem, ...choices];
  return [...choices, ...contentProblems(value, schema, path, old), ...logicProblems(value, schema, path)];
}

function typeProblems(value: unknown, schema: JsonSchema, path: string): StatusCause[] {
  const allowed = hasExtension(schema, 'int-or-string') ? ['integer', 'string'] : [schema['type']];
  const actual = jsonType(value);
  if (allowed.includes(actual) || (actual === 'integer' && allowed.includes('number'))) return [];
  if (allowed.every((type) => typeof type !== 'string')) return [];
  return [wrongType(path, actual, `${path} in body must be of type ${allowed.join(',')}: ${JSON.stringify(actual)}`)];
}

function enumProblems(value: unknown, schema: JsonSchema, path: string): StatusCause[] {
  const choices = schema['enum'];
  if (!Array.isArray(choices) || (value !== null && choices.some((choice) => jsonEqual(choice, value)))) return [];
  if (value === null && schema['nullable'] !== true) return [];
  return [unsupported(path, value, choices.map(textOf))];
}

function textOf(choice: unknown): string {
  return typeof choice === 'string' ? choice : JSON.stringify(choice);
}

function contentProblems(value: unknown, schema: JsonSchema, path: string, old: unknown): StatusCause[] {
  if (typeof value === 'string') return stringProblems(value, schema, path);
  if (typeof value === 'number') return numberProblems(value, schema, path);
  if (Array.isArray(value)) return listProblems(value, schema, path, Array.isArray(old) ? old : []);
  return isFields(value) ? objectProblems(value, schema, path, isFields(old) ? old : {}) : [];
}

function numberProblems(value: number, schema: JsonSchema, path: string): StatusCause[] {
  const [min, max, factor] = ['minimum', 'maximum', 'multipleOf'].map((name) => numberAt(schema, name));
  const problems: string[] = [];
  if (max !== undefined && (schema['exclusiveMaximum'] === true ? value >= max : value > max)) {
    problems.push(`less than ${schema['exclusiveMaximum'] === true ? '' : 'or equal to '}${max}`);
  }
  if (min !== undefined && (schema['exclusiveMinimum'] === true ? value <= min : value < min)) {
    problems.push(`greater than ${schema['exclusiveMinimum'] === true ? '' : 'or equal to '}${min}`);
  }
  if (factor !== undefined && factor > 0 && !Number.isInteger(value / factor)) problems.push(`a multiple of ${factor}`);
  return [
    ...problems.map((problem) => invalid(path, value, `${path} in body should be ${problem}`)),
    ...integerFormatProblems(value, schema, path),
  ];
}

function integerFormatProblems(value: number, { type, format }: JsonSchema, path: string): StatusCause[] {
  if (type !== 'integer' || format !== 'int32' || value === Math.trunc(value) % 2 ** 31) return [];
  return [invalid(NoField, '', `Checked value must be of type integer with format int32 in ${path}`)];
}

function listProblems(
  list: readonly unknown[],
  schema: JsonSchema,
  path: string,
  old: readonly unknown[],
): StatusCause[] {
  const items = itemsSchema(schema);
  return [
    ...sizeProblems(list.length, schema, path, 'Items', 'items'),
    ...(items
      ? list.flatMap((item, i) => validateValue(item, items, `${path}[${i}]`, counterpart(item, old, schema)))
      : []),
    ...duplicateElements(list, schema, path),
  ];
}

function objectProblems(fields: Fields, schema: JsonSchema, path: string, old: Fields): StatusCause[] {
  const values = valuesSchema(schema);
  const needed = hasExtension(schema, 'embedded-resource') ? ['apiVersion', 'kind'] : [];
  const missing = [...needed, ...stringsAt(schema, 'required')].filter((name) => !Object.hasOwn(fields, name));
  return [
    ...[...new Set(missing)].map((name) => required(fieldPath(path, name))),
    ...needed
      .filter((name) => fields[name] === '')
      .map((name) => invalid(fieldPath(path, name), '', 'must not be empty')),
    ...sizeProblems(Object.keys(fields).length, schema, path, 'Properties', 'properties'),
    ...Object.entries(fields).flatMap(([name, value]) => {
      const known = propertySchema(schema, name) ?? values;
      return known ? validateValue(value, known, fieldPath(path, name), old[name]) : [];
    }),
  ];
}

function sizeProblems(size: number, schema: JsonSchema, path: string, suffix: string, noun: string): StatusCause[] {
  const [max, min] = [numberAt(schema, `max${suffix}`), numberAt(schema, `min${suffix}`)];
  if (max !== undefined && size > max) return [tooMany(path, size, max)];
  if (min !== undefined && size < min) {
    return [invalid(path, size, `${path} in body should have at least ${min} ${noun}`)];
  }
  return [];
}

function logicProblems(value: unknown, schema: JsonSchema, path: string): StatusCause[] {
  const problem = (text: string): StatusCause => invalid(NoField, '', `${JSON.stringify(path)} must ${text}`);
  const results = (name: string): StatusCause[][] =>
    schemasAt(schema, name).map((choice) => validateValue(value, choice, path));
  const causes: StatusCause[] = [];

  const any = results('anyOf');
  if (any.length > 0 && any.every(isFailure)) {
    causes.push(problem('validate at least one schema (anyOf)'), ...any[0]!);
  }
  const one = results('oneOf');
  const valid = one.filter((result) => result.length === 0).length;
  if (one.length > 0 && valid !== 1) {
    const found = valid === 0 ? 'none valid' : `${valid} valid alternatives`;
    causes.push(problem(`validate one and only one schema (oneOf). Found ${found}`), ...(valid === 0 ? one[0]! : []));
  }
  const all = results('allOf');
  if (all.some(isFailure)) {
    const none = all.every(isFailure) ? '. None validated' : '';
    causes.push(...all.flat(), problem(`validate all the schemas (allOf)${none}`));
  }
  const not = schemaOf(schema['not']);
  if (not && validateValue(value, not, path).length === 0) causes.push(problem('not validate the schema (not)'));
  return causes;
}

function isFailure(causes: readonly StatusCause[]): boolean {
  return causes.length > 0;
}

function fieldPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** What JSON schema calls the type of a value. */
function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
