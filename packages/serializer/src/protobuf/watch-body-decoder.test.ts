import type { KubernetesObject } from '@client-ts/apimachinery';
import { StatusError } from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import { protobuf } from '../protobuf.js';
import { ProtobufError } from './protobuf-error.js';
import { drain, emptySpec, frameOf, things, thingType } from './things.test.kit.js';

const codec = protobuf(things);
const options = { what: 'watch things', type: thingType };

function thing(name: string, managedFields?: object[]): KubernetesObject {
  const metadata = { name, ...(managedFields && { managedFields }) };
  return { apiVersion: 'example.com/v1', kind: 'Thing', metadata, spec: { ...emptySpec, name } } as KubernetesObject;
}

const events = (['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'] as const).map((type) => ({ type, object: thing(type) }));
const body = Buffer.concat(events.map(({ type, object }) => frameOf(type, codec.encode(object))));

test.each([1, 7, body.length])('events come one by one, from pieces of %i bytes', (size) => {
  expect(drain(codec.watchDecoder(options), body, size)).toStrictEqual(events);
  const encoded = drain(codec.encodedWatchDecoder(options), body, size);
  expect(encoded.map(({ type, object }) => ({ type, metadata: object.metadata }))).toStrictEqual(
    events.map(({ type, object }) => ({ type, metadata: object.metadata })),
  );
});

test.each([1, 7, body.length])('bytes stay as they are while others are read, in pieces of %i bytes', (size) => {
  const objects = drain(codec.encodedWatchDecoder(options), body, size).flatMap(({ type, object }) =>
    type === 'BOOKMARK' ? [] : [{ type, object: object.decoder.decode(object.bytes) }],
  );
  expect(objects).toStrictEqual(events.filter(({ type }) => type !== 'BOOKMARK'));
});

test('objects stay bytes, without managed fields', () => {
  const frame = frameOf('ADDED', codec.encode(thing('a', [{ manager: 'me' }])));
  const [event] = drain(codec.encodedWatchDecoder(options), frame);
  if (event?.type !== 'ADDED') throw new Error('there should be an event');
  const { bytes, decoder, ...object } = event.object;
  expect(object).toStrictEqual({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' } });
  expect(decoder.decode(bytes)).toStrictEqual(thing('a'));
});

test('an object of another type than was asked for says so itself', () => {
  const object = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: { name: 'a' } };
  expect(drain(codec.watchDecoder(options), frameOf('ADDED', codec.encode(object)))).toStrictEqual([
    { type: 'ADDED', object },
  ]);
});

test('an ERROR event is thrown', () => {
  const status = { apiVersion: 'v1', kind: 'Status', metadata: {}, status: 'Failure', reason: 'Expired', code: 410 };
  const watch = codec.encodedWatchDecoder(options);
  watch.feed(frameOf('ERROR', codec.encode(status)));
  expect(() => watch.next()).toThrow(StatusError);
});

describe('it refuses', () => {
  test.each<[string, Uint8Array, string]>([
    ['an event that is cut off', body.subarray(0, -1), 'the last event is cut off'],
    ['a length that is cut off', body.subarray(0, 3), 'the last event is cut off'],
    ['an event of no type', frameOf('', codec.encode(thing('a'))), 'got invalid watch event type: ""'],
    [
      'an ERROR that is no Status',
      frameOf('ERROR', codec.encode(thing('a'))),
      'got an ERROR event whose object is no Status',
    ],
    [
      'an event without object',
      Uint8Array.of(0, 0, 0, 7, 10, 5, 65, 68, 68, 69, 68),
      'the answer is not protobuf of Kubernetes: its first bytes should be "k8s\\0"',
    ],
    ['JSON', Buffer.from('{"type":"ADDED"}\n'), 'an event has more than 16777216 bytes'],
  ])('%s', (_, bytes, message) => {
    expect(() => drain(codec.watchDecoder(options), bytes)).toThrow(new ProtobufError(`watch things: ${message}`));
  });
});
