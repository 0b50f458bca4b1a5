import { expect, test } from 'vitest';
import { applyMergePatch } from './merge-patch.js';
import { PatchError } from './patch-error.js';

test.each<[unknown, unknown, unknown]>([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  [{ a: 1 }, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
  [{}, { a: [null, { b: null }] }, { a: [null, { b: null }] }],
  [{ a: 1 }, {}, { a: 1 }],
])('%j patched with %j is %j', (document, patch, expected) => {
  const before = structuredClone([document, patch]);
  expect(applyMergePatch(document, patch)).toEqual(expected);
  expect([document, patch]).toEqual(before);
});

test.each(['__proto__', 'constructor'])('%s is a field like any other', (key) => {
  const patch: unknown = JSON.parse(`{"${key}":{"polluted":true}}`);
  const patched = applyMergePatch({}, patch);
  expect(JSON.stringify(patched)).toBe(`{"${key}":{"polluted":true}}`);
  expect({}).not.toHaveProperty('polluted');
  expect(JSON.stringify(applyMergePatch(patched, JSON.parse(`{"${key}":null}`)))).toBe('{}');
});

test('a patch that is nested too deep is refused', () => {
  const patch: unknown = JSON.parse('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000));
  expect(() => applyMergePatch({}, patch)).toThrow(
    new PatchError('a patch may be nested 1000 levels deep at the most'),
  );
});
