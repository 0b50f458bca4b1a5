import type { KubernetesObject } from '@client-ts/apimachinery';
import { isUnknownFieldsError, StatusError } from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import { ProtobufError } from './protobuf/protobuf-error.js';
import { protobuf } from './protobuf.js';
import { drain, emptySpec, meta, things, thingType } from './protobuf/things.test.kit.js';

const codec = protobuf(things);
const options = { what: 'GET things', type: thingType };

function thing(spec: object, metadata: object = { name: 'one' }): KubernetesObject {
  return { apiVersion: 'example.com/v1', kind: 'Thing', metadata, spec } as KubernetesObject;
}

/** What comes of an object that is written and read again. */
function there(object: KubernetesObject): unknown {
  return codec.decode(codec.encode(object), options);
}

describe('a field', () => {
  test.each<[string, object]>([
    ['string', { name: 'a' }],
    ['text beyond ASCII, as long as its bytes', { name: 'äöü', labels: { ö: '日本語' } }],
    ['long text', { name: 'x'.repeat(300) }],
    ['int32', { size: 7 }],
    ['negative int32', { size: -(2 ** 31) }],
    ['int64', { count: Number.MAX_SAFE_INTEGER }],
    ['negative int64', { count: -Number.MAX_SAFE_INTEGER }],
    ['int64 beyond 2^53', { count: 9007199254740993n, raw: { a: [9007199254740993n] } }],
    ['the largest and the least int64', { count: 2n ** 63n - 1n, self: { ...emptySpec, count: -(2n ** 63n) } }],
    ['int64 that is 0 and set', { count: 0 }],
    ['bool', { ready: true }],
    ['double', { ratio: 0.1 }],
    ['bytes', { key: 'AAECA/8=' }],
    ['bytes that are empty and set', { key: '' }],
    ['quantity', { limit: '500m' }],
    ['time', { begin: '2026-01-02T03:04:05Z' }],
    ['time before 1970', { begin: '1969-12-31T23:59:59Z' }],
    ['time with microseconds', { seen: '2026-01-02T03:04:05.000006Z' }],
    ['int or string: int', { port: 8080 }],
    ['int or string: string', { port: 'http' }],
    ['int or string: empty', { port: '' }],
    ['JSON', { raw: { a: [1, null, 'x'], ['__proto__']: 1 } }],
    ['message', { part: { id: 'a', weight: 0 } }],
    ['message that is empty and set', { part: { id: '' } }],
    ['fields of a message among others', { path: '/a', secret: { id: 'b' }, mode: 3 }],
    ['list of messages', { parts: [{ id: 'a' }, { id: 'b', weight: 1 }] }],
    ['list of strings', { names: ['a', '', 'b'] }],
    ['list of integers', { ports: [0, 80, -1] }],
    ['map of strings', { labels: { a: '', ['__proto__']: 'c' } }],
    ['map of quantities', { limits: { cpu: '1', memory: '2Gi' } }],
    ['map of bytes', { data: { a: 'AAEC', b: '' } }],
    ['list with a name of its own', { verbs: ['get'] }],
    ['such a list that is empty', { verbs: [] }],
    ['map of such lists', { extra: { a: ['b', 'c'], d: [] } }],
    ['choice: true', { schema: true }],
    ['choice: false', { schema: false }],
    ['choice: schema', { schema: { title: 'a', properties: { b: { more: false } } } }],
    ['choice: one', { items: { title: 'a' } }],
    ['choice: list', { items: [{ title: 'a' }, {}] }],
    ['message within itself', { self: { ...emptySpec, self: { ...emptySpec, size: 1 } } }],
  ])('%s', (_, spec) => {
    expect(there(thing(spec))).toStrictEqual(thing({ ...emptySpec, ...spec }));
  });

  test('without a value is left out, zero or null as JSON has it', () => {
    const spec = { size: 0, ready: false, labels: {}, parts: [], count: null, part: undefined };
    expect(there(thing(spec, {}))).toStrictEqual(thing(emptySpec, {}));
  });

  test.each<[object, unknown]>([
    [{ begin: '0001-01-01T00:00:00Z' }, { begin: null }],
    [{ begin: '2026-01-02T05:04:05+02:00' }, { begin: '2026-01-02T03:04:05Z' }],
    [{ begin: '2026-01-02T03:04:05.9Z' }, { begin: '2026-01-02T03:04:05Z' }],
    [{ seen: '2026-01-02T03:04:05.0000069Z' }, { seen: '2026-01-02T03:04:05.000006Z' }],
    [{ limit: 2 }, { limit: '2' }],
  ])('%j comes back as the server would write it', (spec, expected) => {
    expect(there(thing(spec))).toStrictEqual(thing({ ...emptySpec, ...(expected as object) }));
  });
});

test('any number of fields may be null', () => {
  const names = Array.from({ length: 70 }, (_, at) => `field${at}`);
  const wide = names.map((name, at) => `${at + 1} ${name} string*~`).join();
  const wider = protobuf({ ...things, messages: { ...things.messages, Spec: wide } });
  const nulls = Object.fromEntries(names.map((name) => [name, null]));
  for (const spec of [{}, { field69: ['a'] }, Object.fromEntries(names.map((name) => [name, ['a']]))]) {
    expect(wider.decode(wider.encode(thing(spec)), options)).toStrictEqual(thing({ ...nulls, ...spec }));
  }
});

test('an object within another one has its type', () => {
  const holder = { apiVersion: 'example.com/v1', kind: 'Holder', metadata: {}, things: [thing(emptySpec)] };
  expect(there(holder)).toStrictEqual(holder);
  const untyped = { metadata: { name: 'one' }, spec: emptySpec };
  expect(there({ ...holder, things: [untyped] } as KubernetesObject)).toStrictEqual(holder);
});

describe('an object is refused', () => {
  test.each<[object, string]>([
    [{ name: 1 }, 'spec.name: expected a string, got 1'],
    [{ size: '1' }, 'spec.size: expected an integer of 32 bits, got string'],
    [{ size: 2 ** 31 }, 'spec.size: expected an integer of 32 bits, got 2147483648'],
    [
      { count: 2 ** 53 },
      'spec.count: expected an integer of 64 bits, as a bigint where a number is not exact, got 9007199254740992',
    ],
    [{ count: 0.5 }, 'spec.count: expected an integer of 64 bits, as a bigint where a number is not exact, got 0.5'],
    [{ ready: 'true' }, 'spec.ready: expected a boolean, got string'],
    [{ ratio: '1' }, 'spec.ratio: expected a number, got string'],
    [{ key: '*' }, 'spec.key: expected base64, got string'],
    [{ limit: {} }, 'spec.limit: expected a string, got object'],
    [{ begin: 'now' }, 'spec.begin: expected an RFC 3339 time, got string'],
    [{ port: true }, 'spec.port: expected an integer of 32 bits, got boolean'],
    [{ part: [] }, 'spec.part: expected an object, got a list'],
    [{ parts: {} }, 'spec.parts: expected a list, got object'],
    [{ labels: [] }, 'spec.labels: expected an object, got a list'],
    [{ labels: { a: 1 } }, 'spec.labels.a: expected a string, got 1'],
    [{ schema: 'x' }, 'spec.schema: expected SchemaOrBool, got string'],
  ])('for a value of another type: %j', (spec, message) => {
    expect(() => codec.encode(thing(spec))).toThrow(new ProtobufError(`write a Thing: ${message}`));
  });

  test('for an integer of more than 64 bits', () => {
    const encode = (): unknown => codec.encode(thing({ count: 2n ** 63n }));
    expect(encode).toThrow('as a bigint where a number is not exact, got 9223372036854775808');
  });

  test('for a property without a number, unless it has no value', () => {
    const encode = (): unknown => codec.encode(thing({ parts: [{ id: 'a', color: 'red' }], other: undefined }));
    expect(encode).toThrow('write a Thing: example.com/v1 Thing has the unknown field spec.parts.color');
    expect(encode).toThrow(expect.toSatisfy(isUnknownFieldsError));
  });

  test('for a kind that is in no table, and for containing itself', () => {
    expect(() => codec.encode({ apiVersion: 'v1', kind: 'Other' })).toThrow('no protobuf table with Other of v1');
    const spec: { self?: object } = {};
    spec.self = spec;
    expect(() => codec.encode(thing(spec))).toThrow('more than 256 objects are within each other');
  });
});

test('it knows the kinds of its tables, their lists, and what belongs to every group version', () => {
  const known = (group: string, kind: string): boolean => codec.knows({ group, version: 'v1', kind });
  expect(['Thing', 'ThingList', 'Holder'].map((kind) => known('example.com', kind))).toEqual([true, true, true]);
  expect([known('', 'Status'), known('meta.k8s.io', 'PartialObjectMetadata'), known('apps', 'DeleteOptions')]).toEqual([
    true,
    true,
    true,
  ]);
  expect([known('example.com', 'Spec'), known('example.com', 'OtherList'), known('', 'Thing')]).toEqual([
    false,
    false,
    false,
  ]);
});

describe('what the tables do not have', () => {
  const newer = { ...things, messages: { ...things.messages, Part: '1 id string?,2 weight int32?,9 color string' } };
  const lenient = protobuf(things, meta, { unknownFields: 'drop' });
  const bytes = protobuf(newer).encode(thing({ parts: [{ id: 'a', color: 'red' }] }));

  test('is noticed with its path', () => {
    const decode = (): unknown => codec.decode(bytes, options);
    expect(decode).toThrow('GET things: example.com/v1 Thing has the unknown field spec.parts.9');
    expect(decode).toThrow(expect.toSatisfy(isUnknownFieldsError));
  });

  test('is noticed in a list, too', () => {
    const list = codec.encode({ apiVersion: 'example.com/v1', kind: 'ThingList' });
    // Behind its metadata, which is empty: a field 3.
    const longer = Uint8Array.of(...list.subarray(0, -3), 5, ...list.subarray(-2), 26, 1, 65);
    expect(() => codec.decode(longer, options)).toThrow('example.com/v1 ThingList has the unknown field 3');
    expect(lenient.decode(longer, options)).toMatchObject({ items: [] });
  });

  test('is left out on request', () => {
    expect(lenient.decode(bytes, options)).toStrictEqual(thing({ ...emptySpec, parts: [{ id: 'a' }] }));
  });
});

test('a failure is thrown', () => {
  const status = { apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Failure', reason: 'NotFound', code: 404 };
  const bytes = codec.encode(status);
  expect(() => codec.decode(bytes, options)).toThrow(StatusError);
  const list = codec.listDecoder(options);
  list.feed(bytes);
  expect(() => list.next()).toThrow(StatusError);
});

test('a list comes object by object, with its own metadata in the end', () => {
  const items = ['a', 'b', 'c'].map((name) => thing({ ...emptySpec, name }, { name }));
  const metadata = { resourceVersion: '7', continue: 'x', remainingItemCount: 2 };
  const whole = { apiVersion: 'example.com/v1', kind: 'ThingList', metadata, items };
  const bytes = codec.encode(whole);
  expect(codec.decode(bytes, options)).toStrictEqual(whole);
  for (const size of [1, 7, bytes.length]) {
    const decoder = codec.listDecoder(options);
    expect(drain(decoder, bytes, size)).toStrictEqual(items);
    expect(decoder.list).toStrictEqual({ ...whole, items: [] });
  }
});

const managed = {
  name: 'one',
  managedFields: [{ manager: 'a', fieldsV1: { 'f:spec': {} } }, { manager: 'b'.repeat(200) }],
};

test('an encoded object has its metadata, and bytes without managed fields', () => {
  const items = [thing({ ...emptySpec, name: 'x' }, managed), thing(emptySpec, { name: 'two' })];
  const list = { apiVersion: 'example.com/v1', kind: 'ThingList', metadata: {}, items };
  const bytes = codec.encode(list);
  for (const size of [5, bytes.length]) {
    const encoded = drain(codec.encodedListDecoder(options), bytes, size);
    expect(encoded.map(({ metadata }) => metadata)).toStrictEqual([{ name: 'one' }, { name: 'two' }]);
    const [first, second] = encoded.map(({ bytes, decoder }) => decoder.decode(bytes.slice()));
    expect([first, second]).toStrictEqual([thing({ ...emptySpec, name: 'x' }, { name: 'one' }), items[1]]);
    expect(encoded.map(({ bytes, decoder }) => decoder.decodeMetadata(bytes))).toStrictEqual([
      { name: 'one' },
      { name: 'two' },
    ]);
    expect(Buffer.from(encoded[0]?.bytes ?? []).includes('bbb')).toBe(false);
  }
});

test('managed fields are left out of objects on request', () => {
  const bytes = codec.encode(thing(emptySpec, managed));
  expect(codec.decode(bytes, options)).toStrictEqual(thing(emptySpec, managed));
  expect(codec.decode(bytes, { ...options, dropManagedFields: true })).toStrictEqual(thing(emptySpec));
});
