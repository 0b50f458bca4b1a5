import type { DecodeOptions, KubernetesObject, UndecodableObject } from '@client-ts/apimachinery';
import { StatusError } from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import { decodeAll } from './decode-all.test.kit.js';
import { ResponseDecodeError } from './decode-json.js';
import { encodedJson } from './encoded-json.js';
import { jsonCodec } from './json-codec.js';
import { WatchDecodeError } from './watch-event.js';

interface Told {
  readonly names: readonly unknown[];
  readonly told: readonly unknown[];
}

const options = { what: 'GET pods', type: { group: '', version: 'v1', kind: 'Pod' } };

function listed(text: string, extra: Partial<DecodeOptions> = {}): Told {
  return toldBy((onUndecodable) => jsonCodec.listDecoder({ ...options, ...extra, onUndecodable }), text).told(
    (item) => {
      return item.metadata?.name;
    },
  );
}

function toldBy<V>(
  decoderOf: (onUndecodable: (object: UndecodableObject) => void) => Parameters<typeof decodeAll<V>>[0],
  text: string,
): { told: (nameOf: (value: V) => unknown) => Told } {
  const told: unknown[] = [];
  const decoder = decoderOf(({ error, type, metadata }) => {
    expect(error).toBeInstanceOf(Error);
    told.push(type ? [type, metadata?.name] : metadata?.name);
  });
  const values = decodeAll(decoder, [new TextEncoder().encode(text)]);
  return { told: (nameOf) => ({ names: values.map(nameOf), told }) };
}

describe('items that are told of instead of thrown', () => {
  test.each<[string, string, unknown[]]>([
    ['a value that is no JSON', '{"metadata":{"name":"b"},"spec":{"x":tru}}', ['b']],
    ['metadata that is no JSON', '{"metadata":{"name":b},"spec":{}}', [undefined]],
    ['a member that is no JSON', '{"kind":Pod,"metadata":{"name":"b"}}', [undefined]],
    ['brackets that do not match', '{"metadata":{"name":"b"},"a":[1}}', ['b']],
    ['a list', '[{"metadata":{}}]', [undefined]],
    ['a number', '7', [undefined]],
    ['what looks like a placeholder', '0', [undefined]],
    ['null', 'null', [undefined]],
    ['text', '"text"', [undefined]],
  ])('%s', (_, item, told) => {
    const body = `{"metadata":{},"items":[{"metadata":{"name":"a"}},${item},{"metadata":{"name":"c"}}]}`;
    expect(listed(body)).toEqual({ names: ['a', 'c'], told });
    expect(listed(body, { dropManagedFields: true })).toEqual({ names: ['a', 'c'], told });
    expect(() => decodeAll(jsonCodec.listDecoder(options), [new TextEncoder().encode(body)])).toThrow(
      ResponseDecodeError,
    );
  });

  test('are the others of a list whose items are found in its end', () => {
    const body = String.raw`{"it\u0065ms":[{"metadata":{"name":"a"}},7,{"metadata":{"name":"c"}}]}`;
    expect(listed(body)).toEqual({ names: ['a', 'c'], told: [undefined] });
  });

  test('are all that there are', () => {
    expect(listed('{"items":[0]}')).toEqual({ names: [], told: [undefined] });
  });

  test.each([
    ['a list that is cut off', '{"items":[{"metadata":{"name":"a"}},{"metadata":{"na'],
    ['items twice', '{"items":[{}],"items":[{}]}'],
    ['items twice, in other letters', String.raw`{"items":[{}],"it\u0065ms":[{}]}`],
    ['fewer items in the end', String.raw`{"items":[{},{}],"it\u0065ms":[0]}`],
    ['something behind the items', '{"items":[{}],"a":tru}'],
  ])('are none of %s', (_, body) => {
    expect(() => listed(body)).toThrow(ResponseDecodeError);
  });
});

describe.each([
  ['objects', jsonCodec.watchDecoder.bind(jsonCodec)],
  ['bytes', encodedJson.encodedWatchDecoder.bind(encodedJson)],
])('events of %s', (_, decoderOf) => {
  const watched = (text: string): Told =>
    toldBy((onUndecodable) => decoderOf({ ...options, onUndecodable }), text).told(
      ({ object }) => (object as KubernetesObject).metadata?.name,
    );
  const around = (line: string): string =>
    [
      '{"type":"ADDED","object":{"metadata":{"name":"a"}}}',
      line,
      '{"type":"DELETED","object":{"metadata":{"name":"c"}}}\n',
    ].join('\n');

  test.each<[string, string, unknown]>([
    ['metadata that is no JSON', '{"type":"ADDED","object":{"metadata":{"name":b}}}', ['ADDED', undefined]],
    ['a number', '{"type":"DELETED","object":7}', ['DELETED', undefined]],
    ['a list', '{"type":"MODIFIED","object":[]}', ['MODIFIED', undefined]],
    ['nothing', '{"type":"MODIFIED"}', ['MODIFIED', undefined]],
  ])('tell of %s, and go on', (__, line, told) => {
    expect(watched(around(line))).toEqual({ names: ['a', 'c'], told: [told] });
  });

  test.each([
    ['no event', '<html>', WatchDecodeError],
    ['an event of no type', '{"object":{}}', WatchDecodeError],
    ['a bookmark', '{"type":"BOOKMARK","object":7}', WatchDecodeError],
    ['an ERROR', '{"type":"ERROR","object":{"kind":"Status","status":"Failure","code":410}}', StatusError],
    ['an event that is cut off', '{"type":"ADDED","object":{"metadata":{"name":"b"}}', WatchDecodeError],
  ])('are thrown for %s', (__, line, error) => {
    expect(() => watched(around(line))).toThrow(error);
  });
});

test('an event names an object of which another part is damaged', () => {
  const line = '{"type":"DELETED","object":{"metadata":{"name":"b"},"spec":{"x":tru}}}\n';
  const { told } = toldBy((onUndecodable) => jsonCodec.watchDecoder({ ...options, onUndecodable }), line).told(String);
  expect(told).toEqual([['DELETED', 'b']]);
});
