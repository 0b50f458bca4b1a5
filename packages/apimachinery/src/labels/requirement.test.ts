import { expect, test } from 'vitest';
import { newRequirement, type Operator } from './requirement.js';

test.each<[Operator, string[], string | undefined]>([
  ['in', [], "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"],
  ['notin', [], "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"],
  ['in', ['a', ''], undefined],
  ['=', [], 'values: Invalid value: []: exact-match compatibility requires one single value'],
  ['==', ['a', 'b'], 'values: Invalid value: ["a","b"]: exact-match compatibility requires one single value'],
  ['!=', ['a'], undefined],
  ['exists', ['a'], 'values: Invalid value: ["a"]: values set must be empty for exists and does not exist'],
  ['!', [''], 'values: Invalid value: [""]: values set must be empty for exists and does not exist'],
  ['exists', [], undefined],
  ['gt', [], "values: Invalid value: []: for 'Gt', 'Lt' operators, exactly one value is required"],
  ['gt', ['1.5'], `values[0]: Invalid value: "1.5": for 'Gt', 'Lt' operators, the value must be an integer`],
  ['lt', ['007'], undefined],
  ['lt', ['9223372036854775807'], undefined],
  [
    'lt',
    ['9223372036854775808'],
    `values[0]: Invalid value: "9223372036854775808": for 'Gt', 'Lt' operators, the value must be an integer`,
  ],
])('%s of %j: %s', (operator, values, message) => {
  const make = (): unknown => newRequirement('x', operator, values);
  if (message === undefined) expect(make()).toEqual({ key: 'x', operator, values });
  else expect(make).toThrow(new RangeError(message));
});

test('all that is wrong is named', () => {
  expect(() => newRequirement('', 'gt', ['-'])).toThrow(
    /^\[key: Invalid value: "": name part must be non-empty; name part must .*, values\[0\]: .* an integer, values\[0\]\[\]: .*\]$/,
  );
});
