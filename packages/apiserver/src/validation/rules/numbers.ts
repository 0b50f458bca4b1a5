import type { StatusCause } from '@client-ts/apimachinery/errors';
import { invalid } from '../../rules/causes.js';
import type { Fields } from '../json-fields.js';

/** Fields that may not be below zero. */
export function nonNegative(fields: Fields, path: string, ...names: readonly string[]): StatusCause[] {
  return names.flatMap((name) => {
    const value = fields[name];
    return typeof value === 'number' && value < 0
      ? [invalid(`${path}.${name}`, value, 'must be greater than or equal to 0')]
      : [];
  });
}

/** A port, or the name of one. */
export function portProblems(field: string, value: unknown): StatusCause[] {
  if (typeof value === 'string') return portNameProblems(field, value);
  const port = Number(value ?? 0);
  return port >= 1 && port <= 65_535 ? [] : [invalid(field, port, 'must be between 1 and 65535, inclusive')];
}

/** An IANA service name: what ports of containers may be called. */
export function portNameProblems(field: string, name: string): StatusCause[] {
  const problems: string[] = [];
  if (name.length > 15) problems.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) {
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
    return problems.map((problem) => invalid(field, name, problem));
  }
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)');
  if (name.includes('--')) problems.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems.map((problem) => invalid(field, name, problem));
}

/** A number, or a share such as `25%`. */
export function amountProblems(field: string, value: unknown): StatusCause[] {
  if (typeof value === 'number') return value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : [];
  if (typeof value !== 'string') return [];
  const percent = /^([0-9]+)%$/.exec(value);
  if (!percent) {
    return [
      invalid(
        field,
        value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
      ),
    ];
  }
  return [];
}

export function atMostWhole(field: string, value: unknown): StatusCause[] {
  const percent = /^([0-9]+)%$/.exec(String(value));
  return percent && Number(percent[1]) > 100 ? [invalid(field, value, 'must not be greater than 100%')] : [];
}

/** Whether nothing is left of a number or a share. */
export function isNothing(value: unknown): boolean {
  return value === 0 || (typeof value === 'string' && /^0+%$/.test(value));
}
