import { schema } from '@client-ts/api/schema';
import { expect, test } from 'vitest';
import { customShape } from './custom-shape.js';
import { pathsOf } from './owned-paths.js';
import { typeProblems } from './type-problems.js';

function shapeOf(spec: object, preserveUnknownFields = false): ReturnType<typeof customShape> {
  return customShape(schema, {
    schema: { type: 'object', properties: { spec } },
    preserveUnknownFields,
    printerColumns: [],
    selectableFields: [],
    storageVersion: 'v1',
  });
}

const text = { type: 'string' };
const object = { type: 'object', properties: { a: text, b: text } };
const byName = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['n', 'p'] };

test.each<[string, object, unknown, object]>([
  ['an object', object, { a: '1' }, { 'f:spec': { 'f:a': {} } }],
  ['an atomic object', { ...object, 'x-kubernetes-map-type': 'atomic' }, { a: '1' }, { 'f:spec': {} }],
  [
    'an object without properties',
    { type: 'object' },
    { a: { b: 1 } },
    { 'f:spec': { 'f:a': { '.': {}, 'f:b': {} } } },
  ],
  [
    'a map',
    { type: 'object', additionalProperties: object },
    { k: { a: '1' } },
    { 'f:spec': { 'f:k': { '.': {}, 'f:a': {} } } },
  ],
  ['a list', { type: 'array', items: text }, ['a'], { 'f:spec': {} }],
  ['a set', { type: 'array', 'x-kubernetes-list-type': 'set', items: text }, ['a'], { 'f:spec': { 'v:"a"': {} } }],
  [
    'a list by keys, with a default',
    { ...byName, items: { type: 'object', properties: { n: text, p: { ...text, default: 'x' } } } },
    [{ n: 'a' }],
    { 'f:spec': { 'k:{"n":"a","p":"x"}': { '.': {}, 'f:n': {} } } },
  ],
  ['anything', { 'x-kubernetes-preserve-unknown-fields': true }, { a: [1] }, { 'f:spec': { 'f:a': {} } }],
  ['an integer or a string', { 'x-kubernetes-int-or-string': true }, 5, { 'f:spec': {} }],
  [
    'an embedded resource',
    { type: 'object', 'x-kubernetes-embedded-resource': true },
    { metadata: { finalizers: ['f'] } },
    { 'f:spec': { 'f:metadata': { 'f:finalizers': { 'v:"f"': {} } } } },
  ],
])('%s', (_, spec, value, fields) => {
  const wanted = { apiVersion: 'a', kind: 'A', metadata: { labels: { l: '1' } }, spec: value };
  expect(typeProblems(shapeOf(spec), wanted)).toEqual([]);
  expect(pathsOf(shapeOf(spec), { spec: value }).toJSON()).toEqual(fields);
});

test.each<[string, object, boolean, string[]]>([
  ['are refused', object, false, ['.spec.other: field not declared in schema']],
  ['are kept here and below', { ...object, 'x-kubernetes-preserve-unknown-fields': true }, false, []],
  ['are kept everywhere', object, true, []],
  [
    'are refused in a map that has none',
    { type: 'object', additionalProperties: false },
    false,
    ['.spec.other: field not declared in schema'],
  ],
])('fields that are not declared %s', (_, spec, preserve, problems) => {
  expect(typeProblems(shapeOf(spec, preserve), { spec: { other: { deep: 1 } } })).toEqual(problems);
});

test('the text of a schema is hostile', () => {
  const spec = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":5}}') as object;
  expect(typeProblems(shapeOf(spec), { spec: { toString: 1 } })).toEqual([
    '.spec.toString: field not declared in schema',
  ]);
  expect(typeProblems(shapeOf(spec), { spec: { constructor: 1 } })).toEqual([]);
  expect(typeProblems(shapeOf({ ...byName, 'x-kubernetes-list-map-keys': 'n', items: 5 }), { spec: [1] })).toEqual([]);
});
