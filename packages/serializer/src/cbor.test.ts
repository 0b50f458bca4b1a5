import type { BodyDecoder, Codec, DecodeOptions, KubernetesObject, ListBodyDecoder } from '@client-ts/apimachinery';
import { StatusError } from '@client-ts/apimachinery/errors';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cbor, CborError } from './cbor.js';

const codec: Codec = cbor();
const options: DecodeOptions = { what: 'GET pods', type: { group: '', version: 'v1', kind: 'Pod' } };

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/[^0-9a-f]/g, ''), 'hex'));
}

/** A value as it would be the member `v` of an object. */
function read(item: string): unknown {
  return (codec.decode(hex(`a1 4176 ${item}`), options) as { v?: unknown }).v;
}

function encode(object: object): Uint8Array {
  return codec.encode(object);
}

function concat(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Feeds a body in pieces of that size, and takes all that it gives. */
function take<V>(decoder: BodyDecoder<V>, body: Uint8Array, size: number): V[] {
  const values: V[] = [];
  const drain = (): void => {
    for (let value = decoder.next(); value !== undefined; value = decoder.next()) values.push(value);
  };
  for (let at = 0; at < body.length; at += size) {
    decoder.feed(body.slice(at, at + size));
    drain();
  }
  decoder.end();
  drain();
  return values;
}

describe('an item is read as JSON.parse reads its JSON (RFC 8949, appendix A)', () => {
  test.each<[string, unknown]>([
    ['00', 0],
    ['17', 23],
    ['1818', 24],
    ['1903e8', 1000],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['1b001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['20', -1],
    ['3863', -100],
    ['3903e7', -1000],
    ['3b001ffffffffffffe', Number.MIN_SAFE_INTEGER],
    ['f90000', 0],
    ['f93c00', 1],
    ['f93e00', 1.5],
    ['f97bff', 65504],
    ['f90001', 5.960464477539063e-8],
    ['f90400', 0.00006103515625],
    ['f9c400', -4],
    ['fa47c35000', 100_000],
    ['fb3ff199999999999a', 1.1],
    ['fb7e37e43c8800759c', 1e300],
    ['f4', false],
    ['f5', true],
    ['f6', null],
    ['60', ''],
    ['6161', 'a'],
    ['6449455446', 'IETF'],
    ['62c3bc', '\u00fc'],
    ['64f0908591', '\u{10151}'],
    ['4449455446', 'IETF'],
    ['44f0908591', '\u{10151}'],
    ['80', []],
    ['83010203', [1, 2, 3]],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    ['98190102030405060708090a0b0c0d0e0f101112131415161718181819', Array.from({ length: 25 }, (_, i) => i + 1)],
    ['a0', {}],
    ['a26161016162820203', { a: 1, b: [2, 3] }],
    ['a14161416 2', { a: 'b' }],
    ['d9d9f7 01', 1],
    ['d6 4400010203', 'AAECAw=='],
    ['d6 40', ''],
  ])('%s', (item, value) => {
    expect(read(item)).toEqual(value);
  });

  test.each([
    ['1b0020000000000000', 2n ** 53n],
    ['1b0020000000000001', 2n ** 53n + 1n],
    ['1b7fffffffffffffff', 2n ** 63n - 1n],
    ['3b001fffffffffffff', -(2n ** 53n)],
    ['3b7fffffffffffffff', -(2n ** 63n)],
  ])('%s, an integer that a number cannot hold', (item, value) => {
    expect(read(item)).toBe(value);
    expect(
      read(
        Buffer.from(encode({ v: value }))
          .toString('hex')
          .slice(12),
      ),
    ).toBe(value);
  });

  test.each([
    ['1b8000000000000000', 2 ** 63],
    ['1bffffffffffffffff', 2 ** 64],
    ['3bffffffffffffffff', -(2 ** 64)],
  ])('%s is rounded: no server has such an integer', (item, value) => {
    expect(read(item)).toBe(value);
  });

  test('bytes that are no UTF-8 become what JSON has instead', () => {
    expect(read('43 61ff62')).toBe('a\ufffdb');
  });

  test('names of what every object has are names like others', () => {
    const { v } = codec.decode(
      hex(`a1 4176 a3 49${Buffer.from('__proto__').toString('hex')} a1416101
      4b${Buffer.from('constructor').toString('hex')} 02 48${Buffer.from('toString').toString('hex').slice(0, 16)} 03`),
      options,
    ) as unknown as {
      v: object;
    };
    expect(Object.entries(v)).toEqual([
      ['__proto__', { a: 1 }],
      ['constructor', 2],
      ['toString', 3],
    ]);
    expect(Object.getPrototypeOf(v)).toBe(Object.prototype);
  });
});

describe('refused, in an object, in a list and in a watch, is', () => {
  const deep = (first: string): string => `${first.repeat(100_000)}00`;
  const cases: [string, string, string][] = [
    ['nothing', '', 'it ends too early'],
    ['a string that is cut off', '44 6162', 'it ends too early'],
    ['a number that is cut off', '1a 0000', 'it ends too early'],
    ['a map that is cut off', 'a2 416101', 'it ends too early'],
    ['a string longer than memory', '5b 00ffffffffffffff', 'it ends too early'],
    ['an array longer than memory', '9b 00ffffffffffffff 01', 'it ends too early'],
    ['a map longer than memory', 'bb 00ffffffffffffff 416101', 'it ends too early'],
    ['an array longer than its bytes', '9a 7fffffff 01', 'it ends too early'],
    ['an indefinite string', '5f 4161 ff', 'an indefinite length'],
    ['an indefinite array', '9f 01 ff', 'an indefinite length'],
    ['an indefinite map', 'bf 4161 01 ff', 'an indefinite length'],
    ['a break', 'ff', 'an indefinite length'],
    ['a reserved length', '5c', 'an initial byte without meaning'],
    ['a reserved number', '1e', 'an initial byte without meaning'],
    ['undefined', 'f7', 'a simple value that JSON does not have'],
    ['an unknown simple value', 'f8ff', 'a simple value that JSON does not have'],
    ['infinity', 'f97c00', 'a number that JSON does not have'],
    ['NaN', 'fb7ff8000000000000', 'a number that JSON does not have'],
    ['a time', 'c0 74323031332d30332d32315432303a30343a30305a', 'the tag 0 is unknown'],
    ['a large number', 'c2 49010000000000000000', 'the tag 2 is unknown'],
    ['base64 of a number', 'd6 01', 'what is tagged as base64 is no byte string'],
    ['a key that is a number', 'a1 0101', 'a key is not text'],
    ['a key that is there twice', 'a2 416101 416102', 'a key is there twice'],
    ['a key that is there as text and bytes', 'a2 416101 616102', 'a key is there twice'],
    ['arrays in arrays', deep('81'), 'it is nested too deeply'],
    ['maps in maps', deep('a14161'), 'it is nested too deeply'],
    ['tags of tags', deep('d9d9f7'), 'it is nested too deeply'],
  ];
  test.each(cases)('%s', (_what, item, problem) => {
    const object = `a1 4176 ${item}`;
    const list = hex(`a1 456974656d73 81 ${object}`);
    const event = hex(`a2 4474797065 454144444544 466f626a656374 ${object}`);
    const readings = [
      () => codec.decode(hex(object), options),
      () => take(codec.listDecoder(options), list, list.length),
      () => take(codec.watchDecoder(options), event, event.length),
    ];
    for (const reading of readings) {
      expect(reading).toThrow(CborError);
      // What is cut off at the end of a body is known there only; what promises too much, at once.
      const early = /too early|an item is longer|cut off/;
      expect(reading).toThrow(
        problem === 'it ends too early' ? early : `GET pods: the answer cannot be read as CBOR: ${problem}`,
      );
    }
  });

  test.each<[string, string]>([
    ['a list of numbers', '8101'],
    ['text', '4161'],
    ['an object with something behind', 'a0 00'],
  ])('%s in place of an object', (_what, body) => {
    expect(() => codec.decode(hex(body), options)).toThrow(CborError);
  });

  test.each<[string, string]>([
    ['no map', '80'],
    ['items that are none', 'a1 456974656d73 01'],
    ['an item that is no object', 'a1 456974656d73 8101'],
    ['an item of nothing but tags', `a1 456974656d73 81 ${'d9d9f7'.repeat(100_000)} 01`],
    ['items twice', 'a2 456974656d73 80 456974656d73 80'],
    ['a list with something behind', 'a1 456974656d73 80 00'],
  ])('%s in place of a list', (_what, body) => {
    expect(() => take(codec.listDecoder(options), hex(body), 100)).toThrow(CborError);
    expect(() => take(codec.encodedListDecoder(options), hex(body), 100)).toThrow(CborError);
  });

  test.each<[string, object]>([
    ['an event without object', { type: 'ADDED' }],
    ['an event of another type', { type: 'MOVED', object: {} }],
    ['an event without type', { object: {} }],
    ['an error that is no Status', { type: 'ERROR', object: {} }],
    ['an event whose object is none', { type: 'ADDED', object: 1 }],
  ])('%s', (_what, event) => {
    expect(() => take(codec.watchDecoder(options), encode(event), 1)).toThrow(CborError);
  });
});

describe('a failure is thrown', () => {
  const status = {
    apiVersion: 'v1',
    kind: 'Status',
    status: 'Failure',
    reason: 'NotFound',
    code: 404,
    message: 'none',
  };
  test.each<[string, () => unknown]>([
    ['instead of an object', () => codec.decode(encode(status), options)],
    ['instead of a list', () => take(codec.listDecoder(options), encode(status), 1)],
    ['as an event', () => take(codec.watchDecoder(options), encode({ type: 'ERROR', object: status }), 1)],
    [
      'as an event among bytes',
      () => take(codec.encodedWatchDecoder(options), encode({ type: 'ERROR', object: status }), 1),
    ],
  ])('%s', (_what, reading) => {
    expect(reading).toThrow(StatusError);
  });
});

const managedFields = [{ manager: 'kubectl', fieldsV1: { 'f:spec': {} } }];
const pod = (name: string): KubernetesObject & { spec: object } => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { managedFields, name, labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', image: 'nginx' }], managedFields: 'kept', longer: 'than 23'.repeat(50) },
});
const bare = (name: string): KubernetesObject => ({ ...pod(name), metadata: { name, labels: { app: 'web' } } });

describe('a body in pieces of any size', () => {
  const items = ['a', 'b', 'c'].map(pod);
  const list = { kind: 'PodList', items, apiVersion: 'v1', metadata: { resourceVersion: '7' } };
  const events = ['ADDED', 'MODIFIED', 'BOOKMARK'].map((type) => ({ object: pod(type), type }));
  const body = concat(...events.map(encode));

  test.each([1, 2, 7, 64, 100_000])('%d', (size) => {
    const decoder: ListBodyDecoder<KubernetesObject> = codec.listDecoder(options);
    expect(take(decoder, encode(list), size)).toEqual(items);
    expect(decoder.list).toEqual({ ...list, items: [] });
    expect(take(codec.watchDecoder(options), body, size)).toEqual(events);
    const dropping = { ...options, dropManagedFields: true };
    expect(take(codec.listDecoder(dropping), encode(list), size)).toEqual(['a', 'b', 'c'].map(bare));
    expect(take(codec.watchDecoder(dropping), body, size).map(({ object }) => object)).toEqual(
      events.map(({ type }) => bare(type)),
    );
  });

  test.each([1, 7, 100_000])('%d, with objects that stay bytes', (size) => {
    const encoded = take(codec.encodedListDecoder(options), encode(list), size);
    const watched = take(codec.encodedWatchDecoder(options), body, size).flatMap((event) =>
      event.type === 'BOOKMARK' ? [] : [event.object],
    );
    for (const [objects, names] of [
      [encoded, ['a', 'b', 'c']],
      [watched, ['ADDED', 'MODIFIED']],
    ] as const) {
      expect(objects.map(({ metadata }) => metadata)).toEqual(names.map((name) => bare(name).metadata));
      expect(objects.map(({ decoder, bytes }) => decoder.decode(bytes.slice()))).toEqual(names.map(bare));
      expect(objects.map(({ decoder, bytes }) => decoder.decodeMetadata(bytes))).toEqual(
        names.map((name) => bare(name).metadata),
      );
      // They are not there, rather than passed over.
      for (const { bytes } of objects) expect(Buffer.from(bytes).includes('kubectl')).toBe(false);
      expect(new Set(objects.map(({ decoder }) => decoder)).size).toBe(1);
    }
  });

  test('as much metadata as needs a longer head', () => {
    const metadata = Object.fromEntries(Array.from({ length: 24 }, (_, i) => [`m${i}`, i]));
    const body = encode({ items: [{ metadata: { ...metadata, managedFields } }] });
    const objects = take(codec.encodedListDecoder(options), body, 1);
    expect(objects.map(({ decoder, bytes }) => decoder.decode(bytes))).toEqual([
      { apiVersion: 'v1', kind: 'Pod', metadata },
    ]);
  });

  test('objects without a type are of the type that was asked for', () => {
    const body = encode({ items: [{ metadata: { name: 'a' } }] });
    const expected = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } };
    expect(take(codec.listDecoder(options), body, 9)).toEqual([expected]);
    expect(take(codec.encodedListDecoder(options), body, 9)).toMatchObject([expected]);
  });

  test.each([['80'], ['f6']])('an empty list', (items) => {
    const decoder = codec.listDecoder(options);
    expect(take(decoder, hex(`d9d9f7 a1 456974656d73 ${items}`), 1)).toEqual([]);
    expect(decoder.list).toEqual({ metadata: {}, items: [] });
  });

  test('an object that no server stores is refused before it has arrived', () => {
    const decoder = codec.listDecoder(options);
    decoder.feed(hex('a1 456974656d73 81 a1 4176 5a 01000001'));
    expect(() => decoder.next()).toThrow('an item is longer than 16777216 bytes');
  });
});

describe('what is written', () => {
  test('begins as servers expect it, and has texts as bytes', () => {
    expect(encode({ a: 'b', n: [1, -1, 300] })).toEqual(hex('d9d9f7 a2 4161 4162 416e 83 01 20 19012c'));
  });

  test.each([
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 53 - 1,
    -(2 ** 31),
    -(2 ** 32),
    -(2 ** 32) - 1,
    -(2 ** 53) + 1,
    2 ** 63,
    0.5,
    1e300,
  ])('reads back: %d', (value) => {
    expect(codec.decode(encode({ value }), options)).toMatchObject({ value });
  });

  test.each<[string, () => object]>([
    ['an integer of more than 64 bits', () => ({ a: 2n ** 63n })],
    [
      'an object that contains itself',
      () => {
        const object: { self?: object } = {};
        object.self = object;
        return object;
      },
    ],
  ])('is never %s', (_what, object) => {
    expect(() => encode(object())).toThrow(TypeError);
  });

  test('is what JSON.stringify would write', () => {
    const value = { date: new Date(0), none: undefined, list: [undefined, () => 1], nan: NaN, lone: '\ud800' };
    const { apiVersion, kind, ...written } = codec.decode(encode(value), options) as unknown as Record<string, unknown>;
    expect([apiVersion, kind]).toEqual(['v1', 'Pod']);
    expect(written).toEqual({ ...JSON.parse(JSON.stringify(value)), lone: '\ufffd' });
  });

  test('reads back as it was, whatever it is', () => {
    const object = fc.dictionary(
      fc.string({ unit: 'grapheme' }),
      fc.jsonValue({ noUnicodeString: false, depthSize: 'small' }),
      {
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(object, (value) => {
        const expected = { apiVersion: 'v1', kind: 'Pod', ...value };
        const rounded = (_: string, member: unknown): unknown => (typeof member === 'bigint' ? Number(member) : member);
        const decoded = JSON.stringify(codec.decode(encode(expected), options), rounded);
        expect(JSON.parse(decoded)).toEqual(JSON.parse(JSON.stringify(expected)));
      }),
      { seed: 1 },
    );
  });
});

describe('whatever arrives', () => {
  const valid = encode({ kind: 'PodList', items: ['a', 'b'].map(pod), metadata: {} });
  const damaged = fc.oneof(
    fc.uint8Array({ maxLength: 200, size: 'max' }),
    fc.tuple(fc.nat(valid.length), fc.uint8Array({ minLength: 1, maxLength: 4 })).map(([at, bytes]) => {
      const copy = valid.slice();
      copy.set(bytes.subarray(0, copy.length - at), at);
      return copy;
    }),
    fc.nat(valid.length).map((length) => valid.slice(0, length)),
  );
  const decoders: (() => BodyDecoder<unknown>)[] = [
    () => codec.listDecoder(options),
    () => codec.watchDecoder(options),
    () => codec.encodedListDecoder(options),
    () => codec.encodedWatchDecoder(options),
  ];

  test('ends as a value or as one of two errors, in pieces as in one', () => {
    const outcome = (reading: () => unknown): unknown => {
      try {
        return reading();
      } catch (error) {
        if (error instanceof CborError || error instanceof StatusError) return 'refused';
        throw error;
      }
    };
    fc.assert(
      fc.property(damaged, (bytes) => {
        outcome(() => codec.decode(bytes, options));
        for (const decoder of decoders) {
          const whole = outcome(() => take(decoder(), bytes, 1000));
          const pieces = outcome(() => take(decoder(), bytes, 3));
          expect(JSON.stringify(pieces)).toBe(JSON.stringify(whole));
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
