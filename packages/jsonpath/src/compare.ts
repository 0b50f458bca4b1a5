import { FloatLiteral, goKind } from './go-value.js';
import { compareUtf8 } from './utf8-order.js';

/** Why two values cannot be compared, in the words of Go's templates, whose comparisons these are. */
export type Incomparable = 'invalid type for comparison' | 'incompatible types for comparison';

type Scalar = string | number | bigint | boolean;

const tests: Readonly<Record<string, (a: Scalar, b: Scalar) => boolean>> = {
  // Of the same kind by then; a bigint and a number are both integers, and compare by value, as `==` does.
  // oxlint-disable-next-line eqeqeq
  '==': (a, b) => a == b,
  // oxlint-disable-next-line eqeqeq
  '!=': (a, b) => a != b,
  '<': (a, b) => isLess(a, b),
  '<=': (a, b) => !isLess(b, a),
  '>': (a, b) => isLess(b, a),
  '>=': (a, b) => !isLess(a, b),
};

export function isOperator(operator: string): boolean {
  return Object.hasOwn(tests, operator);
}

/** Compares by an operator that exists. */
export function compare(left: unknown, operator: string, right: unknown): boolean | Incomparable {
  const [a, b] = [goKind(left), goKind(right)];
  if (a === undefined || b === undefined) return 'invalid type for comparison';
  if (a !== b) return 'incompatible types for comparison';
  if (a === 'bool' && operator !== '==' && operator !== '!=') return 'invalid type for comparison';
  return tests[operator]?.(scalar(left), scalar(right)) ?? 'invalid type for comparison';
}

function scalar(value: unknown): Scalar {
  return (value instanceof FloatLiteral ? value.value : value) as Scalar;
}

function isLess(a: Scalar, b: Scalar): boolean {
  return typeof a === 'string' && typeof b === 'string' ? compareUtf8(a, b) < 0 : a < b;
}
