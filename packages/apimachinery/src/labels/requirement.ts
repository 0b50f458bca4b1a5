import { isQualifiedName, isValidLabelValue } from '../validation.js';

export type Operator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt';

/** One term of a label selector. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** The labels of an object, or none. */
export type LabelSet = Readonly<Record<string, string>> | undefined;

const IntegerPattern = /^[+-]?[0-9]+$/;

/**
 * Makes a requirement that is valid.
 *
 * @throws RangeError that names the key or value and the rule it breaks.
 */
export function newRequirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  for (const problem of isQualifiedName(key)) {
    throw new RangeError(`key: Invalid value: ${JSON.stringify(key)}: ${problem}`);
  }
  const given = JSON.stringify(values);
  switch (operator) {
    case 'in':
    case 'notin':
      if (values.length === 0) {
        throw new RangeError(`values: Invalid value: ${given}: for 'in', 'notin' operators, values set can't be empty`);
      }
      break;
    case '=':
    case '==':
    case '!=':
      if (values.length !== 1) {
        throw new RangeError(`values: Invalid value: ${given}: exact-match compatibility requires one single value`);
      }
      break;
    case 'exists':
    case '!':
      if (values.length !== 0) {
        throw new RangeError(`values: Invalid value: ${given}: values set must be empty for exists and does not exist`);
      }
      break;
    case 'gt':
    case 'lt':
      if (values.length !== 1 || !IntegerPattern.test(values[0] ?? '')) {
        throw new RangeError(`values: Invalid value: ${given}: for 'Gt', 'Lt' operators, the value must be an integer`);
      }
      break;
  }
  for (const value of values) {
    for (const problem of isValidLabelValue(value)) {
      throw new RangeError(
        `values[${values.indexOf(value)}][${key}]: Invalid value: ${JSON.stringify(value)}: ${problem}`,
      );
    }
  }
  return { key, operator, values };
}

/** Whether labels meet one requirement. `!=` and `notin` are met by labels that lack the key. */
export function meets({ key, operator, values }: Requirement, labels: LabelSet): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      return value !== undefined && values.includes(value);
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
    case 'lt': {
      if (value === undefined || !IntegerPattern.test(value)) return false;
      const difference = BigInt(value) - BigInt(values[0] ?? '0');
      return operator === 'gt' ? difference > 0n : difference < 0n;
    }
  }
}

/** The requirement as a selector spells it. */
export function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.toSorted().join(',')})`;
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'gt':
      return `${key}>${values[0]}`;
    case 'lt':
      return `${key}<${values[0]}`;
    case '=':
    case '==':
    case '!=':
      return `${key}${operator}${values[0]}`;
  }
}
