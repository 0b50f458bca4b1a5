import { defineResource, type KubernetesObject } from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import { extract } from './extract.js';
import { ManagedFieldsError } from './managed-fields-error.js';

interface Thing extends KubernetesObject {
  spec?: unknown;
}
const things = defineResource<Thing>()({
  group: '',
  version: 'v1',
  resource: 'things',
  kind: 'Thing',
  scope: 'Cluster',
});

function extractFrom(fieldsV1: unknown, spec: unknown): Thing {
  const managed = { manager: 'me', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 };
  const object = { metadata: { name: 'a', managedFields: [null, managed] }, spec } as unknown as Thing;
  return extract(things, object, 'me');
}

function nested(depth: number, key: string): unknown {
  let value: unknown = {};
  for (let level = 0; level < depth; level++) value = { [key]: value };
  return value;
}

describe('refused', () => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', []],
    ['text', 'f:spec'],
    ['a member that is no set', { 'f:spec': 'x' }],
    ['a member that is null', { 'f:spec': null }],
    ['an unknown kind of member', { 'f:spec': { 'x:a': {} } }],
    ['a kind of member with an escape', { '\u001b[2J': {} }],
    ['keys that are no JSON', { 'f:spec': { 'k:{': {} } }],
    ['keys that are no object', { 'f:spec': { 'k:["a"]': {} } }],
    ['a value that is no JSON', { 'f:spec': { 'v:a': {} } }],
    ['a set without end', nested(100_000, 'f:a')],
    [
      'elements that each have keys of their own',
      { 'f:spec': Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k:{"k${i}":1}`, {}])) },
    ],
  ])('%s', (_what, fieldsV1) => {
    expect(() => extractFrom(fieldsV1, {})).toThrow(ManagedFieldsError);
    expect(() => extractFrom(fieldsV1, {})).toThrow(/^metadata\.managedFields\[1\]\.fieldsV1: [ -~…]{1,120}$/);
  });
});

test('no prototype is touched', () => {
  const text =
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"list":[{"__proto__":"x","v":1}]}';
  const fieldsV1 = {
    'f:spec': {
      'f:__proto__': { 'f:polluted': {} },
      'f:constructor': { 'f:prototype': { 'f:polluted': {} } },
      'f:list': { 'k:{"__proto__":"x"}': { 'f:v': {} } },
      'f:toString': {},
      'f:hasOwnProperty': {},
    },
  };
  const { spec } = extractFrom(fieldsV1, JSON.parse(text));
  expect(JSON.stringify(spec)).toBe(text);
  expect(Object.getPrototypeOf(spec)).toBe(Object.prototype);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('metadata of the server is not given back, whoever claims to own it', () => {
  expect(extractFrom({ 'f:metadata': {} }, {}).metadata).toEqual({ name: 'a' });
});

test('a set that does not fit the object owns nothing of it', () => {
  const fieldsV1 = { 'f:spec': { 'f:a': { 'f:b': {} }, 'v:1': {}, 'i:-1': {}, 'i:"x"': {}, 'k:{}': {} } };
  for (const spec of [null, 1, 'text', [], [1], {}, { a: [] }, { a: 'x' }]) {
    expect(JSON.stringify(extractFrom(fieldsV1, spec)).length).toBeLessThan(100);
  }
});

test('many elements of many are found at once', () => {
  const list = Array.from({ length: 50_000 }, (_, i) => ({ name: `n${i}`, v: i }));
  const fieldsV1 = { 'f:spec': Object.fromEntries(list.map(({ name }) => [`k:{"name":"${name}"}`, { 'f:v': {} }])) };
  expect(extractFrom(fieldsV1, list).spec).toEqual(list);
});
