import { assert, constantFrom, dictionary, jsonValue, property } from 'fast-check';
import { expect, test } from 'vitest';
import { compareValues } from './comparison.js';
import { Any } from './shape.js';
import { sample } from './shapes.test.kit.js';

interface Expected {
  readonly added?: object;
  readonly modified?: object;
  readonly removed?: object;
}

const items = (...names: string[]): { name: string }[] => names.map((name) => ({ name }));

test.each<[string, object, object, Expected]>([
  ['nothing', { text: 'a', map: { a: '1' } }, { map: { a: '1' }, text: 'a' }, {}],
  ['a scalar', { text: 'a' }, { text: 'b' }, { modified: { 'f:text': {} } }],
  ['a new struct, with itself', {}, { struct: { x: '1' } }, { added: { 'f:struct': { '.': {}, 'f:x': {} } } }],
  ['a field of a struct', { struct: {} }, { struct: { x: '1' } }, { added: { 'f:struct': { 'f:x': {} } } }],
  ['a struct that was null', { struct: null }, { struct: { x: '1' } }, { added: { 'f:struct': { 'f:x': {} } } }],
  ['an empty struct for null', { struct: null }, { struct: {} }, { modified: { 'f:struct': {} } }],
  ['a removed map, with itself', { map: { a: '1' } }, {}, { removed: { 'f:map': { '.': {}, 'f:a': {} } } }],
  ['a removed key', { map: { a: '1', b: '2' } }, { map: { b: '2' } }, { removed: { 'f:map': { 'f:a': {} } } }],
  ['a part of what is atomic', { atomic: { x: '1' } }, { atomic: { x: '2' } }, { modified: { 'f:atomic': {} } }],
  ['the order of a list that is atomic', { list: [1, 2] }, { list: [2, 1] }, { modified: { 'f:list': {} } }],
  ['the order of a set: nothing', { set: ['a', 'b'] }, { set: ['b', 'a'] }, {}],
  [
    'items of a set',
    { set: ['a', 'b'] },
    { set: ['b', 'c'] },
    { added: { 'f:set': { 'v:"c"': {} } }, removed: { 'f:set': { 'v:"a"': {} } } },
  ],
  [
    'items by their key',
    { keyed: [{ name: 'a', x: '1' }, { name: 'b' }] },
    { keyed: [{ name: 'c' }, { name: 'a', x: '2' }] },
    {
      added: { 'f:keyed': { 'k:{"name":"c"}': { '.': {}, 'f:name': {} } } },
      modified: { 'f:keyed': { 'k:{"name":"a"}': { 'f:x': {} } } },
      removed: { 'f:keyed': { 'k:{"name":"b"}': { '.': {}, 'f:name': {} } } },
    },
  ],
  ['repeated items, which stay', { keyed: items('a', 'a') }, { keyed: items('a', 'a') }, {}],
  [
    'repeated items, as a whole',
    { keyed: items('a', 'a') },
    { keyed: [...items('a'), { name: 'a', x: '1' }] },
    { modified: { 'f:keyed': { 'k:{"name":"a"}': {} } } },
  ],
  [
    'an item that is repeated no more',
    { keyed: items('a', 'a') },
    { keyed: items('a') },
    {
      added: { 'f:keyed': { 'k:{"name":"a"}': { '.': {}, 'f:name': {} } } },
      removed: { 'f:keyed': { 'k:{"name":"a"}': {} } },
    },
  ],
  [
    'another type where none is declared',
    { any: 1 },
    { any: { a: 1 } },
    { added: { 'f:any': { 'f:a': {} } }, modified: { 'f:any': {} } },
  ],
  ['a list where none is declared', { any: [1] }, { any: [1, 2] }, { modified: { 'f:any': {} } }],
])('%s', (_, before, after, { added = {}, modified = {}, removed = {} }) => {
  const found = compareValues(sample, before, after);
  expect({ added: found.added.toJSON(), modified: found.modified.toJSON(), removed: found.removed.toJSON() }).toEqual({
    added,
    modified,
    removed,
  });
});

test('what is added one way is removed the other way, and what is modified is so both ways', () => {
  const objects = dictionary(constantFrom('a', 'b', 'c'), jsonValue({ maxDepth: 3 }));
  assert(
    property(objects, objects, (a, b) => {
      const [there, back] = [compareValues(Any, a, b), compareValues(Any, b, a)];
      expect(there.added.toJSON()).toEqual(back.removed.toJSON());
      expect(there.modified.toJSON()).toEqual(back.modified.toJSON());
    }),
  );
});
