import { expect, it } from 'vitest';
import { JsonPathError } from './json-path-error.js';
import { relaxedJsonPath } from './relaxed-json-path.js';

it.each([
  ['', ''],
  ['a.b', '{.a.b}'],
  ['.a.b', '{.a.b}'],
  ['{a.b}', '{.a.b}'],
  ['{.a.b}', '{.a.b}'],
  ['..a', '{..a}'],
  ['.a[*].b', '{.a[*].b}'],
  ['.', '{..}'],
  [' a', '{. a}'],
])('reads %j', (expression, template) => {
  expect(relaxedJsonPath(expression)).toBe(template);
});

it.each([
  ['{a.b', 0],
  ['a.b}', 3],
  ['{a}}', 2],
  ['{{a}', 1],
  ['{.a}{.b}', 3],
  ['{}', 0],
  ['{', 0],
])('refuses %s', (expression, position) => {
  expect(() => relaxedJsonPath(expression)).toThrow(JsonPathError);
  expect(() => relaxedJsonPath(expression)).toThrow(
    `unexpected path string, at position ${position}: expected 'name1.name2'`,
  );
});
