import { array, assert, constantFrom, property, uniqueArray } from 'fast-check';
import { expect, test } from 'vitest';
import { mergeValues } from './merge-values.js';
import { sample } from './shapes.test.kit.js';

const items = (...names: string[]): { name: string }[] => names.map((name) => ({ name }));

test.each<[string, object, object, object]>([
  ['scalars replace', { text: 'a', number: 1 }, { text: 'b' }, { text: 'b', number: 1 }],
  ['structs are merged', { struct: { x: '1' } }, { struct: { y: '2' } }, { struct: { x: '1', y: '2' } }],
  ['maps are merged', { map: { a: '1', b: '1' } }, { map: { b: '2', c: '2' } }, { map: { a: '1', b: '2', c: '2' } }],
  [
    'what is atomic replaces',
    { atomic: { x: '1' }, list: [1, 2] },
    { atomic: { y: '2' }, list: [3] },
    { atomic: { y: '2' }, list: [3] },
  ],
  [
    'null and nothing replace scalars only',
    { text: 'a', map: { a: '1' }, set: ['a'] },
    { text: null, map: null, set: null },
    { text: null, map: { a: '1' }, set: ['a'] },
  ],
  ['emptiness stays what it is', { map: {}, set: [] }, { map: null, set: null }, { map: null, set: null }],
  ['an empty map changes nothing', { map: { a: '1' } }, { map: {} }, { map: { a: '1' } }],
  ['a value that was null', { struct: null }, { struct: { x: '1' } }, { struct: { x: '1' } }],
  [
    'what is not declared: objects are merged, lists replaced',
    { any: { a: 1, l: [1] } },
    { any: { b: 2, l: [2] } },
    { any: { a: 1, b: 2, l: [2] } },
  ],
  ['another type replaces', { any: { a: 1 } }, { any: 5 }, { any: 5 }],

  ['new items of a set follow', { set: ['a', 'b'] }, { set: ['c'] }, { set: ['a', 'b', 'c'] }],
  [
    'items that both have take the order of what is applied',
    { set: ['a', 'b', 'c'] },
    { set: ['c', 'a'] },
    { set: ['b', 'c', 'a'] },
  ],
  [
    'live items stay before those that they stood before',
    { set: ['a', 'l', 'b'] },
    { set: ['a', 'b'] },
    { set: ['a', 'l', 'b'] },
  ],
  [
    'a new item stands before the next that both have',
    { set: ['a', 'b'] },
    { set: ['n', 'b'] },
    { set: ['a', 'n', 'b'] },
  ],
  ['a new item at the end', { set: ['b', 'a'] }, { set: ['b', 'n'] }, { set: ['b', 'a', 'n'] }],
  [
    'items are merged by their key',
    { keyed: [{ name: 'a', x: '1' }] },
    { keyed: [{ name: 'a', set: ['s'] }] },
    { keyed: [{ name: 'a', x: '1', set: ['s'] }] },
  ],
  [
    'a live item that is repeated is replaced by one',
    { keyed: [{ name: 'a', x: '1' }, { name: 'a' }, { name: 'b' }] },
    { keyed: [{ name: 'a', set: [] }] },
    { keyed: [{ name: 'a', set: [] }, { name: 'b' }] },
  ],
  ['other repeated items stay', { keyed: items('a', 'a') }, { keyed: items('b') }, { keyed: items('a', 'a', 'b') }],
])('%s', (_, live, applied, expected) => {
  const before = structuredClone([live, applied]);
  expect(mergeValues(sample, live, applied)).toEqual(expected);
  expect([live, applied]).toEqual(before);
});

test('a merged set has every item once, and keeps the order of what was applied', () => {
  const letters = constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  assert(
    property(uniqueArray(letters), uniqueArray(letters), (live: string[], applied: string[]) => {
      const { set } = mergeValues(sample, { set: live }, { set: applied }) as { set: string[] };
      expect(set.toSorted()).toEqual([...new Set([...live, ...applied])].toSorted());
      expect(set.filter((item) => applied.includes(item))).toEqual(applied);
      const others = live.filter((item) => !applied.includes(item));
      expect(set.filter((item) => !applied.includes(item))).toEqual(others);
    }),
  );
});

test('applying what is there changes nothing', () => {
  const names = array(constantFrom('a', 'b', 'c'));
  assert(
    property(names, (list) => {
      const live = { keyed: [...new Set(list)].map((name) => ({ name, x: name })) };
      expect(mergeValues(sample, live, live)).toEqual(live);
    }),
  );
});

test('lists of many items are merged without delay', () => {
  const many = Array.from({ length: 50_000 }, (_, index) => `n${index}`);
  const merged = mergeValues(sample, { set: many }, { set: many.toReversed() });
  expect(merged).toEqual({ set: many.toReversed() });
});

test('__proto__ is a field like any other', () => {
  const live: unknown = JSON.parse('{"any":{"__proto__":{"a":1}}}');
  const applied: unknown = JSON.parse('{"any":{"__proto__":{"polluted":1}}}');
  expect(JSON.stringify(mergeValues(sample, live, applied))).toBe('{"any":{"__proto__":{"a":1,"polluted":1}}}');
  expect({}).not.toHaveProperty('polluted');
});
