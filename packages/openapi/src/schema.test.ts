import { describe, expect, it, test } from 'vitest';
import { documentOf, refTo, schemaOf } from './document.test.kit.js';
import { OpenApiDocument } from './open-api-document.js';
import { isOpenApiError, OpenApiError } from './open-api-error.js';
import type { Schema } from './schema.js';

const widget = { group: 'example.com', version: 'v1', kind: 'Widget' };

describe('OpenApiDocument', () => {
  it('finds schemas by kind and by name, in both versions of OpenAPI', () => {
    const schemas = {
      Other: { type: 'object' },
      Mine: {
        type: 'object',
        'x-kubernetes-group-version-kind': [null, { group: 1 }, { ...widget, kind: 'X' }, widget],
      },
      Second: { type: 'string', 'x-kubernetes-group-version-kind': [widget] },
    };
    for (const document of [{ components: { schemas } }, { swagger: '2.0', definitions: schemas }]) {
      const parsed = new OpenApiDocument(document);
      expect(parsed.schemaNames).toEqual(['Other', 'Mine', 'Second']);
      expect(parsed.schema(widget).name).toBe('Mine');
      expect(parsed.schema('Mine')).toBe(parsed.schema(widget));
    }
  });

  it('has no schema where a document of a server has none', () => {
    expect(new OpenApiDocument({ openapi: '3.0.0', paths: {} }).schemaNames).toEqual([]);
  });

  test.for<[string, () => unknown, string, string]>([
    ['a list', () => new OpenApiDocument([]), 'malformed', 'an OpenAPI document should be an object'],
    ['a schema that is none', () => documentOf({ A: 1 }), 'malformed', 'A: a schema should be an object'],
    [
      'a kind that is not there',
      () => documentOf({}).schema(widget),
      'notFound',
      'no schema for example.com/v1/Widget',
    ],
    ['a name that is not there', () => documentOf({}).schema('A'), 'notFound', 'no schema for A'],
    ['a name of the prototype', () => documentOf({}).schema('constructor'), 'notFound', 'no schema for constructor'],
    ['and the prototype itself', () => documentOf({}).schema('__proto__'), 'notFound', 'no schema for __proto__'],
  ])('refuses %s', ([, act, reason, message]) => {
    expect(act).toThrow(OpenApiError);
    expect(act).toThrow(expect.objectContaining({ reason, message: expect.stringContaining(message) }));
  });
});

describe('Schema', () => {
  it('follows a reference, and keeps what is said beside it', () => {
    const spec = { type: 'object', description: 'Of the type.', properties: { a: { type: 'string' } } };
    const field = { description: 'Of the field.', default: {}, allOf: [refTo('com.example.v1.Spec')] };
    const schema = schemaOf({ properties: { spec: field } }, { others: { 'com.example.v1.Spec': spec } });
    const found = schema.property('spec')!;
    expect(found.name).toBe('com.example.v1.Spec');
    expect(found.type).toBe('object');
    expect(found.default).toEqual({});
    expect(found.descriptions).toEqual(['Of the field.', 'Of the type.']);
    expect(found.property('a')?.type).toBe('string');
    expect(schema.property('spec')).toBe(found);
  });

  it('merges properties that several parts have', () => {
    const schema = schemaOf({
      type: 'object',
      properties: { a: { type: 'string' } },
      allOf: [{ required: ['a'], properties: { a: { maxLength: 3 } } }, { properties: { b: { type: 'integer' } } }],
    });
    expect([...schema.propertyNames]).toEqual(['a', 'b']);
    expect([...schema.required]).toEqual(['a']);
    expect(schema.property('a')?.type).toBe('string');
    expect(schema.property('a')?.limits.get('maxLength')).toBe(3);
  });

  it('may be recursive', () => {
    const tree = { type: 'object', properties: { left: refTo('Tree'), all: { type: 'array', items: refTo('Tree') } } };
    const inside = (schema?: Schema): Schema | undefined => schema?.property('left')?.property('all')?.items;
    const once = inside(documentOf({ Tree: tree }).schema('Tree'));
    expect(once?.name).toBe('Tree');
    // Or a small document could fill the memory of whoever walks through it.
    expect(inside(inside(once))).toBe(once);
  });

  it('may be recursive in several parts', () => {
    const other = (name: string): unknown => ({ properties: { a: refTo(name) } });
    const document = documentOf({ A: { allOf: [refTo('B'), refTo('C')] }, B: other('B'), C: other('C') });
    const inside = document.schema('A').property('a')?.property('a');
    expect(inside?.property('a')?.property('a')).toBe(inside);
  });

  it('knows names of the prototype only where the document has them', () => {
    const schema = documentOf('{"A":{"properties":{"__proto__":{"type":"string"}}}}').schema('A');
    expect(schema.property('__proto__')?.type).toBe('string');
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) expect(schema.property(name)).toBeUndefined();
    expect(({} as { type?: unknown }).type).toBeUndefined();
  });

  test.for<[string, Record<string, unknown>, string, string]>([
    ['a reference to nowhere', { A: refTo('B') }, 'malformed', 'A: there is no schema B'],
    ['a reference to the prototype', { A: refTo('__proto__') }, 'malformed', 'A: there is no schema __proto__'],
    ['a reference to another file', { A: { $ref: 'other.json#/A' } }, 'malformed', 'leads out of the document'],
    ['a reference that is none', { A: { $ref: 1 } }, 'malformed', 'A: the reference of type number leads out'],
    ['a cycle of references', { A: refTo('B'), B: { allOf: [refTo('A')] } }, 'malformed', 'is a cycle'],
    [
      'a name with control characters',
      { A: { properties: { '\u001B[2J': refTo('\u0007') } } },
      'malformed',
      String.raw`A["\u001b[2J"]: there is no schema "\u0007"`,
    ],
    ['a part that is none', { A: { allOf: [null] } }, 'malformed', 'A: a schema should be an object'],
    [
      'parts that double',
      {
        ...Object.fromEntries(
          Array.from({ length: 30 }, (_, i) => [`A${i}`, { allOf: [refTo(`A${i + 1}`), refTo(`A${i + 1}`)] }]),
        ),
        A: refTo('A0'),
        A30: {},
      },
      'tooLarge',
      'A: a schema has more than 64 parts',
    ],
    ['many parts', { A: { allOf: Array.from({ length: 100_000 }, () => ({})) } }, 'tooLarge', 'more than 64 parts'],
  ])('refuses %s', ([, schemas, reason, message]) => {
    const act = (): unknown => documentOf(schemas).schema('A').property('\u001B[2J');
    expect(act).toThrow(expect.objectContaining({ reason, message: expect.stringContaining(message) }));
  });

  it('reads what has a wrong type as if it were not there', () => {
    const schema = schemaOf({
      type: ['object'],
      properties: [1],
      required: 'all',
      enum: {},
      description: 1,
      minimum: '1',
      additionalProperties: 'yes',
      'x-kubernetes-list-map-keys': 'name',
      'x-kubernetes-group-version-kind': {},
    });
    expect(schema.type).toBeUndefined();
    expect(schema.propertyNames.size + schema.required.size + schema.kinds.length).toBe(0);
    expect([schema.enum, schema.values, schema.limits.size]).toEqual([undefined, undefined, 0]);
    expect([schema.descriptions, schema.listMapKeys, schema.allowsUnknown]).toEqual([[], [], false]);
  });

  test('an error is known across copies of the package', () => {
    expect(isOpenApiError(new OpenApiError('notFound', 'x'))).toBe(true);
    expect(isOpenApiError(new Error('x'))).toBe(false);
  });
});
