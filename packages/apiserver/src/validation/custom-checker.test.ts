import { schema as builtIn } from '@client-ts/api/schema';
import { describe, expect, it } from 'vitest';
import type { CheckedObject, ObjectToCheck } from '../object-checker.js';
import type { ServedResource } from '../resource-registry.js';
import { checkCustom } from './custom-checker.js';

type Fields = Record<string, unknown>;

const resource: ServedResource = {
  group: 'example.com',
  version: 'v1',
  resource: 'things',
  kind: 'Thing',
  scope: 'Namespaced',
  singular: 'thing',
  listKind: 'ThingList',
  verbs: [],
  shortNames: [],
  categories: [],
  served: [],
};

/** Checks a Thing whose spec has these properties. */
function check(properties: Fields, spec: unknown, more: Partial<ObjectToCheck> = {}): CheckedObject {
  const schema = { type: 'object', properties: { spec: { type: 'object', properties } } };
  return checkWith(schema, { spec }, more);
}

function checkWith(schema: Fields | undefined, fields: Fields, more: Partial<ObjectToCheck> = {}): CheckedObject {
  const facts = {
    ...(schema ? { schema } : {}),
    preserveUnknownFields: false,
    printerColumns: [],
    selectableFields: [],
    storageVersion: 'v1',
  };
  const object = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' }, ...fields };
  return checkCustom(builtIn, facts, {
    resource,
    subresource: '',
    operation: 'create',
    object,
    fieldValidation: 'Warn',
    ...more,
  });
}

function specOf({ object }: CheckedObject): unknown {
  return (object as { spec?: unknown }).spec;
}

function problemsOf({ causes }: CheckedObject): string[] {
  return causes.map(({ field, message }) => `${field}: ${message}`);
}

const text = { type: 'string' };
const map = { type: 'object', additionalProperties: text };

// What a real server answers.
describe('a value that does not fit', () => {
  it.each<[Fields, unknown, string[]]>([
    [text, 5, ['spec.x: Invalid value: "integer": spec.x in body must be of type string: "integer"']],
    [{ type: 'integer' }, 'a', ['spec.x: Invalid value: "string": spec.x in body must be of type integer: "string"']],
    [{ type: 'integer' }, 1.5, ['spec.x: Invalid value: "number": spec.x in body must be of type integer: "number"']],
    [{ type: 'number' }, 1, []],
    [{ type: 'object' }, [], ['spec.x: Invalid value: "array": spec.x in body must be of type object: "array"']],
    [
      { type: 'array', items: text },
      {},
      ['spec.x: Invalid value: "object": spec.x in body must be of type array: "object"'],
    ],
    [
      { type: 'array', items: text },
      [1],
      ['spec.x[0]: Invalid value: "integer": spec.x[0] in body must be of type string: "integer"'],
    ],
    [
      { type: 'array', items: { type: 'object' } },
      [null],
      ['spec.x[0]: Invalid value: "null": spec.x[0] in body must be of type object: "null"'],
    ],
    [map, { a: 1 }, ['spec.x.a: Invalid value: "integer": spec.x.a in body must be of type string: "integer"']],
    [
      { 'x-kubernetes-int-or-string': true },
      true,
      ['spec.x: Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"'],
    ],
    [{ 'x-kubernetes-int-or-string': true }, 'http', []],
    [
      { 'x-kubernetes-int-or-string': true, maximum: 5 },
      6,
      ['spec.x: Invalid value: 6: spec.x in body should be less than or equal to 5'],
    ],
    [{ ...text, enum: ['a', 'b'] }, 'c', ['spec.x: Unsupported value: "c": supported values: "a", "b"']],
    [{ type: 'integer', enum: [1, 2] }, 3, ['spec.x: Unsupported value: 3: supported values: "1", "2"']],
    [{ ...text, maxLength: 2 }, 'äöü', ['spec.x: Too long: may not be more than 2 bytes']],
    [{ ...text, maxLength: 2 }, 'äö', []],
    [{ ...text, minLength: 2 }, 'a', ['spec.x: Invalid value: "a": spec.x in body should be at least 2 chars long']],
    [{ ...text, pattern: '^b' }, 'a', [`spec.x: Invalid value: "a": spec.x in body should match '^b'`]],
    [{ ...text, pattern: '^(a+)+$', maxLength: 3 }, 'aaaa!', ['spec.x: Too long: may not be more than 3 bytes']],
    [
      { ...text, format: 'date-time' },
      'a',
      ['spec.x: Invalid value: "a": spec.x in body must be of type date-time: "a"'],
    ],
    [
      { type: 'integer', minimum: 1 },
      0,
      ['spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1'],
    ],
    [
      { type: 'integer', maximum: 5, exclusiveMaximum: true },
      5,
      ['spec.x: Invalid value: 5: spec.x in body should be less than 5'],
    ],
    [{ type: 'integer', multipleOf: 3 }, 4, ['spec.x: Invalid value: 4: spec.x in body should be a multiple of 3']],
    [
      { type: 'integer', format: 'int32' },
      3e9,
      ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.x'],
    ],
    [{ type: 'array', items: text, maxItems: 1 }, ['a', 'b'], ['spec.x: Too many: 2: must have at most 1 item']],
    [
      { type: 'array', items: text, minItems: 1 },
      [],
      ['spec.x: Invalid value: 0: spec.x in body should have at least 1 items'],
    ],
    [{ ...map, maxProperties: 1 }, { a: 'a', b: 'b' }, ['spec.x: Too many: 2: must have at most 1 item']],
    [{ ...map, minProperties: 1 }, {}, ['spec.x: Invalid value: 0: spec.x in body should have at least 1 properties']],
    [{ type: 'object', properties: { a: text }, required: ['a'] }, {}, ['spec.x.a: Required value']],
    [{ type: 'array', items: text, 'x-kubernetes-list-type': 'set' }, ['a', 'a'], ['spec.x[1]: Duplicate value: "a"']],
    [
      {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['a', 'b'],
        items: { type: 'object', properties: { a: text, b: { type: 'integer' } } },
      },
      [
        { a: 'x', b: 1 },
        { a: 'x', b: 2 },
        { b: 1, a: 'x' },
      ],
      ['spec.x[2]: Duplicate value: {"a":"x","b":1}'],
    ],
    [
      { ...map, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      ['<nil>: Invalid value: "": "spec.x" must validate at least one schema (anyOf)', 'spec.x.a: Required value'],
    ],
    [
      { ...map, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      { a: 'a', b: 'b' },
      ['<nil>: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
    ],
    [
      { ...text, allOf: [{ minLength: 3 }, { pattern: '^a' }] },
      'b',
      [
        'spec.x: Invalid value: "b": spec.x in body should be at least 3 chars long',
        `spec.x: Invalid value: "b": spec.x in body should match '^a'`,
        '<nil>: Invalid value: "": "spec.x" must validate all the schemas (allOf). None validated',
      ],
    ],
    [
      { ...map, not: { required: ['a'] } },
      { a: 'a' },
      ['<nil>: Invalid value: "": "spec.x" must not validate the schema (not)'],
    ],
  ])('%j: %j', (x, value, problems) => {
    expect(problemsOf(check({ x }, { x: value }))).toEqual(problems);
  });

  it('is refused where nobody can read the pattern', () => {
    const [problem] = problemsOf(check({ x: { ...text, pattern: '(?=a)' } }, { x: 'a' }));
    expect(problem).toContain('error parsing regexp');
  });

  it('ends the check before rules in CEL, as a real server says', () => {
    const rules = { 'x-kubernetes-validations': [{ rule: 'self.size() > 1' }] };
    expect(problemsOf(check({ x: { ...text, ...rules } }, { x: 1 })).at(-1)).toContain(
      'some validation rules were not checked',
    );
    expect(problemsOf(check({ x: { ...text, ...rules } }, { x: 'a' }))).toEqual([]);
  });
});

describe('pruning', () => {
  it('drops what the schema does not know, and tells where it was', () => {
    const items = { type: 'object', properties: { name: text } };
    const result = check({ list: { type: 'array', items } }, { list: [{ name: 'a', q: 1 }], foo: 1 });
    expect(specOf(result)).toEqual({ list: [{ name: 'a' }] });
    expect(result.warnings).toEqual(['unknown field "spec.foo"', 'unknown field "spec.list[0].q"']);
  });

  it('keeps what it is told to keep, and prunes again below', () => {
    const x = {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { known: { type: 'object', properties: { a: text } } },
    };
    const result = check({ x }, { x: { other: { b: null }, known: { a: 'a', b: 1 } } });
    expect(specOf(result)).toEqual({ x: { other: { b: null }, known: { a: 'a' } } });
    expect(result.strictErrors).toEqual(['unknown field "spec.x.known.b"']);
  });

  it('keeps everything without a schema', () => {
    expect(checkWith(undefined, { anything: { a: [1] } }).object).toMatchObject({ anything: { a: [1] } });
  });

  it('knows the metadata of the object and of embedded ones', () => {
    const template = { type: 'object', 'x-kubernetes-embedded-resource': true };
    const embedded = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', foo: 1 }, spec: {} };
    const result = checkWith(
      { type: 'object', properties: { template } },
      { metadata: { name: 'x', bar: 1 }, template: embedded },
    );
    expect(result.object).toMatchObject({ template: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } } });
    expect(result.strictErrors).toEqual([
      'unknown field "metadata.bar"',
      'unknown field "template.metadata.foo"',
      'unknown field "template.spec"',
    ]);
  });

  it('asks embedded objects what they are', () => {
    const template = { type: 'object', 'x-kubernetes-embedded-resource': true };
    const schema = { type: 'object', properties: { template } };
    expect(problemsOf(checkWith(schema, { template: {} }))).toEqual([
      'template.apiVersion: Required value',
      'template.kind: Required value',
    ]);
    expect(problemsOf(checkWith(schema, { template: { apiVersion: '', kind: '' } }))).toEqual([
      'template.apiVersion: Invalid value: "": must not be empty',
      'template.kind: Invalid value: "": must not be empty',
    ]);
    expect(checkWith(schema, { template: { metadata: 5 } }).decodeError).toBe(
      'template.metadata: Invalid value: 5: json: cannot unmarshal number into Go value of type v1.ObjectMeta',
    );
  });

  it('takes hostile names for names', () => {
    const spec = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as unknown;
    const result = check({ x: text }, spec);
    expect(specOf(result)).toEqual({});
    expect(result.strictErrors).toEqual(['unknown field "spec.__proto__"', 'unknown field "spec.constructor"']);
    expect(specOf(check(JSON.parse('{"__proto__":{"type":"object"}}') as Fields, spec))).toEqual(
      JSON.parse('{"__proto__":{}}'),
    );
  });
});

describe('defaults', () => {
  const properties = {
    image: { ...text, default: 'nginx' },
    nested: { type: 'object', default: {}, properties: { x: { type: 'integer', default: 7 } } },
    list: { type: 'array', items: { type: 'object', properties: { v: { type: 'integer', default: 5 } } } },
    maybe: { ...text, nullable: true },
    map,
  };

  it.each<[unknown, unknown]>([
    [{}, { image: 'nginx', nested: { x: 7 } }],
    [
      { image: 'a', nested: { x: 1 } },
      { image: 'a', nested: { x: 1 } },
    ],
    [{ image: null }, { image: 'nginx', nested: { x: 7 } }],
    [
      { maybe: null, map: { a: null } },
      { maybe: null, map: {}, image: 'nginx', nested: { x: 7 } },
    ],
    [{ list: [{}, { v: 1 }] }, { list: [{ v: 5 }, { v: 1 }], image: 'nginx', nested: { x: 7 } }],
  ])('fill in what is missing, or null where null may not be: %j', (spec, defaulted) => {
    expect(specOf(check(properties, spec))).toEqual(defaulted);
  });

  it('belong to each object alone', () => {
    const [a, b] = [specOf(check(properties, {})), specOf(check(properties, {}))] as { nested: { x: number } }[];
    if (a) a.nested.x = 1;
    expect(b?.nested.x).toBe(7);
  });
});

describe('a change', () => {
  const properties = { a: { ...text, maxLength: 1 }, b: text };

  it('is not stopped by what was there before the schema became stricter', () => {
    const old = { apiVersion: 'example.com/v1', kind: 'Thing', spec: { a: 'long', b: 'x' } } as object;
    const update = { operation: 'update', old } as const;
    expect(problemsOf(check(properties, { a: 'long', b: 'y' }, update))).toEqual([]);
    expect(problemsOf(check(properties, { a: 'longer', b: 'x' }, update))).toHaveLength(1);
  });

  it('is looked at in elements that have moved', () => {
    const items = { type: 'object', properties: { name: text, v: { ...text, maxLength: 1 } } };
    const list = { type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
    const [a, b] = ['a', 'b'].map((name) => ({ name, v: 'long' }));
    const old = { apiVersion: 'example.com/v1', kind: 'Thing', spec: { list: [a, b] } } as object;
    const update = { operation: 'update', old } as const;
    expect(problemsOf(check({ list }, { list: [b, a] }, update))).toEqual([]);
    expect(problemsOf(check({ list }, { list: [b, { ...a, v: 'other' }] }, update))).toHaveLength(1);
  });
});
