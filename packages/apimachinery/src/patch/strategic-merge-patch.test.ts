import { expect, test } from 'vitest';
import { PatchError } from './patch-error.js';
import type { FieldPatchSchema, PatchSchema } from './patch-schema.js';
import { applyStrategicMergePatch } from './strategic-merge-patch.js';

function schemaOf(fields: Record<string, FieldPatchSchema>): PatchSchema {
  return { field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined) };
}

/** `merged` and `inner` are merged by name, `scalars` as a set; `atomic` is replaced, and so is the object `whole`. */
const inner: FieldPatchSchema = {
  strategies: ['merge'],
  mergeKey: 'name',
  value: schemaOf({ scalars: { strategies: ['merge'] } }),
};
const schema = schemaOf({
  merged: { strategies: ['merge', 'retainKeys'], mergeKey: 'name', value: schemaOf({ inner }) },
  ports: { strategies: ['merge'], mergeKey: 'port' },
  scalars: { strategies: ['merge'] },
  atomic: { strategies: [] },
  whole: { strategies: ['replace'] },
  object: { strategies: ['retainKeys'], value: schemaOf({ scalars: { strategies: ['merge'] } }) },
});
const items = (...names: string[]): { name: string }[] => names.map((name) => ({ name }));

test.each<[string, object, object, object]>([
  // Objects
  ['a field is set', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ['null deletes', { a: 1, b: 2 }, { a: null, c: null }, { b: 2 }],
  ['objects are merged', { object: { a: 1 } }, { object: { b: 2 } }, { object: { a: 1, b: 2 } }],
  [
    'objects are merged below what no schema knows',
    { x: { y: { a: 1 } } },
    { x: { y: { b: 2 } } },
    { x: { y: { a: 1, b: 2 } } },
  ],
  [
    'a value of another type replaces',
    { a: { b: 1 }, c: 1 },
    { a: [1], c: { d: null, e: 1 } },
    { a: [1], c: { e: 1 } },
  ],
  ['null on the server is overwritten', { a: null }, { a: { b: 1 } }, { a: { b: 1 } }],
  ['nulls do not get into what is new', {}, { a: { b: null, c: [{ d: null }] } }, { a: { c: [{}] } }],
  ['an object may be replaced by its schema', { whole: { a: 1 } }, { whole: { b: 2 } }, { whole: { b: 2 } }],
  [
    '$patch: replace makes the object the patch',
    { object: { a: 1 } },
    { object: { b: 2, $patch: 'replace' } },
    { object: { b: 2 } },
  ],
  ['$patch: delete empties the object', { object: { a: 1 } }, { object: { b: 2, $patch: 'delete' } }, { object: {} }],
  ['$patch: replace at the top', { a: 1 }, { b: 2, c: null, $patch: 'replace' }, { b: 2 }],
  ['$patch: delete at the top', { a: 1 }, { $patch: 'delete' }, {}],
  [
    'an object with $patch is not made',
    { a: 1 },
    { object: { b: 1, $patch: 'replace' }, x: { $patch: 'delete' } },
    { a: 1 },
  ],
  [
    '$retainKeys clears the others',
    { object: { a: 1, b: 2 } },
    { object: { c: 3, $retainKeys: ['b', 'c'] } },
    { object: { b: 2, c: 3 } },
  ],
  ['$retainKeys without more', { object: { a: 1, b: 2 } }, { object: { $retainKeys: ['a'] } }, { object: { a: 1 } }],
  [
    '$retainKeys and a null',
    { object: { a: 1, b: 2 } },
    { object: { b: null, $retainKeys: ['a'] } },
    { object: { a: 1 } },
  ],

  // Lists that are replaced
  ['a list is replaced', { atomic: [1, 2] }, { atomic: [3] }, { atomic: [3] }],
  ['a list that no schema knows is replaced', { x: items('a') }, { x: items('b') }, { x: items('b') }],
  ['a list is emptied', { atomic: [1] }, { atomic: [] }, { atomic: [] }],
  [
    'directives in a replaced list mean nothing',
    { atomic: [{ a: 1 }] },
    { atomic: [{ b: 1, $patch: 'delete' }] },
    { atomic: [{ b: 1 }] },
  ],

  // Lists of scalars
  ['new scalars come first', { scalars: [1, 2] }, { scalars: [3] }, { scalars: [3, 1, 2] }],
  ['scalars are there once', { scalars: [1, 2, 2] }, { scalars: [2, 3, 3] }, { scalars: [1, 2, 3] }],
  ['scalars take the order of the patch', { scalars: [1, 2, 3] }, { scalars: [3, 1] }, { scalars: [2, 3, 1] }],
  [
    '$deleteFromPrimitiveList',
    { scalars: [1, 2, 3] },
    { '$deleteFromPrimitiveList/scalars': [1, 3, 4] },
    { scalars: [2] },
  ],
  ['$deleteFromPrimitiveList of nothing', {}, { '$deleteFromPrimitiveList/scalars': [1] }, {}],
  [
    '$deleteFromPrimitiveList of a replaced list',
    { atomic: ['a', 'b'] },
    { '$deleteFromPrimitiveList/atomic': ['a'] },
    { atomic: ['b'] },
  ],
  [
    'scalars are ordered',
    { scalars: [1, 2, 3] },
    { '$setElementOrder/scalars': [3, 1], scalars: [] },
    { scalars: [2, 3, 1] },
  ],
  [
    'scalars are added and ordered',
    { scalars: [1, 2] },
    { '$setElementOrder/scalars': [3, 1], scalars: [3] },
    { scalars: [3, 1, 2] },
  ],
  [
    'scalars are deleted and ordered',
    { scalars: [1, 2, 3] },
    { '$setElementOrder/scalars': [3, 1], '$deleteFromPrimitiveList/scalars': [2] },
    { scalars: [3, 1] },
  ],

  // Lists of objects
  [
    'items are merged by their key',
    {
      merged: [
        { name: 'a', x: 1 },
        { name: 'b', x: 1 },
      ],
    },
    { merged: [{ name: 'b', y: 2 }] },
    {
      merged: [
        { name: 'a', x: 1 },
        { name: 'b', x: 1, y: 2 },
      ],
    },
  ],
  [
    'new items come first',
    { merged: items('a') },
    { merged: [{ name: 'b', x: null, y: 1 }] },
    { merged: [{ name: 'b', y: 1 }, { name: 'a' }] },
  ],
  [
    'items take the order of the patch',
    { merged: items('a', 'b', 'c') },
    { merged: items('c', 'a') },
    { merged: items('b', 'c', 'a') },
  ],
  [
    'a new item stands before the old one that follows it in the patch',
    { merged: items('a', 'b') },
    { merged: items('n', 'b') },
    { merged: items('n', 'a', 'b') },
  ],
  [
    'items are deleted',
    { merged: items('a', 'b') },
    {
      merged: [
        { name: 'a', $patch: 'delete' },
        { name: 'x', $patch: 'delete' },
      ],
    },
    { merged: items('b') },
  ],
  [
    'all items with a key are deleted',
    { ports: [{ port: 1, p: 'TCP' }, { port: 2 }, { port: 1, p: 'UDP' }] },
    { ports: [{ port: 1, $patch: 'delete' }] },
    { ports: [{ port: 2 }] },
  ],
  [
    'the first item with a key is merged',
    {
      ports: [
        { port: 1, p: 'TCP' },
        { port: 1, p: 'UDP' },
      ],
    },
    { ports: [{ port: 1, x: 1 }] },
    {
      ports: [
        { port: 1, p: 'TCP', x: 1 },
        { port: 1, p: 'UDP' },
      ],
    },
  ],
  [
    'keys are compared with their type',
    { ports: [{ port: 1 }] },
    { ports: [{ port: '1' }] },
    { ports: [{ port: '1' }, { port: 1 }] },
  ],
  [
    'an item that is twice in the patch is merged twice',
    { merged: [] },
    {
      merged: [
        { name: 'a', x: 1 },
        { name: 'a', y: 2 },
      ],
    },
    { merged: [{ name: 'a', x: 1, y: 2 }] },
  ],
  [
    'a list is replaced by its patch',
    { merged: items('a', 'b') },
    { merged: [{ name: 'c' }, { $patch: 'replace' }] },
    { merged: items('c') },
  ],
  ['a list is replaced by nothing', { merged: items('a') }, { merged: [{ $patch: 'replace' }] }, { merged: [] }],
  ['nothing changes', { merged: items('a', 'b') }, { merged: [] }, { merged: items('a', 'b') }],
  [
    'lists within items are merged',
    { merged: [{ name: 'a', inner: [{ name: 'x', scalars: [1] }] }] },
    { merged: [{ name: 'a', inner: [{ name: 'x', scalars: [2] }, { name: 'y' }] }] },
    { merged: [{ name: 'a', inner: [{ name: 'x', scalars: [2, 1] }, { name: 'y' }] }] },
  ],
  [
    'an item may retain keys',
    { merged: [{ name: 'a', x: 1, y: 2 }] },
    { merged: [{ name: 'a', z: 3, $retainKeys: ['name', 'z'] }] },
    { merged: [{ name: 'a', z: 3 }] },
  ],
  [
    'a new list takes no directives',
    {},
    { merged: [{ name: 'a' }, { name: 'b', $patch: 'delete' }, { $patch: 'replace' }] },
    { merged: items('a') },
  ],
  [
    'a new list takes no order',
    {},
    { object: { merged: items('b', 'a'), '$setElementOrder/merged': items('b', 'a') } },
    { object: { merged: items('b', 'a') } },
  ],

  // $setElementOrder of objects
  [
    'items are ordered',
    { merged: items('a', 'b', 'c') },
    { '$setElementOrder/merged': items('c', 'b', 'a') },
    { merged: items('c', 'b', 'a') },
  ],
  [
    'an item that the order does not name stays before its follower',
    { merged: items('s', 'a', 't', 'b', 'u') },
    { '$setElementOrder/merged': items('a', 'n', 'b'), merged: items('n') },
    { merged: items('s', 'a', 'n', 't', 'b', 'u') },
  ],
  [
    'the order of the patch wins over the order on the server',
    { merged: items('a', 's', 'b') },
    { '$setElementOrder/merged': items('b', 'a') },
    { merged: items('s', 'b', 'a') },
  ],
  [
    'items are added, deleted and ordered',
    { merged: items('a', 'b', 'c') },
    { '$setElementOrder/merged': items('d', 'c', 'a'), merged: [{ name: 'd' }, { name: 'b', $patch: 'delete' }] },
    { merged: items('d', 'c', 'a') },
  ],
  [
    'a new list is ordered',
    {},
    { '$setElementOrder/merged': items('a', 'b'), merged: items('a', 'b') },
    { merged: items('a', 'b') },
  ],
  [
    'a replaced list is ordered',
    { atomic: ['a', 'b'] },
    { '$setElementOrder/atomic': ['c', 'b'], atomic: ['c', 'b'] },
    { atomic: ['c', 'b'] },
  ],
  ['an order of no list', { a: 1 }, { '$setElementOrder/merged': items('a') }, { a: 1 }],
])('%s', (_, document, patch, expected) => {
  const before = structuredClone([document, patch]);
  expect(applyStrategicMergePatch(document, patch, schema)).toEqual(expected);
  expect([document, patch]).toEqual(before);
});

test.each<[string, object, unknown, string]>([
  ['no object', {}, [], 'a strategic merge patch must be an object'],
  [
    'an unknown directive',
    {},
    { $patch: 'merge' },
    'the top level: unknown patch type "merge" in $patch: expected "replace" or "delete"',
  ],
  [
    'an unknown directive below',
    { object: {} },
    { object: { $patch: 1 } },
    'object: unknown patch type 1 in $patch: expected "replace" or "delete"',
  ],
  [
    'an unknown directive in a list',
    { merged: [] },
    { merged: [{ name: 'a', $patch: 'merge' }] },
    'merged: unknown patch type "merge" in $patch: expected "replace" or "delete"',
  ],
  [
    'an item without merge key',
    { merged: items('a') },
    { merged: [{ x: 1 }] },
    'merged: map: {"x":1} does not contain declared merge key: name',
  ],
  [
    'an item that deletes without merge key',
    { merged: items('a') },
    { merged: [{ $patch: 'delete' }] },
    'merged: map: {"$patch":"delete"} does not contain declared merge key: name',
  ],
  [
    'an item on the server without merge key',
    { merged: [{}] },
    { merged: items('a') },
    'merged: map: {} does not contain declared merge key: name',
  ],
  [
    'a scalar among objects',
    { merged: items('a') },
    { merged: ['b'] },
    'merged: expected objects with merge key name, got "b"',
  ],
  [
    'an object among scalars',
    { scalars: [1] },
    { scalars: [{}] },
    'scalars: expected scalars, got {}: objects need a merge key',
  ],
  [
    'a deep place',
    { merged: [{ name: 'a', inner: items('x') }] },
    { merged: [{ name: 'a', inner: [{}] }] },
    'merged[name="a"].inner: map: {} does not contain declared merge key: name',
  ],
  ['keys to retain that are no list', {}, { $retainKeys: 'a' }, 'the top level: $retainKeys must be a list, got "a"'],
  [
    'a field that it does not retain',
    {},
    { a: 1, $retainKeys: ['b'] },
    'the top level: the patch has a, which is not in $retainKeys',
  ],
  [
    'deletions that are no list',
    { scalars: [1] },
    { '$deleteFromPrimitiveList/scalars': 1 },
    'the top level: $deleteFromPrimitiveList/scalars must be a list, got 1',
  ],
  [
    'deletions of objects',
    { merged: items('a') },
    { '$deleteFromPrimitiveList/merged': ['a'] },
    'the top level: $deleteFromPrimitiveList/merged: expected scalars, got {"name":"a"}: objects need a merge key',
  ],
  [
    'deletions of no field',
    {},
    { $deleteFromPrimitiveList: [1] },
    'the top level: $deleteFromPrimitiveList names no field: expected $deleteFromPrimitiveList/field',
  ],
  [
    'an order of no field',
    {},
    { '$setElementOrder-x': [1] },
    'the top level: $setElementOrder-x names no field: expected $setElementOrder/field',
  ],
  [
    'an order that is no list',
    {},
    { '$setElementOrder/merged': {} },
    'the top level: $setElementOrder/merged must be a list, got {}',
  ],
  [
    'an order of what is no list',
    { merged: 1 },
    { '$setElementOrder/merged': [] },
    'the top level: merged must be a list, got 1',
  ],
  [
    'an order of null',
    { merged: [] },
    { '$setElementOrder/merged': [], merged: null },
    'the top level: merged must be a list, got null',
  ],
  [
    'an order without merge key',
    { merged: items('a') },
    { '$setElementOrder/merged': [{}] },
    'merged: map: {} does not contain declared merge key: name',
  ],
  [
    'an item that is not in the order',
    { merged: [] },
    { '$setElementOrder/merged': items('a'), merged: items('b') },
    'merged: the order of the patch does not match the one of its directive',
  ],
  [
    'items in another order',
    { merged: [] },
    { '$setElementOrder/merged': items('a', 'b'), merged: items('b', 'a') },
    'merged: the order of the patch does not match the one of its directive',
  ],
])('%s is refused with the place', (_, document, patch, message) => {
  expect(() => applyStrategicMergePatch(document, patch, schema)).toThrow(new PatchError(message));
});

test('without a schema lists are replaced and objects merged', () => {
  expect(applyStrategicMergePatch({ a: { l: [1], x: 1 } }, { a: { l: [2] } }, undefined)).toEqual({
    a: { l: [2], x: 1 },
  });
});

test('a document that is no object counts as empty', () => {
  expect(applyStrategicMergePatch(undefined, { a: 1 }, schema)).toEqual({ a: 1 });
});

test.each(['__proto__', 'constructor'])('%s is a field like any other', (key) => {
  const patch: unknown = JSON.parse(`{"${key}":{"polluted":true},"merged":[{"name":"${key}","${key}":1}]}`);
  const document: unknown = JSON.parse(`{"${key}":{"a":1},"merged":[{"name":"a"}]}`);
  expect(JSON.stringify(applyStrategicMergePatch(document, patch, schema))).toBe(
    `{"${key}":{"a":1,"polluted":true},"merged":[{"name":"${key}","${key}":1},{"name":"a"}]}`,
  );
  expect(JSON.stringify(applyStrategicMergePatch({}, patch, undefined))).toBe(JSON.stringify(patch));
  expect({}).not.toHaveProperty('polluted');
  expect(applyStrategicMergePatch({ [key]: undefined }, { toString: null }, schema)).not.toHaveProperty('polluted');
});

test('lists of many items are merged without delay', () => {
  const many = Array.from({ length: 50_000 }, (_, index) => ({ name: `n${index}` }));
  const patched = applyStrategicMergePatch(
    { merged: many, scalars: many.map(({ name }) => name) },
    {
      '$setElementOrder/merged': many.toReversed(),
      merged: many.toReversed(),
      scalars: many.map(({ name }) => `${name}x`),
    },
    schema,
  );
  expect(patched).toMatchObject({ merged: many.toReversed() });
});

test('a patch that is nested too deep is refused', () => {
  const patch: unknown = JSON.parse('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000));
  expect(() => applyStrategicMergePatch({}, patch, undefined)).toThrow(
    new PatchError('a patch may be nested 1000 levels deep at the most'),
  );
});
