import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FrameHandler, FrameReader } from './frame-reader.js';
import { encodeData, encodeGoAway, encodePing, encodeRstStream, encodeSynStream } from './spdy-frame.js';

/** What came, with neighbouring pieces of data as one: they may be cut anywhere. */
function read(pieces: readonly Uint8Array[]): string[] {
  const events: string[] = [];
  let last = '';
  const tell = (event: string): void => {
    events.push(event);
    last = '';
  };
  const handler: FrameHandler = {
    data: (id, bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      if (last === `data ${id}`) events[events.length - 1] += text;
      else tell(`data ${id}: ${text}`);
      last = `data ${id}`;
    },
    fin: (id) => tell(`fin ${id}`),
    synStream: (id) => tell(`synStream ${id}`),
    synReply: (id) => tell(`synReply ${id}`),
    rstStream: (id, status) => tell(`rstStream ${id} ${status}`),
    ping: (id) => tell(`ping ${id}`),
    goAway: () => tell('goAway'),
  };
  const reader = new FrameReader(handler);
  for (const piece of pieces) reader.read(piece);
  return events;
}

/** What a kubelet 1.34 sent, of two connections of which one was refused, with what was not text made short. */
const Recorded = Buffer.from(
  '8003000200000014' +
    '0000000178f9e3c6a7c2' +
    '6260606000000000ffff' +
    '800300020000000c00000007026100000000ffff' +
    '800300020000000c00000003026100000000ffff' +
    '800300020000000c00000005026100000000ffff' +
    '800300060000000400000001' +
    '0000000701000000' +
    '000000050000000772656675736564' +
    '80030003000000080000000500000005' +
    '0000000300000010676f742068656c6c6f0a726573742033' +
    '0000000301000000' +
    '0000000101000000',
  'hex',
);

const Told = [
  'synReply 1',
  'synReply 7',
  'synReply 3',
  'synReply 5',
  'ping 1',
  'fin 7',
  'data 5: refused',
  'rstStream 5 5',
  'data 3: got hello\nrest 3',
  'fin 3',
  'fin 1',
];

describe('what a kubelet sent', () => {
  test('in one piece, and in pieces of a byte', () => {
    expect(read([Recorded])).toEqual(Told);
    expect(read([...Recorded].map((byte) => Uint8Array.of(byte)))).toEqual(Told);
  });

  test('cut in two anywhere, with a piece of nothing between', () => {
    for (let at = 0; at <= Recorded.length; at++) {
      expect(read([Recorded.subarray(0, at), new Uint8Array(0), Recorded.subarray(at)])).toEqual(Told);
    }
  });
});

const id = fc.integer({ min: 1, max: 0x7fff_ffff });

/** Frames that are right, and what they say. */
const frames: fc.Arbitrary<readonly [Uint8Array, readonly string[]]> = fc.oneof(
  fc
    .tuple(id, fc.string({ unit: 'grapheme-ascii', maxLength: 40 }), fc.boolean())
    .map(
      ([stream, text, fin]) =>
        [
          encodeData(stream, Buffer.from(text), fin ? 1 : 0),
          [...(text === '' ? [] : [`data ${stream}: ${text}`]), ...(fin ? [`fin ${stream}`] : [])],
        ] as const,
    ),
  fc
    .tuple(id, fc.uint8Array({ maxLength: 20 }))
    .map(([stream, block]) => [encodeSynStream(stream, block, 0), [`synStream ${stream}`]] as const),
  fc
    .tuple(id, id)
    .map(([stream, status]) => [encodeRstStream(stream, status), [`rstStream ${stream} ${status}`]] as const),
  id.map((ping) => [encodePing(ping), [`ping ${ping}`]] as const),
  fc.constant([encodeGoAway(), ['goAway']] as const),
  // SETTINGS, WINDOW_UPDATE and types that nobody knows.
  fc
    .tuple(fc.constantFrom(4, 9, 5, 0, 77), fc.uint8Array({ maxLength: 30 }))
    .map(([type, body]) => [control(type, body), []] as const),
);

function control(type: number, body: Uint8Array, flags = 0, version = 3): Uint8Array {
  return Uint8Array.of(0x80, version, 0, type, flags, 0, 0, body.length, ...body);
}

test('any frames, cut anywhere, say what they say', () => {
  fc.assert(
    fc.property(
      fc.array(frames, { maxLength: 12, size: 'max' }),
      fc.array(fc.integer({ min: 0, max: 400 }), { size: 'max', maxLength: 12 }),
      (sent, cuts) => {
        const all = Buffer.concat(sent.map(([bytes]) => bytes));
        const at = [0, ...cuts.filter((cut) => cut <= all.length).toSorted((one, other) => one - other), all.length];
        const pieces = at.map((start, index) => all.subarray(start, at[index + 1] ?? all.length));
        // One after the other of the same stream would be told as one.
        expect(read(pieces).join('')).toEqual(read([all]).join(''));
        const expected = sent.flatMap(([, told]) => told);
        const isMerged = expected.some((told, i) => told.startsWith('data') && sameStream(told, expected[i - 1]));
        if (!isMerged) expect(read(pieces)).toEqual(expected);
      },
    ),
  );
});

function sameStream(one: string, other = ''): boolean {
  return one.split(':')[0] === other.split(':')[0];
}

test('any bytes are read, or refused in words', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40, size: 'max' }), { maxLength: 10 }), (pieces) => {
      try {
        read(pieces);
      } catch (error) {
        expect(error).toMatchObject({ name: 'PortForwardError', failure: 'protocol' });
      }
    }),
  );
});

test.each([
  ['data for stream 0', encodeData(0, Buffer.from('x'), 0), 'data for stream 0'],
  ['another version', control(1, new Uint8Array(20), 0, 2), 'a frame of version 2; expected 3'],
  [
    'a reset that is too short',
    control(3, new Uint8Array(7)),
    'a control frame of type 3 with 7 bytes; expected 8 or more',
  ],
])('refuses %s', (_, bytes, why) => {
  expect(() => read([bytes])).toThrow(`SPDY: the server sent ${why}`);
});

test('text is taken for data of a stream that there is not', () => {
  expect(read([Buffer.from('HTTP/1.1 400 Bad Request')])).toEqual(['data 1213486160:  400 Bad Request']);
});

test('headers of 16 MiB are skipped, and an end with them counts', () => {
  const head = Uint8Array.of(0x80, 3, 0, 8, 1, 0xff, 0xff, 0xff, 0, 0, 0, 7);
  const rest = new Uint8Array(2 ** 24 - 1 - 4);
  expect(read([head, rest, encodePing(2)])).toEqual(['fin 7', 'ping 2']);
});
