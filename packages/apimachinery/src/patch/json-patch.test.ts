import { expect, test } from 'vitest';
import type { JsonPatchOp } from '../options.js';
import { applyJsonPatch, MaxJsonPatchOps } from './json-patch.js';
import { PatchError } from './patch-error.js';

/** An operation as somebody may have written it. */
const op = (fields: object): JsonPatchOp => fields as JsonPatchOp;

test.each<[string, unknown, JsonPatchOp[], unknown]>([
  ['add a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
  ['add over a field', { a: 1 }, [{ op: 'add', path: '/a', value: null }], { a: null }],
  ['add into a list', { l: [1, 3] }, [{ op: 'add', path: '/l/1', value: 2 }], { l: [1, 2, 3] }],
  ['add at the end by index', { l: [1] }, [{ op: 'add', path: '/l/1', value: 2 }], { l: [1, 2] }],
  ['add at the end by -', { l: [1] }, [{ op: 'add', path: '/l/-', value: [2] }], { l: [1, [2]] }],
  ['add a field named -', { o: {} }, [{ op: 'add', path: '/o/-', value: 1 }], { o: { '-': 1 } }],
  ['add the whole document', { a: 1 }, [{ op: 'add', path: '', value: [] }], []],
  ['remove a field', { a: 1, b: 2 }, [{ op: 'remove', path: '/b' }], { a: 1 }],
  ['remove from a list', { l: [1, 2, 3] }, [{ op: 'remove', path: '/l/1' }], { l: [1, 3] }],
  ['replace a field', { a: { b: 1 } }, [{ op: 'replace', path: '/a/b', value: 2 }], { a: { b: 2 } }],
  ['replace in a list', [1, 2], [{ op: 'replace', path: '/1', value: 3 }], [1, 3]],
  ['replace the whole document', { a: 1 }, [{ op: 'replace', path: '', value: 'x' }], 'x'],
  ['move a field', { a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
  ['move within a list', { l: [1, 2, 3] }, [{ op: 'move', from: '/l/0', path: '/l/2' }], { l: [2, 3, 1] }],
  ['move up', { a: { b: { c: 1 } } }, [{ op: 'move', from: '/a/b', path: '/a' }], { a: { c: 1 } }],
  ['move to the root', { a: { b: 1 } }, [{ op: 'move', from: '/a', path: '' }], { b: 1 }],
  ['move to where it is', { a: 1 }, [{ op: 'move', from: '/a', path: '/a' }], { a: 1 }],
  ['move to a place that only begins alike', { a: 1 }, [{ op: 'move', from: '/a', path: '/ab' }], { ab: 1 }],
  ['copy a field', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
  ['copy within a list', [1, 2], [{ op: 'copy', from: '/0', path: '/-' }], [1, 2, 1]],
  ['copy into itself', { a: {} }, [{ op: 'copy', from: '/a', path: '/a/b' }], { a: { b: {} } }],
  [
    'test whatever the order of fields',
    { a: { x: 1, y: [2] } },
    [{ op: 'test', path: '/a', value: { y: [2], x: 1 } }],
    { a: { x: 1, y: [2] } },
  ],
  ['test for null', { a: null }, [{ op: 'test', path: '/a', value: null }], { a: null }],
  ['test the whole document', [1], [{ op: 'test', path: '', value: [1] }], [1]],
  [
    'escaped keys',
    { 'a/b': 1, 'm~n': 2 },
    [
      { op: 'replace', path: '/a~1b', value: 3 },
      { op: 'remove', path: '/m~0n' },
    ],
    { 'a/b': 3 },
  ],
  ['~01 is ~1', { '~1': 1 }, [{ op: 'remove', path: '/~01' }], {}],
  ['an empty key', { '': { '': 1 } }, [{ op: 'replace', path: '//', value: 2 }], { '': { '': 2 } }],
  ['fields that nobody asked for', { a: 1 }, [op({ op: 'remove', path: '/a', value: 1, extra: 2 })], {}],
  [
    'one after the other',
    {},
    [
      { op: 'add', path: '/a', value: {} },
      { op: 'add', path: '/a/b', value: 1 },
      { op: 'move', from: '/a', path: '/c' },
    ],
    { c: { b: 1 } },
  ],
  ['no operations', { a: 1 }, [], { a: 1 }],
])('%s', (_, document, ops, expected) => {
  const before = structuredClone([document, ops]);
  expect(applyJsonPatch(document, ops)).toEqual(expected);
  expect([document, ops]).toEqual(before);
});

test.each<[object, string]>([
  [{ op: 'add', path: '/x/y', value: 1 }, 'operation 0 (add /x/y): there is no field "x"'],
  [{ op: 'add', path: '/a/b', value: 1 }, 'operation 0 (add /a/b): 1 has no fields'],
  [{ op: 'add', path: '/l/3', value: 1 }, 'operation 0 (add /l/3): "3" is no index of a list of 2'],
  [{ op: 'add', path: '/l/01', value: 1 }, 'operation 0 (add /l/01): "01" is no index of a list of 2'],
  [{ op: 'add', path: '/l/-1', value: 1 }, 'operation 0 (add /l/-1): "-1" is no index of a list of 2'],
  [{ op: 'add', path: '/l/1e0', value: 1 }, 'operation 0 (add /l/1e0): "1e0" is no index of a list of 2'],
  [{ op: 'add', path: '/l/length', value: 1 }, 'operation 0 (add /l/length): "length" is no index of a list of 2'],
  [{ op: 'add', path: '/b' }, 'operation 0 (add /b): it has no value'],
  [{ op: 'remove', path: '/x' }, 'operation 0 (remove /x): there is no field "x"'],
  [{ op: 'remove', path: '/l/-' }, 'operation 0 (remove /l/-): "-" is no index of a list of 2'],
  [{ op: 'remove', path: '' }, 'operation 0 (remove ): the whole document cannot be removed'],
  [{ op: 'remove', path: '/toString' }, 'operation 0 (remove /toString): there is no field "toString"'],
  [{ op: 'replace', path: '/x', value: 1 }, 'operation 0 (replace /x): there is no field "x"'],
  [{ op: 'replace', path: '/l/2', value: 1 }, 'operation 0 (replace /l/2): "2" is no index of a list of 2'],
  [{ op: 'test', path: '/a', value: '1' }, 'operation 0 (test /a): the value is another one'],
  [{ op: 'test', path: '/x', value: null }, 'operation 0 (test /x): there is no field "x"'],
  [{ op: 'test', path: '/x' }, 'operation 0 (test /x): there is no field "x"'],
  [{ op: 'test', path: '/a' }, 'operation 0 (test /a): it has no value'],
  [{ op: 'move', from: '/x', path: '/b' }, 'operation 0 (move /x to /b): there is no field "x"'],
  [{ op: 'move', from: '/l', path: '/l/0' }, 'operation 0 (move /l to /l/0): a value cannot be moved into itself'],
  [{ op: 'move', from: '', path: '/l' }, 'operation 0 (move  to /l): a value cannot be moved into itself'],
  [{ op: 'copy', from: '/x', path: '/b' }, 'operation 0 (copy /x to /b): there is no field "x"'],
  [
    { op: 'copy', path: '/b' },
    'operation 0 (copy /b): undefined is no JSON pointer: expected /key/key, with ~ in keys as ~0 and / as ~1',
  ],
  [
    { op: 'add', path: 'b', value: 1 },
    'operation 0 (add b): "b" is no JSON pointer: expected /key/key, with ~ in keys as ~0 and / as ~1',
  ],
  [
    { op: 'add', path: '/~2', value: 1 },
    'operation 0 (add /~2): "/~2" is no JSON pointer: expected /key/key, with ~ in keys as ~0 and / as ~1',
  ],
  [
    { op: 'add', path: 5, value: 1 },
    'operation 0 (add 5): 5 is no JSON pointer: expected /key/key, with ~ in keys as ~0 and / as ~1',
  ],
  [
    { op: 'Add', path: '/b', value: 1 },
    'operation 0 (Add /b): expected op to be add, remove, replace, move, copy or test',
  ],
  [{ path: '/b' }, 'operation 0 (undefined /b): expected op to be add, remove, replace, move, copy or test'],
])('%j is refused', (fields, message) => {
  const document = { a: 1, l: [1, 2] };
  expect(() => applyJsonPatch(document, [op(fields)])).toThrow(new PatchError(message));
  expect(document).toEqual({ a: 1, l: [1, 2] });
});

test.each<[unknown, string]>([
  [{ op: 'add' }, 'a JSON patch must be an array of operations'],
  ['[]', 'a JSON patch must be an array of operations'],
  [[{ op: 'test', path: '', value: {} }, null], 'operation 1 of the JSON patch is not an object'],
  [
    Array.from({ length: MaxJsonPatchOps + 1 }, () => ({})),
    'a JSON patch may have at most 10000 operations, this one has 10001',
  ],
])('%.40j is no JSON patch', (ops, message) => {
  expect(() => applyJsonPatch({}, ops as JsonPatchOp[])).toThrow(new PatchError(message));
});

test('when an operation fails, none has happened', () => {
  const document = { a: { b: 1 } };
  const ops: JsonPatchOp[] = [
    { op: 'replace', path: '/a/b', value: 2 },
    { op: 'remove', path: '/a/c' },
  ];
  expect(() => applyJsonPatch(document, ops)).toThrow('operation 1 (remove /a/c)');
  expect(document).toEqual({ a: { b: 1 } });
});

test.each(['__proto__', 'constructor', 'prototype'])('%s is a key like any other', (key) => {
  const patched = applyJsonPatch({}, [
    { op: 'add', path: `/${key}`, value: { polluted: true } },
    { op: 'add', path: `/${key}/more`, value: true },
    { op: 'copy', from: `/${key}`, path: '/copy' },
  ]);
  expect(JSON.stringify(patched)).toBe(`{"${key}":{"polluted":true,"more":true},"copy":{"polluted":true,"more":true}}`);
  expect({}).not.toHaveProperty('polluted');
  expect(() => applyJsonPatch({}, [{ op: 'add', path: `/${key}/polluted`, value: true }])).toThrow(PatchError);
  expect(JSON.stringify(applyJsonPatch(patched, [{ op: 'remove', path: `/${key}` }]))).toBe(
    '{"copy":{"polluted":true,"more":true}}',
  );
});

test('copies cannot multiply a document without end', () => {
  const ops = Array.from({ length: 40 }, (): JsonPatchOp => ({ op: 'copy', from: '', path: '/x' }));
  const doubling = ops.map((_, index): JsonPatchOp => ({ op: 'copy', from: '', path: `/${index}` }));
  expect(applyJsonPatch({}, ops)).toHaveProperty('x');
  expect(() => applyJsonPatch({}, doubling)).toThrow(/the patch copies more than 3145728 characters/);
});

test('a patch that is nested too deep is refused, a long way is not', () => {
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(() => applyJsonPatch({}, [{ op: 'add', path: '/a', value: deep }])).toThrow(PatchError);
  expect(() => applyJsonPatch({}, [{ op: 'remove', path: '/a'.repeat(300_000) }])).toThrow('there is no field "a"');
  expect(applyJsonPatch(deep, [{ op: 'remove', path: '/0'.repeat(99_999) }])).toHaveLength(1);
});
