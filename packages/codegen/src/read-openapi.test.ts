import { describe, expect, test } from 'vitest';
import { FactsError } from './facts.js';
import { type OpenApiSchema, readTypes } from './read-openapi.js';

function read(schemas: Record<string, OpenApiSchema>) {
  return Object.fromEntries(readTypes([{ components: { schemas } }]));
}

const Ref = { $ref: '#/components/schemas/x.v1.T' };

describe('a property becomes a field', () => {
  test.each<[string, OpenApiSchema, object]>([
    ['string', { type: 'string' }, { type: 'string' }],
    ['integer', { type: 'integer', format: 'int32' }, { type: 'integer', format: 'int32' }],
    ['enumeration', { type: 'string', enum: ['A', 'B'] }, { type: 'string', enum: ['A', 'B'] }],
    ['reference', Ref, { ref: 'x.v1.T' }],
    ['reference with a default', { allOf: [Ref], default: {} }, { ref: 'x.v1.T', default: {} }],
    ['map', { type: 'object', additionalProperties: Ref }, { type: 'map', items: { ref: 'x.v1.T' } }],
    [
      'map of lists',
      { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
      { type: 'map', items: { type: 'array', items: { type: 'string' } } },
    ],
    ['atomic map', { allOf: [Ref], 'x-kubernetes-map-type': 'atomic' }, { ref: 'x.v1.T', mapType: 'atomic' }],
    [
      'list map',
      {
        type: 'array',
        items: Ref,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['port', 'protocol'],
        'x-kubernetes-patch-strategy': 'merge,retainKeys',
        'x-kubernetes-patch-merge-key': 'port',
      },
      {
        type: 'array',
        items: { ref: 'x.v1.T' },
        listType: 'map',
        listMapKeys: ['port', 'protocol'],
        patchStrategy: ['merge', 'retainKeys'],
        patchMergeKey: 'port',
      },
    ],
    [
      'int-or-string',
      { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
      { type: 'int-or-string' },
    ],
    ['int-or-string of a CRD', { 'x-kubernetes-int-or-string': true }, { type: 'int-or-string' }],
    ['quantity', { oneOf: [{ type: 'string' }, { type: 'number' }] }, { type: 'quantity' }],
    ['anything', {}, { type: 'any' }],
    [
      'preserved',
      { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      { type: 'object', preserveUnknown: true },
    ],
  ])('%s', (_what, schema, field) => {
    expect(read({ T: { type: 'object', properties: { f: schema } } })).toEqual({
      T: { type: 'object', fields: { f: field } },
    });
  });
});

test('prose is left out, fields are sorted, and required ones marked', () => {
  const schema = { type: 'object', required: ['b'], properties: { b: { type: 'string', description: 'x' }, a: Ref } };
  expect(JSON.stringify(read({ T: schema }))).toBe(
    '{"T":{"type":"object","fields":{"a":{"ref":"x.v1.T"},"b":{"type":"string","required":true}}}}',
  );
});

function type(...kinds: string[]): OpenApiSchema {
  return {
    type: 'object',
    'x-kubernetes-group-version-kind': kinds.map((kind) => ({ group: 'g', version: 'v1', kind })),
  };
}

describe('the kind of a type', () => {
  test('is kept when there is one', () => {
    expect(read({ T: type('T') })['T']).toEqual({
      groupVersionKind: { group: 'g', version: 'v1', kind: 'T' },
      type: 'object',
    });
  });

  test.each([
    ['several', [{ T: type('A', 'B') }]],
    ['another in another document', [{ T: type('A') }, { T: type('B') }]],
  ])('is left out when there is %s', (_what, documents) => {
    const types = readTypes(documents.map((schemas) => ({ components: { schemas } })));
    expect(types.get('T')).toEqual({ type: 'object' });
  });
});

describe('refused', () => {
  test.each<[string, OpenApiSchema]>([
    ['a reference out of the document', { $ref: 'https://example.com/schema' }],
    ['an unknown type', { type: 'date' }],
    ['an unknown choice', { oneOf: [{ type: 'object' }, { type: 'boolean' }] }],
    ['an unknown kind of list', { type: 'array', items: {}, 'x-kubernetes-list-type': 'bag' }],
    ['an unknown patch strategy', { type: 'array', items: {}, 'x-kubernetes-patch-strategy': 'merge,guess' }],
  ])('%s', (_what, schema) => {
    expect(() => read({ T: { type: 'object', properties: { f: schema } } })).toThrow(FactsError);
  });

  test('documents that contradict each other', () => {
    const documents = ['string', 'boolean'].map((type) => ({ components: { schemas: { T: { type } } } }));
    expect(() => readTypes(documents)).toThrow('type T differs between the documents');
  });
});
