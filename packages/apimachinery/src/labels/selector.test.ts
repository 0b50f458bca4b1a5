import { expect, test } from 'vitest';
import { parseSelector } from './parse-selector.js';
import type { LabelSet } from './requirement.js';
import { everything, type LabelSelector, newSelector, nothing, selectorFromLabelSelector } from './selector.js';

test.each<[string, LabelSet, boolean]>([
  ['', { x: 'y' }, true],
  ['', undefined, true],
  ['x=y', { x: 'y' }, true],
  ['x==y', { x: 'y' }, true],
  ['x=y,z=w', { x: 'y', z: 'w' }, true],
  ['x=y,z=w', { x: 'y', z: 'z' }, false],
  ['x=y', { x: 'z' }, false],
  ['x=y', {}, false],
  ['x=y', undefined, false],
  ['x=', { x: '' }, true],
  ['x=', {}, false],
  ['x!=y', {}, true],
  ['x!=y', { x: 'z' }, true],
  ['x!=y', { x: 'y' }, false],
  ['x!=', { x: '' }, false],
  ['x!=a,z=w', { x: 'z', z: 'w' }, true],
  ['x', { x: '' }, true],
  ['x', {}, false],
  ['!x', {}, true],
  ['!x', { x: '' }, false],
  ['x in (a,b)', { x: 'b' }, true],
  ['x in (a,b)', {}, false],
  ['x in ()', { x: '' }, true],
  ['x notin (a,b)', { x: 'c' }, true],
  ['x notin (a,b)', { x: 'a' }, false],
  ['x notin (a,b)', {}, true],
  ['x>1', { x: '2' }, true],
  ['x>1', { x: '1' }, false],
  ['x>1', {}, false],
  ['x>1', { x: 'two' }, false],
  ['x>1', { x: '010' }, true],
  ['x<7', { x: '-9223372036854775808' }, true],
  ['x<7', { x: '6' }, true],
  ['x<7', { x: '7' }, false],
  ['x>9223372036854775806', { x: '9223372036854775807' }, true],
  ['x>1', { x: '9223372036854775808' }, false],
])('%j and the labels %j: %s', (text, labels, expected) => {
  expect(parseSelector(text).matches(labels)).toBe(expected);
});

test.each(['constructor', 'toString', 'hasOwnProperty'])('labels do not inherit %s', (key) => {
  expect(parseSelector(key).matches({})).toBe(false);
  expect(parseSelector(`!${key}`).matches({})).toBe(true);
});

test('a label named __proto__ is one like any other', () => {
  const key = newSelector([{ key: '__proto__', operator: '=', values: ['a'] }]);
  expect(key.matches(JSON.parse('{"__proto__":"a"}') as LabelSet)).toBe(true);
  expect(key.matches({})).toBe(false);
});

test('everything matches whatever there is, nothing matches none of it', () => {
  expect([everything().matches({ a: 'b' }), everything().matches(undefined)]).toEqual([true, true]);
  expect([nothing().matches({ a: 'b' }), nothing().matches(undefined)]).toEqual([false, false]);
});

test.each<[LabelSelector | undefined, string, LabelSet, boolean]>([
  [undefined, '', {}, false],
  [{}, '', {}, true],
  [{ matchLabels: {} }, '', { a: 'b' }, true],
  [{ matchLabels: { foo: 'bar' } }, 'foo=bar', { foo: 'bar' }, true],
  [{ matchLabels: { foo: 'bar' } }, 'foo=bar', {}, false],
  [{ matchExpressions: [{ key: 'b', operator: 'In', values: ['q', 'n'] }] }, 'b in (n,q)', { b: 'n' }, true],
  [{ matchExpressions: [{ key: 'b', operator: 'NotIn', values: ['q'] }] }, 'b notin (q)', {}, true],
  [
    { matchLabels: { foo: 'bar' }, matchExpressions: [{ key: 'baz', operator: 'Exists' }] },
    'baz,foo=bar',
    { foo: 'bar', baz: '' },
    true,
  ],
  [{ matchExpressions: [{ key: 'baz', operator: 'DoesNotExist', values: [] }] }, '!baz', { baz: '' }, false],
])('the selector %j of a spec is %j; %j matches: %s', (selector, text, labels, expected) => {
  expect(selectorFromLabelSelector(selector).toString()).toBe(text);
  expect(selectorFromLabelSelector(selector).matches(labels)).toBe(expected);
});

test.each<[LabelSelector, string]>([
  [{ matchExpressions: [{ key: 'a', operator: 'in', values: ['b'] }] }, '"in" is not a valid label selector operator'],
  [{ matchExpressions: [{ key: 'a', operator: 'toString' }] }, '"toString" is not a valid label selector operator'],
  [
    { matchExpressions: [{ key: 'a', operator: 'In' }] },
    "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
  ],
  [
    { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] },
    'values: Invalid value: ["b"]: values set must be empty for exists and does not exist',
  ],
])('the selector %j of a spec is refused', (selector, message) => {
  expect(() => selectorFromLabelSelector(selector)).toThrow(new RangeError(message));
});
