import type { StatusCause } from '@client-ts/apimachinery/errors';

/** Causes of an invalid object, in the words of apimachinery's `field` package. */

export function required(field: string, problem = ''): StatusCause {
  const message = problem === '' ? 'Required value' : `Required value: ${problem}`;
  return { reason: 'FieldValueRequired', message, field };
}

export function invalid(field: string, value: unknown, problem: string): StatusCause {
  const shown = value === undefined ? 'null' : JSON.stringify(value);
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${shown}: ${problem}`, field };
}

export function forbidden(field: string, problem: string): StatusCause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${problem}`, field };
}

export function tooLong(field: string, maxBytes: number): StatusCause {
  return { reason: 'FieldValueTooLong', message: `Too long: may not be more than ${maxBytes} bytes`, field };
}

export function unsupported(field: string, value: unknown, supported: readonly string[]): StatusCause {
  const listed = supported.map((text) => JSON.stringify(text)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${listed}`;
  return { reason: 'FieldValueNotSupported', message, field };
}
