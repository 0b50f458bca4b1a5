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

/**
 * Makes a requirement that is valid.
 *
 * @throws RangeError that names all that is wrong: the key or value, and the rule it breaks.
 */
export function newRequirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  const problems = [...problemsOf(key, operator, values)];
  if (problems.length > 0) throw new RangeError(problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`);
  return { key, operator, values };
}

function* problemsOf(key: string, operator: Operator, values: readonly string[]): Generator<string> {
  const keyProblems = isQualifiedName(key);
  if (keyProblems.length > 0) yield `key: Invalid value: ${JSON.stringify(key)}: ${keyProblems.join('; ')}`;
  const wrongCount = wrongNumberOfValues(operator, values.length);
  if (wrongCount !== undefined) yield `values: Invalid value: ${JSON.stringify(values)}: ${wrongCount}`;
  for (const [index, value] of values.entries()) {
    const given = `Invalid value: ${JSON.stringify(value)}`;
    if ((operator === 'gt' || operator === 'lt') && toInt64(value) === undefined) {
      yield `values[${index}]: ${given}: for 'Gt', 'Lt' operators, the value must be an integer`;
    }
    const problems = isValidLabelValue(value);
    if (problems.length > 0) yield `values[${index}][${key}]: ${given}: ${problems.join('; ')}`;
  }
}

function wrongNumberOfValues(operator: Operator, count: number): string | undefined {
  switch (operator) {
    case 'in':
    case 'notin':
      return count === 0 ? "for 'in', 'notin' operators, values set can't be empty" : undefined;
    case '=':
    case '==':
    case '!=':
      return count === 1 ? undefined : 'exact-match compatibility requires one single value';
    case 'exists':
    case '!':
      return count === 0 ? undefined : 'values set must be empty for exists and does not exist';
    case 'gt':
    case 'lt':
      return count === 1 ? undefined : "for 'Gt', 'Lt' operators, exactly one value is required";
  }
}

/** The number, if it is one that fits into 64 bits: larger ones are not compared, as on the server. */
function toInt64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const number = BigInt(text);
  return BigInt.asIntN(64, number) === number ? number : undefined;
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
      const number = toInt64(value ?? '');
      const limit = toInt64(values[0] ?? '');
      if (number === undefined || limit === undefined) return false;
      return operator === 'gt' ? number > limit : number < limit;
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
