import { expect, test } from 'vitest';
import { FieldSet } from './field-set.js';
import { prune } from './prune.js';
import { sample } from './shapes.test.kit.js';

test.each<[string, object, object, object, object | undefined]>([
  ['what nobody owns any more goes', { text: 'a', number: 1 }, { 'f:text': {} }, {}, { number: 1 }],
  [
    'what is still owned stays',
    { text: 'a', number: 1 },
    { 'f:text': {}, 'f:number': {} },
    { 'f:text': {} },
    { text: 'a' },
  ],
  ['what was never named stays', { text: 'a', number: 1 }, {}, {}, { text: 'a', number: 1 }],
  [
    'a struct goes with its last field',
    { struct: { x: '1', inner: { z: '1' } }, text: 'a' },
    { 'f:struct': { 'f:inner': { 'f:z': {} }, 'f:x': {} } },
    {},
    { text: 'a' },
  ],
  [
    'a struct stays with a field of somebody else',
    { struct: { x: '1', inner: { z: '1' } } },
    { 'f:struct': { 'f:inner': { 'f:z': {} }, 'f:x': {} } },
    { 'f:struct': { 'f:inner': { 'f:z': {} } } },
    { struct: { inner: { z: '1' } } },
  ],
  [
    'what a server has put into a struct goes with it',
    { struct: { x: '1', y: 'default' }, text: 'a' },
    { 'f:struct': { 'f:x': {} } },
    {},
    { text: 'a' },
  ],
  [
    'keys of a map',
    { map: { a: '1', b: '1' } },
    { 'f:map': { 'f:a': {}, 'f:b': {} } },
    { 'f:map': { 'f:b': {} } },
    { map: { b: '1' } },
  ],
  [
    'items of a set',
    { set: ['a', 'b', 'c'] },
    { 'f:set': { 'v:"a"': {}, 'v:"b"': {} } },
    { 'f:set': { 'v:"b"': {}, 'v:"c"': {} } },
    { set: ['b', 'c'] },
  ],
  [
    'items by their key, with what an updater has changed in them',
    { keyed: [{ name: 'a', x: '1' }, { name: 'b' }] },
    { 'f:keyed': { 'k:{"name":"a"}': { '.': {}, 'f:name': {} } } },
    { 'f:keyed': { 'k:{"name":"a"}': { 'f:x': {} }, 'k:{"name":"b"}': { '.': {}, 'f:name': {} } } },
    { keyed: [{ name: 'b' }] },
  ],
  [
    'fields of an item that stays',
    { keyed: [{ name: 'a', x: '1' }] },
    { 'f:keyed': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:x': {} } } },
    { 'f:keyed': { 'k:{"name":"a"}': { '.': {}, 'f:name': {} } } },
    { keyed: [{ name: 'a' }] },
  ],
  ['what is atomic, as a whole', { atomic: { x: '1', y: '1' }, text: 'a' }, { 'f:atomic': {} }, {}, { text: 'a' }],
  ['everything', { text: 'a' }, { 'f:text': {} }, {}, undefined],
])('%s', (_, merged, last, owned, expected) => {
  const before = structuredClone(merged);
  expect(prune(sample, merged, FieldSet.parse(last), FieldSet.parse(owned))).toEqual(expected);
  expect(merged).toEqual(before);
});
