import { expect, test } from 'vitest';
import { pathsOf } from './owned-paths.js';
import { sample } from './shapes.test.kit.js';

test.each<[string, object, object]>([
  ['scalars', { text: 'a', number: 1 }, { 'f:number': {}, 'f:text': {} }],
  [
    'fields of a struct, not itself',
    { struct: { x: '1', inner: { z: '' } } },
    { 'f:struct': { 'f:inner': { 'f:z': {} }, 'f:x': {} } },
  ],
  ['an empty struct', { struct: {} }, { 'f:struct': {} }],
  ['null', { struct: null, text: null, set: null }, { 'f:set': {}, 'f:struct': {}, 'f:text': {} }],
  ['keys of a map', { map: { a: '1', b: '2' } }, { 'f:map': { 'f:a': {}, 'f:b': {} } }],
  ['maps in a map, with themselves', { maps: { a: { x: '1' } } }, { 'f:maps': { 'f:a': { '.': {}, 'f:x': {} } } }],
  [
    'what is atomic',
    { atomic: { x: '1' }, list: [{ x: '1' }], raw: { a: { b: 1 } } },
    { 'f:atomic': {}, 'f:list': {}, 'f:raw': {} },
  ],
  ['an empty list that is atomic', { list: [] }, { 'f:list': {} }],
  ['items of a set', { set: ['b', 'a'] }, { 'f:set': { 'v:"a"': {}, 'v:"b"': {} } }],
  ['an empty set: nothing', { set: [] }, {}],
  [
    'items by their key, with themselves',
    { keyed: [{ name: 'n', x: '1' }] },
    { 'f:keyed': { 'k:{"name":"n"}': { '.': {}, 'f:name': {}, 'f:x': {} } } },
  ],
  [
    'a repeated item as one',
    { keyed: [{ name: 'n', x: '1' }, { name: 'n' }] },
    { 'f:keyed': { 'k:{"name":"n"}': {} } },
  ],
  [
    'what is not declared: objects by their fields, lists as a whole',
    { any: { a: { b: [1, { c: 1 }] }, d: {} } },
    { 'f:any': { 'f:a': { '.': {}, 'f:b': {} }, 'f:d': {} } },
  ],
  ['a scalar that is not declared', { any: 1 }, { 'f:any': {} }],
])('%s', (_, value, fields) => {
  expect(pathsOf(sample, value).toJSON()).toEqual(fields);
});
