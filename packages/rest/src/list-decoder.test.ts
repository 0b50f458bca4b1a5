import type { DecodeOptions, KubernetesObject, ListBodyDecoder } from '@client-ts/apimachinery';
import { StatusError } from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import { FrameTooLargeError } from './carry.js';
import { decodeAll } from './decode-all.test.kit.js';
import { ResponseDecodeError } from './decode-json.js';
import { jsonCodec } from './json-codec.js';

type Decoder = ListBodyDecoder<KubernetesObject>;

const newDecoder = (options: Partial<DecodeOptions> = {}): Decoder =>
  jsonCodec.listDecoder({ what: 'GET pods', type: { group: '', version: 'v1', kind: 'Pod' }, ...options });

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function feed(decoder: Decoder, text: string): KubernetesObject[] {
  decoder.feed(bytes(text));
  const items: KubernetesObject[] = [];
  for (let item = decoder.next(); item; item = decoder.next()) items.push(item);
  return items;
}

function decode(text: string, options: Partial<DecodeOptions> = {}): unknown {
  const decoder = newDecoder(options);
  const items = decodeAll(decoder, [bytes(text)]);
  return { ...decoder.list, items };
}

const pod = (name: string): KubernetesObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } });

test('an item is there as soon as its last byte is; the list when it has ended', () => {
  const decoder = newDecoder();
  expect(feed(decoder, '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[')).toEqual([]);
  expect(feed(decoder, '{"metadata":{"name":"a"}}')).toEqual([pod('a')]);
  expect(feed(decoder, ',{"metadata":{"na')).toEqual([]);
  expect(feed(decoder, 'me":"b"}},{"metadata":{"name":"c"}},')).toEqual([pod('b'), pod('c')]);
  expect(feed(decoder, '{"metadata":{"name":"d"}}],"extra":1}\n')).toEqual([pod('d')]);
  expect(decoder.list).toBeUndefined();
  decoder.end();
  expect(decoder.list).toEqual({
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '7' },
    items: [],
    extra: 1,
  });
});

describe('the type of an item', () => {
  test.each([
    ['its own', '{"kind":"PodList","items":[{"apiVersion":"x/v2","kind":"Other"}]}', 'x/v2', 'Other'],
    ['that of the list', '{"kind":"JobList","apiVersion":"batch/v1","items":[{}]}', 'batch/v1', 'Job'],
    ['that of the list, whose items are called List', '{"kind":"ListList","items":[{}]}', 'v1', 'List'],
    ['what was asked for, of a list of anything', '{"kind":"List","apiVersion":"v1","items":[{}]}', 'v1', 'Pod'],
    ['what was asked for, when the list says it too late', '{"items":[{}],"kind":"JobList"}', 'v1', 'Pod'],
    ['what was asked for, when the list says nonsense', '{"kind":7,"apiVersion":[],"items":[{}]}', 'v1', 'Pod'],
    ['what was asked for, when the item says null', '{"items":[{"apiVersion":null,"kind":null}]}', 'v1', 'Pod'],
  ])('is %s', (_, text, apiVersion, kind) => {
    expect(decode(text)).toMatchObject({ items: [{ apiVersion, kind }] });
  });
});

describe('managed fields', () => {
  const of = (metadata: string): string => `{"items":[{"metadata":${metadata},"spec":{"managedFields":[1]}}]}`;

  test.each([
    ['in the end', '{"name":"a","managedFields":[{"fieldsV1":{"f:a":{"\\\\}]\\"":{}}}}]}'],
    ['in the middle', '{"name":"a","managedFields":[[],[[]]],"uid":"7"}'],
    ['in the beginning', '{"managedFields":[],"name":"a"}'],
    ['with their end in texts', String.raw`{"name":"a","managedFields":[{"manager":"]},","b":"]},\"c"}]}`],
    ['with lists in them', '{"name":"a","managedFields":[{"b":[1]},"c",{}]}'],
    ['alone', '{"managedFields":[{}]}'],
    ['twice', '{"managedFields":[1],"name":"a","managedFields":[2]}'],
    ['with white space', '{ "managedFields" : [ 1 ] , "name" : "a" }'],
    ['with white space behind', '{"managedFields":[1], "name":"a"}'],
    ['as null', '{"name":"a","managedFields":null}'],
    ['in other letters', String.raw`{"name":"a","managed\u0046ields":[1]}`],
    ['beside a text that looks like them', String.raw`{"name":"a","annotations":{"a":"{\"managedFields\":[1]}"}}`],
    ['beside those of something else', '{"name":"a","labels":{"managedFields":[1]}}'],
  ])('%s are left out on demand, and nothing else', (_, metadata) => {
    const whole = JSON.parse(of(metadata)) as { items: [{ metadata: Record<string, unknown> }] };
    const [item] = whole.items;
    expect(decode(of(metadata))).toMatchObject(whole);
    delete item.metadata['managedFields'];
    expect(decode(of(metadata), { dropManagedFields: true })).toEqual({
      metadata: {},
      items: [{ ...item, apiVersion: 'v1', kind: 'Pod' }],
    });
  });

  test('of metadata that is none are left alone', () => {
    for (const metadata of ['null', '"text"', '[{"managedFields":[1]}]']) {
      expect(decode(of(metadata), { dropManagedFields: true })).toMatchObject(JSON.parse(of(metadata)) as object);
    }
  });
});

test.each([
  ['no items', '{}'],
  ['null', '{"items":null}'],
  ['an empty list', '{"items":[ ]}'],
])('%s are no items', (_, text) => {
  expect(decode(text)).toEqual({ metadata: {}, items: [] });
});

test.each([
  ['nothing', '', 'the answer is not JSON: ""'],
  ['a page', '<html>', 'the answer is not JSON: "<html>"'],
  ['a beginning', '{"items":[{"metadata":{}}', 'the answer is not JSON: it ends too early, or is damaged'],
  ['more than a list', '{"items":[]}{', 'the answer is not JSON: it ends too early, or is damaged'],
  ['a damaged item', '{"items":[{"a":1]]}', 'the answer is not JSON: it ends too early, or is damaged'],
  ['items without comma', '{"items":[{} {}]}', 'the answer is not JSON: it ends too early, or is damaged'],
  ['a comma too many', '{"items":[{},]}', 'the answer is not JSON: it ends too early, or is damaged'],
  ['no object', '[]', 'the answer should be an object, got a list'],
  ['items that are an object', '{"items":{}}', 'the answer should be a list of objects'],
  ['items that are numbers', '{"items":[0]}', 'the answer should be a list of objects'],
  ['an item that is a number', '{"items":[{},0]}', 'the answer should be a list of objects'],
  ['an item that is a list', '{"items":[[]]}', 'the answer should be a list of objects'],
  ['an item that is null', '{"items":[null]}', 'the answer should be a list of objects'],
  ['no items, and then some', '{"items":[],"items":[{}]}', 'the answer should be a list of objects'],
  ['items twice', '{"items":[{}],"items":[{}]}', 'the answer should be a list of objects'],
  ['items and then none', '{"items":[{}],"items":null}', 'the answer should be a list of objects'],
  ['items and then others', String.raw`{"items":[{}],"it\u0065ms":[{}]}`, 'the answer should be a list of objects'],
])('%s is refused, and never quoted when it may hold secrets', (_, text, message) => {
  expect(() => decode(text)).toThrow(new ResponseDecodeError(`GET pods: ${message}`));
});

test('a failure that calls itself a success is thrown as what it says', () => {
  expect(() => decode('{"kind":"Status","status":"Failure","reason":"Expired","code":410}')).toThrow(StatusError);
});

test('an item that never ends is refused before it fills the memory', () => {
  const decoder = newDecoder();
  feed(decoder, '{"items":[{"a":"');
  const mebibyte = new Uint8Array(1024 * 1024).fill(0x61);
  const fill = (): void => {
    for (let count = 0; count < 17; count++) {
      decoder.feed(mebibyte);
      decoder.next();
    }
  };
  expect(fill).toThrow(new FrameTooLargeError('GET pods: an object is longer than 16777216 bytes'));
});

test('items may be nested deeply, and be many', () => {
  const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  expect(decode(`{"items":[${deep},{"b":1}]}`)).toMatchObject({ items: [{}, { b: 1 }] });
  const many = { items: Array.from({ length: 20_000 }, (_, at) => ({ at })) };
  expect((decode(JSON.stringify(many)) as typeof many).items.at(-1)).toMatchObject({ at: 19_999 });
});

test('a body in bytes that trickle in is not copied again and again', () => {
  const decoder = newDecoder();
  feed(decoder, '{"items":[{"a":"');
  // Quadratic work would take minutes.
  for (let count = 0; count < 1_000_000; count++) {
    decoder.feed(Uint8Array.of(0x61));
    decoder.next();
  }
  const [item] = feed(decoder, '"}]}') as { a?: string }[];
  expect(item?.a).toHaveLength(1_000_000);
});
