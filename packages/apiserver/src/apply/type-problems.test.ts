import { expect, test } from 'vitest';
import { sample } from './shapes.test.kit.js';
import { formatProblems, typeProblems } from './type-problems.js';

test.each<[object]>([
  [{}],
  [{ text: 'a', number: 1.5, flag: false, amount: '1Gi', any: [{}], raw: { a: 1 } }],
  [{ amount: 1, struct: { inner: {} }, map: { any: 'x' }, atomic: { x: '1' }, list: [{ x: '1' }] }],
  [{ text: null, map: null, set: null, keyed: null, list: [null], amount: null }],
  [{ set: ['a', 'b'], keyed: [{ name: 'a' }, { name: 'b', set: ['x'] }] }],
])('%j fits', (value) => {
  expect(typeProblems(sample, value)).toEqual([]);
});

test.each<[object, string]>([
  [{ text: 5 }, '.text: expected string, got &value.valueUnstructured{Value:5}'],
  [
    { text: { a: [true] } },
    '.text: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"a":[]interface {}{true}}}',
  ],
  [{ number: '1' }, '.number: expected numeric (int or float), got string'],
  [{ number: [] }, '.number: expected numeric (int or float), got []interface {}'],
  [{ number: true }, '.number: expected numeric (int or float), got bool'],
  [{ flag: 'x' }, '.flag: expected boolean, got &{x}'],
  [{ amount: { b: [1, 'x', null], a: true } }, '.amount: expected any scalar, got &{map[a:true b:[1 x <nil>]]}'],
  [{ map: 'x' }, '.map: expected map, got &{x}'],
  [{ map: { a: 1 } }, '.map.a: expected string, got &value.valueUnstructured{Value:1}'],
  [{ set: {} }, '.set: expected list, got &{map[]}'],
  [{ other: 1 }, '.other: field not declared in schema'],
  [{ struct: { inner: { other: 1 } } }, '.struct.inner.other: field not declared in schema'],
  [{ atomic: { other: 1 } }, '.atomic.other: field not declared in schema'],
  [{ list: [{ x: 'a' }, { x: 1 }] }, '.list[1].x: expected string, got &value.valueUnstructured{Value:1}'],
  [{ set: ['a', 'a'] }, '.set: duplicate entries for key [="a"]'],
  [{ set: [{}] }, ".set: element 0: associative list without keys has an element that's a map type"],
  [{ set: ['a', null] }, ".set: element 1: associative list without keys has an element that's an explicit null"],
  [{ set: [['a']] }, '.set: element 0: not supported: associative list with lists as elements'],
  [{ keyed: [{ name: 'a' }, { name: 'a' }] }, '.keyed: duplicate entries for key [name="a"]'],
  [{ keyed: ['a'] }, '.keyed: element 0: associative list with keys may not have non-map elements'],
  [{ keyed: [null] }, '.keyed: element 0: associative list with keys may not have a null element'],
  [
    { keyed: [{ x: 'a' }] },
    `.keyed: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn't have default values for any key fields)`,
  ],
  [{ keyed: [{ name: 'a', x: 1 }] }, '.keyed[name="a"].x: expected string, got &value.valueUnstructured{Value:1}'],
])('%j', (value, problem) => {
  expect(formatProblems(typeProblems(sample, value))).toBe(problem);
});

test('several problems', () => {
  expect(formatProblems(typeProblems(sample, { flag: 1, number: 'x', other: 1, more: 1 }))).toBe(
    'errors:\n  .flag: expected boolean, got &{1}\n  .number: expected numeric (int or float), got string\n  .other: field not declared in schema',
  );
});
