import { expect, test } from 'vitest';
import { compareElements, formatPath, itemElement, parseElement } from './path-element.js';
import { Any, type ListShape } from './shape.js';

const byValue: ListShape = { kind: 'list', by: 'value', item: Any };
const byKeys: ListShape = {
  kind: 'list',
  by: [{ name: 'port' }, { name: 'protocol', default: 'TCP' }],
  item: Any,
};

test.each([
  [byValue, 'a', 'v:"a"'],
  [byValue, 1, 'v:1'],
  [byValue, { a: 1 }, undefined],
  [byValue, null, undefined],
  [byKeys, { port: 80 }, 'k:{"port":80,"protocol":"TCP"}'],
  [byKeys, { protocol: 'UDP', port: 80, name: 'x' }, 'k:{"port":80,"protocol":"UDP"}'],
  [byKeys, { protocol: 'UDP' }, 'k:{"protocol":"UDP"}'],
  [byKeys, 'a', undefined],
  [{ ...byKeys, by: [{ name: 'port' }] }, { name: 'x' }, undefined],
  [{ ...byKeys, by: 'place' }, { port: 80 }, undefined],
] as const)('%#: what tells an item apart', (shape, item, element) => {
  expect(itemElement(shape, item)).toBe(element);
});

test.each([
  ['f:a', 'f:a'],
  ['f:', 'f:'],
  ['f:a:b', 'f:a:b'],
  ['v: "a" ', 'v:"a"'],
  ['v:1.0', 'v:1'],
  ['i:07', 'i:7'],
  ['k:{"b":1, "a":"x"}', 'k:{"a":"x","b":1}'],
  ['x:y', undefined],
])('%s is read as %s', (text, element) => {
  expect(parseElement(text)).toBe(element);
});

test.each(['', 'f', 'foo', 'v:', 'v:{', 'k:1', 'k:{', 'i:a'])('%s is no element', (text) => {
  expect(() => parseElement(text)).toThrow(SyntaxError);
});

test('elements come by kind, then by name or value; numbers by their size', () => {
  const sorted = [
    'f:a',
    'f:b',
    'k:{"a":"x"}',
    'k:{"a":"x","b":1}',
    'k:{"p":80}',
    'k:{"p":443}',
    'v:2',
    'v:10',
    'v:"a"',
    'i:2',
    'i:10',
  ];
  const numbersFirst = sorted.toSorted(compareElements);
  expect(numbersFirst.filter((element) => !element.startsWith('v:'))).toEqual(
    sorted.filter((element) => !element.startsWith('v:')),
  );
  expect(['v:10', 'v:2'].toSorted(compareElements)).toEqual(['v:2', 'v:10']);
});

test('a path as errors show it', () => {
  expect(formatPath(['f:spec', 'f:ports', 'k:{"port":80,"protocol":"TCP"}', 'f:x', 'v:"a"', 'i:0'])).toBe(
    '.spec.ports[port=80,protocol="TCP"].x[="a"][0]',
  );
});
