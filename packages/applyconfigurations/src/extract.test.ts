import { defineResource, type KubernetesObject, type ManagedFieldsEntry } from '@client-ts/apimachinery';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { extract } from './extract.js';
import { ManagedFieldsError } from './managed-fields-error.js';

interface Thing extends KubernetesObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}
interface ThingApplyConfiguration {
  metadata: { name: string };
  spec?: Record<string, unknown>;
}

const things = defineResource<Thing, ThingApplyConfiguration>()({
  group: 'example.com',
  version: 'v1',
  resource: 'things',
  kind: 'Thing',
  scope: 'Namespaced',
});

function entry(fieldsV1: unknown, more: ManagedFieldsEntry = {}): ManagedFieldsEntry {
  return {
    manager: 'me',
    operation: 'Apply',
    apiVersion: 'example.com/v1',
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsV1 as Record<string, unknown>,
    ...more,
  };
}

function thing(spec: Record<string, unknown>, ...managedFields: ManagedFieldsEntry[]): Thing {
  return { metadata: { name: 'a', namespace: 'ns', uid: '1', resourceVersion: '2', managedFields }, spec };
}

/** What `me` gets of a spec of which he owns `fields`, and somebody else `others`. */
function ownedSpec(spec: Record<string, unknown>, fields: object, others: object = {}): unknown {
  const object = thing(
    spec,
    entry({ 'f:spec': others }, { manager: 'somebody', operation: 'Update' }),
    entry({ 'f:spec': fields }),
  );
  return extract(things, object, 'me').spec;
}

const name = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a', namespace: 'ns' } };

describe('what is owned', () => {
  test.each<[string, Record<string, unknown>, object, unknown, object?]>([
    ['a field', { a: 1, b: 2 }, { 'f:a': {} }, { a: 1 }],
    ['a field within', { a: { b: 1, c: 2 } }, { 'f:a': { 'f:b': {} } }, { a: { b: 1 } }],
    ['null', { a: null }, { 'f:a': {} }, { a: null }],
    [
      'false, zero and nothing',
      { a: false, b: 0, c: '' },
      { 'f:a': {}, 'f:b': {}, 'f:c': {} },
      { a: false, b: 0, c: '' },
    ],
    ['a struct as a whole', { a: { b: 1, c: [2] } }, { 'f:a': {} }, { a: { b: 1, c: [2] } }],
    ['the same, with a dot', { a: { b: 1 } }, { 'f:a': { '.': {} } }, { a: { b: 1 } }],
    ['a list as a whole', { a: [{ b: 1 }, 2] }, { 'f:a': {} }, { a: [{ b: 1 }, 2] }],
    ['an empty map, which others fill', { a: { b: 1 } }, { 'f:a': {} }, { a: {} }, { 'f:a': { 'f:b': {} } }],
    ['an empty list, which others fill', { a: ['b'] }, { 'f:a': {} }, { a: [] }, { 'f:a': { 'v:"b"': {} } }],
    ['elements of a set', { a: ['x', 'y', 1, '1'] }, { 'f:a': { 'v:"y"': {}, 'v:1': {} } }, { a: ['y', 1] }],
    [
      'elements by key, in the order of the object',
      {
        a: [
          { n: 'x', v: 1 },
          { n: 'y', v: 2, w: 3 },
          { n: 'z', v: 4 },
        ],
      },
      { 'f:a': { 'k:{"n":"z"}': { '.': {}, 'f:n': {}, 'f:v': {} }, 'k:{"n":"y"}': { '.': {}, 'f:n': {}, 'f:w': {} } } },
      {
        a: [
          { n: 'y', w: 3 },
          { n: 'z', v: 4 },
        ],
      },
    ],
    [
      'elements by several keys, owned or not',
      {
        a: [
          { port: 80, protocol: 'TCP', v: 1 },
          { port: 80, protocol: 'UDP', v: 2 },
        ],
      },
      { 'f:a': { 'k:{"protocol":"UDP","port":80}': { 'f:v': {} } } },
      { a: [{ port: 80, protocol: 'UDP', v: 2 }] },
    ],
    [
      'elements without the key that was filled in',
      { a: [{ port: 80, protocol: 'TCP', v: 1 }] },
      { 'f:a': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:v': {} } } },
      { a: [{ port: 80, v: 1 }] },
    ],
    [
      'elements that lack a key',
      { a: [{ n: 'x' }, { n: 'x', m: 1 }] },
      { 'f:a': { 'k:{"n":"x","m":1}': { 'f:n': {}, 'f:m': {} } } },
      { a: [{ n: 'x', m: 1 }] },
    ],
    [
      'keys of an element of which others own the rest',
      { a: [{ n: 'x', v: 1 }] },
      { 'f:a': { 'k:{"n":"x"}': {} } },
      { a: [{ n: 'x' }] },
      { 'f:a': { 'k:{"n":"x"}': { 'f:v': {} } } },
    ],
    ['elements by place', { a: ['x', 'y'] }, { 'f:a': { 'i:1': {} } }, { a: ['y'] }],
    ['what is gone', { b: 1 }, { 'f:a': {}, 'f:b': { 'f:c': {} }, 'f:d': { 'k:{"n":1}': {} } }, undefined],
    ['nothing of a map that others emptied', { a: {} }, { 'f:a': { 'f:b': {} } }, undefined],
    [
      'a map that others emptied',
      { a: {}, c: [] },
      { 'f:a': { '.': {}, 'f:b': {} }, 'f:c': { '.': {}, 'v:1': {} } },
      { a: {}, c: [] },
    ],
    [
      'fields with names that mean something',
      { 'f:a': 1, '.': 2, constructor: 3 },
      { 'f:f:a': {}, 'f:.': {}, 'f:constructor': {} },
      { 'f:a': 1, '.': 2, constructor: 3 },
    ],
  ])('%s', (_what, spec, fields, expected, others) => {
    expect(ownedSpec(spec, fields, others)).toEqual(expected);
  });

  test('labels and the like, beside the name', () => {
    const object: Thing = {
      metadata: {
        name: 'a',
        labels: { x: '1', y: '2' },
        managedFields: [entry({ 'f:metadata': { 'f:labels': { 'f:x': {} } } })],
      },
    };
    expect(extract(things, object, 'me')).toEqual({ ...name, metadata: { name: 'a', labels: { x: '1' } } });
  });

  test('a copy: the object may be shared, and frozen', () => {
    const list = Object.freeze([Object.freeze({ b: 1 })]);
    const { spec } = extract(things, thing({ a: list }, entry({ 'f:spec': { 'f:a': {} } })), 'me');
    const { a } = spec as { a: unknown[] };
    expect(a).toEqual([{ b: 1 }]);
    expect([a, a[0]].map((part) => Object.isFrozen(part))).toEqual([false, false]);
  });
});

describe('whose', () => {
  const spec = { a: 1, b: 2, c: 3 };
  const status = { d: 4 };
  const object: Thing = {
    ...thing(
      spec,
      entry({ 'f:spec': { 'f:a': {} } }, { operation: 'Update' }),
      entry({ 'f:status': { 'f:d': {} } }, { subresource: 'status' }),
      entry({ 'f:spec': { 'f:b': {} } }, { manager: 'other' }),
      entry({ 'f:spec': { 'f:c': {} } }),
    ),
    status,
  };

  test.each<[string, string, string | undefined, object]>([
    ['applied, not updated', 'me', undefined, { spec: { c: 3 } }],
    ['of a subresource', 'me', 'status', { status }],
    ['of another manager', 'other', undefined, { spec: { b: 2 } }],
    ['of a manager who has applied nothing', 'nobody', undefined, {}],
    ['of a subresource to which nothing was applied', 'me', 'scale', {}],
  ])('%s', (_what, manager, subresource, expected) => {
    expect(extract(things, object, manager, { subresource })).toEqual({ ...name, ...expected });
  });
});

describe('refused, with the place', () => {
  const cases: Record<string, [Thing, string]> = {
    'no managed fields: an informer may have dropped them': [
      { metadata: { name: 'a' } },
      'metadata.managedFields is missing: without them nobody knows who applied what',
    ],
    'no name': [
      { metadata: { managedFields: [] } },
      'metadata.name is required: an object that was applied has a name',
    ],
    'an object of another kind': [
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', managedFields: [] } },
      'expected an object of example.com/v1 Thing, got "v1" "Pod"',
    ],
    'another version': [
      thing({}, entry({}, { apiVersion: 'example.com/v2' })),
      'metadata.managedFields[0]: applied as "example.com/v2"; read the object in that version',
    ],
    'another notation': [
      thing({}, entry({}, { fieldsType: 'FieldsV2' })),
      'metadata.managedFields[0]: fields are of type "FieldsV2", expected "FieldsV1"',
    ],
  };
  test.each(Object.entries(cases))('%s', (_what, [object, message]) => {
    expect(() => extract(things, object, 'me')).toThrow(new ManagedFieldsError(message));
  });
});

test('the configuration has the type that the descriptor says', () => {
  const object = thing({}, entry({}));
  expectTypeOf(extract(things, object, 'me')).toEqualTypeOf<ThingApplyConfiguration>();
  // @ts-expect-error -- a manager is needed
  expect(extract(things, object)).toEqual(name);
});
