import { describe, expect, it, test } from 'vitest';
import { documentOf, refTo, schemaOf } from './document.test.kit.js';
import { validate } from './validate.js';

const text = { type: 'string' };

/** One field `a`, so that problems have a path. */
function problemsOf(field: unknown, value: unknown, { go = false } = {}): string[] {
  const schema = schemaOf({ type: 'object', properties: { a: field } }, { go });
  return validate(schema, { a: value }).map(({ message }) => message);
}

describe('validate', () => {
  test.for<[string, unknown, unknown, string[]]>([
    ['any value', {}, { b: [1] }, []],
    [
      'fields without a type',
      { properties: { b: text } },
      { b: 1, c: 1 },
      ['a.b: expected a string, got an integer', 'a.c: unknown field'],
    ],
    ['elements without a type', { items: text }, [1], ['a[0]: expected a string, got an integer']],
    ['an integer without end', { type: 'integer' }, 2n ** 70n, []],
    ['64 bits', { type: 'integer', format: 'int64' }, 2n ** 63n - 1n, []],
    ['more than 64 bits', { type: 'integer', format: 'int64' }, 2n ** 63n, ['a: expected an integer of 64 bits']],
    ['a format that is not known', { ...text, format: 'toString' }, 'x', []],
    ['no number', { type: 'number' }, Number.NaN, ['a: expected a number, got a number']],
    ['a long integer that is too large', { type: 'integer', maximum: 5 }, 6n, ['a: expected at most 5']],
    ['just too large', { type: 'integer', maximum: 5, exclusiveMaximum: true }, 5n, ['a: expected less than 5']],
    ['too few', { type: 'array', minItems: 1 }, [], ['a: expected elements: at least 1']],
    ['too few fields', { type: 'object', minProperties: 1 }, {}, ['a: expected fields: at least 1']],
    ['elements of any kind', { type: 'array' }, [1, 'a', null], []],
    [
      'a long enumeration',
      { enum: Array.from({ length: 30 }, (_, i) => i) },
      -1,
      [expect.stringMatching(/19, …, got -1$/) as string],
    ],
    ['a map of anything', { type: 'object', additionalProperties: true }, { b: 1 }, []],
    [
      'a map with named fields',
      { type: 'object', properties: { b: text }, additionalProperties: { type: 'integer' } },
      { b: 'x', c: 1 },
      [],
    ],
    ['nothing', text, undefined, []],
    [
      'a day that is none',
      { ...text, format: 'date-time' },
      '2026-13-45T12:00:00Z',
      ['a: expected a time such as 2026-01-31T12:00:00Z'],
    ],
  ])('%s', ([, field, value, expected]) => {
    expect(problemsOf(field, value)).toEqual(expected);
  });

  test.for([
    ['1', true],
    ['.5Ki', true],
    ['1.', true],
    ['-1.5m', true],
    ['+2E3', true],
    ['1e-3', true],
    ['', false],
    ['.', false],
    ['1 Gi', false],
    ['1e', false],
    ['1KI', false],
    ['0x1', false],
  ] as const)('quantity %j', ([value, isValid]) => {
    const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
    const choice = { [quantity]: { oneOf: [text, { type: 'number' }] } };
    const schema = schemaOf({ type: 'object', properties: { a: refTo(quantity) } }, { others: choice });
    const messages = validate(schema, { a: value }).map(({ message }) => message);
    expect(messages).toEqual(isValid ? [] : ['a: expected a quantity such as 500m or 2Gi']);
  });

  it('tells of root problems without a path', () => {
    expect(validate(schemaOf({ type: 'object' }), [])).toEqual([
      { path: '', reason: 'type', message: 'expected an object, got a list' },
    ]);
  });

  it('wants an object to say of itself what it is', () => {
    const kinds = [{ group: 'example.com', version: 'v1', kind: 'Widget' }];
    const fields = { apiVersion: text, kind: text };
    const root = { type: 'object', properties: fields, 'x-kubernetes-group-version-kind': kinds };
    const schema = schemaOf(root);
    const messages = (object: unknown): string[] => validate(schema, object).map(({ message }) => message);
    expect(messages({ apiVersion: 'example.com/v1', kind: 'Widget' })).toEqual([]);
    expect(messages({})).toEqual(['apiVersion: required', 'kind: required']);
    expect(validate(schemaOf({ ...root, required: ['kind'] }), {})).toHaveLength(2);
    expect(messages({ apiVersion: 'v1', kind: 'Widget' })).toEqual(['kind: expected Widget of example.com/v1']);
  });

  it('suggests what was meant', () => {
    const schema = schemaOf({ type: 'object', properties: { replicas: {}, selector: {} } });
    expect(validate(schema, { Replicas: 1 })).toEqual([
      {
        path: 'Replicas',
        reason: 'unknownField',
        message: 'Replicas: unknown field; did you mean "replicas"?',
        suggestion: 'replicas',
      },
    ]);
    expect(validate(schema, { else: 1 })).toEqual([
      { path: 'else', reason: 'unknownField', message: 'else: unknown field' },
    ]);
  });

  it('never shows a value that may be a secret', () => {
    const fields = { b: { ...text, format: 'byte' }, c: { type: 'integer' }, d: { ...text, maxLength: 1 } };
    const schema = schemaOf({ type: 'object', properties: fields });
    const problems = validate(schema, { b: 's3cret!', c: 's3cret!', d: 's3cret!', e: 's3cret!' });
    expect(problems.map(({ path }) => path)).toEqual(['b', 'c', 'd', 'e']);
    expect(JSON.stringify(problems)).not.toContain('s3cret');
  });

  it('escapes what is in names', () => {
    const [problem] = validate(schemaOf({ type: 'object' }), { ['\u001B[31m' + 'x'.repeat(1000)]: 1 });
    expect(problem?.path).toMatch(/^\["\\u001b\[31mx{95}…"\]$/);
  });

  it('holds an object with a member named __proto__ to the schema', () => {
    const object: unknown = JSON.parse('{"__proto__":1,"constructor":2}');
    expect(validate(schemaOf({ type: 'object' }), object).map(({ path }) => path)).toEqual([
      '__proto__',
      'constructor',
    ]);
    const schema = documentOf('{"A":{"type":"object","required":["__proto__","toString"]}}').schema('A');
    expect(validate(schema, {}).map(({ path }) => path)).toEqual(['__proto__', 'toString']);
  });

  it('takes a default that is zero for one only of custom resources', () => {
    const schema = { type: 'object', required: ['a'], properties: { a: { ...text, default: '' } } };
    expect(validate(schemaOf(schema), {})).toEqual([]);
    expect(validate(schemaOf(schema, { go: true }), {})).toMatchObject([{ path: 'a', reason: 'required' }]);
  });

  it('looks into objects that a Go type leaves open, and not into structs without fields', () => {
    const raw = 'io.k8s.apimachinery.pkg.runtime.RawExtension';
    const fields = { open: refTo(raw), closed: { type: 'object' } };
    const schema = schemaOf(
      { type: 'object', properties: fields },
      { go: true, others: { [raw]: { type: 'object' } } },
    );
    expect(validate(schema, { open: { a: 1 }, closed: { a: 1 } }).map(({ path }) => path)).toEqual(['closed.a']);
  });

  it('stops at the limit', () => {
    const object = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, i]));
    expect(validate(schemaOf({ type: 'object' }), object)).toHaveLength(100);
    expect(validate(schemaOf({ type: 'object' }), object, { limit: 3 })).toHaveLength(3);
    const required = Array.from({ length: 1000 }, (_, i) => `f${i}`);
    expect(validate(schemaOf({ type: 'object', required }), {}, { limit: 1 })).toHaveLength(1);
  });

  it('stops at a depth that no object has', () => {
    let object: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) object = { a: [object] };
    const schema = documentOf({ A: { type: 'object', properties: { a: { type: 'array', items: refTo('A') } } } });
    expect(validate(schema.schema('A'), object)).toMatchObject([{ reason: 'tooDeep' }]);
  });

  test.for<[string, unknown, unknown[], string[]]>([
    ['a set of several types', { 'x-kubernetes-list-type': 'set' }, [1, '1', 1n, true, 'true', 1], ['a[5]']],
    ['a set of objects', { 'x-kubernetes-list-type': 'set' }, [{}, {}], []],
    ['a map without keys', { 'x-kubernetes-list-type': 'map' }, [{}, {}], []],
    ['a map of what is none', { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] }, [1, 1], []],
    [
      'a map with a key of the prototype',
      { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['toString'] },
      [{}, { toString: 'x' }, { toString: 'x' }],
      ['a[2]'],
    ],
  ])('duplicates: %s', ([, list, value, paths]) => {
    const schema = schemaOf({ type: 'object', properties: { a: { type: 'array', ...(list as object) } } });
    expect(validate(schema, { a: value }).map(({ path }) => path)).toEqual(paths);
  });
});
