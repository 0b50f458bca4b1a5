import { expect, test } from 'vitest';
import { surrogateProblem } from './surrogate-escapes.js';

const problem = 'found invalid Unicode character escape code';

test.each([
  [String.raw`{"a":"\ud800"}`, `yaml: ${problem}`],
  [String.raw`{"\uDFFF":1}`, `yaml: ${problem}`],
  [String.raw`{"a":"\\\ud83d\ude00"}`, `yaml: ${problem}`],
  ['{"a":1,\n"b":"\\ud800"}', `yaml: line 2: ${problem}`],
  ['a: "\\U0000D800"', `yaml: ${problem}`],
  ['a: 1\nb: "x\\ud800"', `yaml: line 2: ${problem}`],
])('%j is refused', (text, expected) => {
  expect(surrogateProblem(text)).toBe(expected);
});

test.each([
  String.raw`{"a":"\\ud800"}`,
  String.raw`{"a":"\ud7ff \ue000"}`,
  '{"a":"🚀"}',
  String.raw`a: '\ud800'`,
  String.raw`a: \ud800`,
  String.raw`a: 1 # "\ud800"`,
])('%j is not', (text) => {
  expect(surrogateProblem(text)).toBeUndefined();
});

test('many backslashes take no quadratic time', () => {
  const many = '\\'.repeat(1_000_000);
  expect(surrogateProblem(`{"a":"${many}ud800"}`)).toBeUndefined();
  expect(surrogateProblem(`{"a":"${many}\\ud800"}`)).toBe(`yaml: ${problem}`);
});
