import type { StatusCause } from '@client-ts/apimachinery/errors';

/** Causes of an invalid object, in the words of apimachinery's `field` package. */

export function required(field: string, detail = ''): StatusCause {
  return cause('FieldValueRequired', field, `Required value${detail === '' ? '' : `: ${detail}`}`);
}

export function invalid(field: string, value: unknown, detail: string): StatusCause {
  return cause('FieldValueInvalid', field, `Invalid value: ${shown(value)}: ${detail}`);
}

/** @param typeName - what the value is, in the words of JSON schema. */
export function wrongType(field: string, typeName: string, detail: string): StatusCause {
  return cause('FieldValueTypeInvalid', field, `Invalid value: ${JSON.stringify(typeName)}: ${detail}`);
}

export function unsupported(field: string, value: unknown, supported: readonly unknown[]): StatusCause {
  const choices = supported.map(shown).join(', ');
  return cause('FieldValueNotSupported', field, `Unsupported value: ${shown(value)}: supported values: ${choices}`);
}

export function forbidden(field: string, detail: string): StatusCause {
  return cause('FieldValueForbidden', field, `Forbidden: ${detail}`);
}

export function duplicate(field: string, value: unknown): StatusCause {
  return cause('FieldValueDuplicate', field, `Duplicate value: ${shown(value)}`);
}

export function notFound(field: string, value: unknown): StatusCause {
  return cause('FieldValueNotFound', field, `Not found: ${shown(value)}`);
}

export function tooLong(field: string, limit: number): StatusCause {
  return cause('FieldValueTooLong', field, `Too long: may not be more than ${limit} bytes`);
}

export function tooMany(field: string, actual: number, limit: number): StatusCause {
  return cause(
    'FieldValueTooMany',
    field,
    `Too many: ${actual}: must have at most ${limit} item${limit === 1 ? '' : 's'}`,
  );
}

/** What each of the problems says of a value. */
export function invalidFor(field: string, value: unknown, problems: readonly string[]): StatusCause[] {
  return problems.map((problem) => invalid(field, value, problem));
}

function cause(reason: string, field: string, message: string): StatusCause {
  return { reason, message, field };
}

function shown(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}
