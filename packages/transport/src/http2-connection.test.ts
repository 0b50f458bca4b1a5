import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Exchange } from './exchange.js';
import type { OutgoingRequest } from './exchange-pool.js';
import { Http2Connection } from './http2-connection.js';
import { FrameReader } from './http2-frame-reader.js';
import { ErrorCode, Flag, frameHead, frameOf, FrameType, Setting, settingsFrame } from './http2-frames.js';
import type { Http2Stream } from './http2-stream.js';

const Preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const Ok = Buffer.from([0x88]); // `:status: 200` of the static table

function frame(type: number, flags: number, stream: number, payload: Uint8Array | string = ''): Buffer {
  const bytes = Buffer.from(payload as string);
  return Buffer.concat([head(type, flags, stream, bytes.length), bytes]);
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
const head = (...parts: Parameters<typeof frameHead>): Buffer => bytesOf(frameHead(...parts));
const numbers = (...parts: Parameters<typeof frameOf>): Buffer => bytesOf(frameOf(...parts));
const settings = (...pairs: readonly (readonly [number, number])[]): Buffer => bytesOf(settingsFrame(pairs));

function header(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

const answer = (stream: number, ...headers: readonly Buffer[]): Buffer =>
  frame(FrameType.headers, Flag.endHeaders, stream, Buffer.concat([Ok, ...headers]));
const last = (stream: number, body = ''): Buffer => frame(FrameType.data, Flag.endStream, stream, body);

/** A connection, what its peer is sent, and what becomes of exchanges. */
function setUp({ windowBytes = 1000, greeting = settings() } = {}) {
  const sent: string[] = [];
  const faults: string[] = [];
  const frames: { type: number; flags: number; stream: number; payload: Buffer }[] = [];
  let taken = true;
  let preface = '';
  let data = { stream: 0, length: 0, chunks: [] as Buffer[] };
  const reader = new FrameReader({
    frame: (type, flags, stream, payload) => {
      frames.push({ type, flags, stream, payload });
      sent.push([type, flags, stream, payload.length > 100 ? payload.length : payload.toString('hex')].join(' '));
    },
    dataStart: (stream, length) => (data = { stream, length, chunks: [] }),
    data: (chunk) => data.chunks.push(chunk),
    dataEnd: (flags) => {
      const payload = Buffer.concat(data.chunks);
      frames.push({ type: FrameType.data, flags, stream: data.stream, payload });
      sent.push(`data ${flags} ${data.stream} ${payload.toString()}`);
    },
  });
  const socket = new Duplex({
    read: () => {},
    decodeStrings: true,
    write: (chunk: Buffer, _, done) => {
      const rest = preface.length < Preface.length ? chunk.subarray(Preface.length) : chunk;
      if (rest !== chunk) preface = chunk.toString('latin1', 0, Preface.length);
      reader.push(rest);
      if (taken) done();
    },
  });
  const connection = new Http2Connection(socket as Socket, {
    authority: 'server',
    windowBytes,
    now: () => 0,
    errorOf: (answered, reason) => new Error(`${answered ? 'truncated' : 'reset'}: ${reason}`),
    onSettings: () => {},
    onGoAway: () => sent.push('goaway'),
    onFree: () => {},
    onActive: () => {},
    onFault: (error) => faults.push(error.message),
  });
  const open = (rest: Partial<OutgoingRequest> = {}, again?: () => void) => {
    const told: string[] = [];
    const exchange = {
      onFreed: undefined,
      onRequestStart: () => {},
      onResponseStart: (_: unknown, status: number, headers: object) =>
        told.push([status, ...Object.entries(headers).map(([name, value]) => `${name}=${String(value)}`)].join(' ')),
      onResponseData: (_: unknown, chunk: Buffer) => told.push(chunk.toString()),
      onResponseEnd: () => told.push('end'),
      onResponseError: (_: unknown, error: Error) => told.push(error.message),
    };
    const request: OutgoingRequest = {
      origin: '',
      path: '/',
      method: 'GET',
      headers: {},
      body: null,
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    const stream: Http2Stream = connection.open(exchange as unknown as Exchange, { ...request, ...rest }, again);
    return { told, stream };
  };
  const receive = async (...bytes: readonly Buffer[]): Promise<void> => {
    for (const each of bytes) socket.push(each);
    await turn();
    await turn();
  };
  const start = async (): Promise<void> => {
    await receive(greeting);
    sent.length = 0;
    frames.length = 0;
  };
  return {
    socket,
    connection,
    sent,
    frames,
    faults,
    open,
    receive,
    start,
    stopTaking: () => (taken = false),
    preface: () => preface,
  };
}

test('it begins as it has to', async () => {
  const { sent, preface, receive } = setUp();
  await receive();
  expect(preface()).toBe(Preface);
  expect(sent.map((each) => each.split(' ')[0])).toEqual([String(FrameType.settings), String(FrameType.windowUpdate)]);
});

test('frames may be cut anywhere, and have padding, priorities, continuations and trailers', async () => {
  const padded = (payload: string): string => `\u0003${payload}\0\0\0`;
  const bytes = Buffer.concat([
    settings(),
    frame(0x77, 0, 0, 'of a kind that nobody knows'),
    frame(FrameType.headers, Flag.endHeaders, 1, header(':status', '103')),
    frame(FrameType.headers, Flag.priority, 1, Buffer.concat([Buffer.alloc(5), Ok])),
    frame(FrameType.continuation, Flag.endHeaders, 1, Buffer.concat([header('a', '1'), header('a', '2')])),
    frame(FrameType.data, Flag.padded, 1, padded('hello')),
    frame(FrameType.data, 0, 1),
    frame(FrameType.headers, Flag.endHeaders | Flag.endStream, 1, header('trailer', '1')),
    frame(FrameType.data, Flag.padded | Flag.endStream, 3, padded('nobody wants it')),
  ]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const { open, receive, faults } = setUp();
      const { told } = open();
      open().stream.abort(new Error('not this one'));
      const places = [0, ...cuts.toSorted((one, other) => one - other), bytes.length];
      await receive(
        ...places
          .slice(1)
          .map((end, at) => bytes.subarray(places[at], end))
          .filter(({ length }) => length > 0),
      );
      expect(faults).toEqual([]);
      expect([told[0], told[1], told.slice(2, -1).join(''), told.at(-1)]).toEqual(['103', '200 a=1,2', 'hello', 'end']);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['a first frame that is not of settings', [frame(FrameType.ping, 0, 0, '12345678')], ErrorCode.protocolError],
  ['a frame that is too large', [head(FrameType.data, 0, 1, 300_000)], ErrorCode.frameSizeError],
  ['an answer to nothing', [settings(), answer(5)], ErrorCode.protocolError],
  ['data of nothing', [settings(), last(5)], ErrorCode.protocolError],
  ['a stream of its own', [settings(), answer(2)], ErrorCode.protocolError],
  ['a push', [settings(), frame(FrameType.pushPromise, 0, 1, '1234')], ErrorCode.protocolError],
  [
    'more padding than data',
    [settings(), answer(1), frame(FrameType.data, Flag.padded, 1, '\u0009x')],
    ErrorCode.protocolError,
  ],
  ['padding without length', [settings(), answer(1), frame(FrameType.data, Flag.padded, 1)], ErrorCode.frameSizeError],
  [
    'more padding than headers',
    [settings(), frame(FrameType.headers, Flag.padded, 1, '\u0009x')],
    ErrorCode.protocolError,
  ],
  ['headers that are interrupted', [settings(), frame(FrameType.headers, 0, 1, Ok), last(1)], ErrorCode.protocolError],
  ['a continuation of nothing', [settings(), frame(FrameType.continuation, 0, 1, Ok)], ErrorCode.protocolError],
  [
    'a continuation of another',
    [settings(), frame(FrameType.headers, 0, 1, Ok), frame(FrameType.continuation, 4, 3)],
    ErrorCode.protocolError,
  ],
  [
    'headers that nobody can read',
    [settings(), frame(FrameType.headers, Flag.endHeaders, 1, '\u00ff\u00ff')],
    ErrorCode.compressionError,
  ],
  ['settings that are cut off', [frame(FrameType.settings, 0, 0, '12345')], ErrorCode.frameSizeError],
  ['a window that is too large', [settings([Setting.initialWindowSize, 2 ** 31])], ErrorCode.flowControlError],
  [
    'a window that grows too large',
    [settings(), numbers(FrameType.windowUpdate, 0, 2 ** 31 - 1)],
    ErrorCode.flowControlError,
  ],
  ['a reset without a code', [settings(), frame(FrameType.resetStream, 0, 1)], ErrorCode.frameSizeError],
  ['a ping of another size', [settings(), frame(FrameType.ping, 0, 0, '1')], ErrorCode.frameSizeError],
  [
    'more data than it may send',
    [settings(), answer(1), frame(FrameType.data, 0, 1, 'x'.repeat(1001))],
    ErrorCode.flowControlError,
  ],
])('%s ends the connection', async (_, bytes, code) => {
  const { open, receive, faults, frames } = setUp();
  open();
  await receive(...bytes);
  expect(faults).toEqual([expect.stringContaining('the peer does not keep to HTTP/2: ')]);
  const goAway = frames.find(({ type }) => type === FrameType.goAway);
  expect(goAway?.payload.readUInt32BE(4)).toBe(code);
});

test.each([
  ['no status', frame(FrameType.headers, Flag.endHeaders, 1, header('a', '1'))],
  ['a status that is none', frame(FrameType.headers, Flag.endHeaders, 1, header(':status', '20'))],
  [
    'an interim answer that is all',
    frame(FrameType.headers, Flag.endHeaders | Flag.endStream, 1, header(':status', '103')),
  ],
  ['a body before the headers', last(1, 'body')],
  ['a second answer', Buffer.concat([answer(1), answer(1)])],
  ['a name that is none', answer(1, header('Upper', ''))],
  ['a value of two lines', answer(1, header('a', 'b\r\nc: d'))],
  ['a body that is too short', Buffer.concat([answer(1, header('content-length', '3')), last(1, 'ab')])],
  ['a body that is too long', Buffer.concat([answer(1, header('content-length', '1')), last(1, 'ab')])],
])('an answer with %s fails, and others do not', async (_, bytes) => {
  const { open, receive, start, sent, faults } = setUp();
  await start();
  const [one, other] = [open(), open()];
  await receive(bytes, answer(3), last(3, 'fine'));
  expect(one.told.at(-1)).toContain('the answer is no HTTP/2: ');
  expect(sent).toContain(`${FrameType.resetStream} 0 1 00000001`);
  expect(other.told).toEqual(['200', 'fine', 'end']);
  expect(faults).toEqual([]);
});

test('headers that are too large fail, and those behind them are understood', async () => {
  const { open, receive, start } = setUp();
  await start();
  const [one, other] = [open(), open()];
  // Kept in the table, and then taken from there again and again.
  const kept = Buffer.concat([
    Buffer.from([0x40, 1]),
    Buffer.from('a'),
    Buffer.from([0x7f, 0xe1, 0x1b]),
    Buffer.alloc(3680, 'x'),
  ]);
  await receive(
    frame(FrameType.headers, Flag.endHeaders, 1, Buffer.concat([Ok, kept, Buffer.alloc(1000, 0xbe)])),
    frame(FrameType.headers, Flag.endHeaders | Flag.endStream, 3, Buffer.concat([Ok, Buffer.from([0xbe])])),
  );
  expect(one.told).toEqual(['the answer is no HTTP/2: the headers are larger than 256 KiB']);
  expect(other.told).toEqual([`200 a=${'x'.repeat(3680)}`, 'end']);
});

test('the length of a body that is not sent means nothing', async () => {
  const { open, receive, start } = setUp();
  await start();
  const { told } = open({ method: 'HEAD' });
  await receive(
    frame(FrameType.headers, Flag.endHeaders | Flag.endStream, 1, Buffer.concat([Ok, header('content-length', '9')])),
  );
  expect(told).toEqual(['200 content-length=9', 'end']);
});

test('of a body no more is sent than the peer takes, and in the end all of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(50),
      fc.string({ maxLength: 400 }),
      fc.array(fc.record({ stream: fc.boolean(), bytes: fc.integer({ min: 1, max: 60 }) }), { maxLength: 30 }),
      async (window, body, updates) => {
        const { open, receive, start, frames } = setUp({
          greeting: settings([Setting.initialWindowSize, window]),
        });
        await start();
        open({ method: 'POST', body });
        let allowed = window;
        const got = (): Buffer =>
          Buffer.concat(frames.flatMap(({ type, payload }) => (type === FrameType.data ? [payload] : [])));
        for (const { stream, bytes } of updates) {
          await receive(numbers(FrameType.windowUpdate, stream ? 1 : 0, bytes));
          if (stream) allowed += bytes;
          expect(got().toString('hex')).toBe(Buffer.from(body).subarray(0, allowed).toString('hex'));
        }
        await receive(numbers(FrameType.windowUpdate, 1, 10_000));
        expect(got().toString()).toBe(body);
        expect(frames.at(-1)?.flags).toBe(Flag.endStream);
      },
    ),
    { numRuns: 30 },
  );
});

test('a window that is made smaller while a body is sent is kept to', async () => {
  const { open, receive, start, sent } = setUp({ greeting: settings([Setting.initialWindowSize, 4]) });
  await start();
  open({ method: 'POST', body: 'abcdefgh' });
  await receive(settings([Setting.initialWindowSize, 1]), numbers(FrameType.windowUpdate, 1, 3));
  expect(sent.filter((each) => each.startsWith('data'))).toEqual(['data 0 1 abcd']);
  await receive(numbers(FrameType.windowUpdate, 1, 1));
  expect(sent.at(-1)).toBe('data 0 1 e');
});

test('what the peer does not wait for is not sent any more', async () => {
  const { open, receive, start, sent } = setUp({ greeting: settings([Setting.initialWindowSize, 4]) });
  await start();
  const { told } = open({ method: 'POST', body: 'abcdefgh' });
  await receive(answer(1), last(1, 'enough'));
  expect(told).toEqual(['200', 'enough', 'end']);
  expect(sent.at(-1)).toBe(`${FrameType.resetStream} 0 1 0000000${ErrorCode.cancel}`);
});

test('long headers are sent in frames that are not too large', async () => {
  const { open, receive, start, frames } = setUp();
  await start();
  open({ headers: { a: 'x'.repeat(40_000) } });
  await receive();
  expect(frames.map(({ type, flags }) => [type, flags])).toEqual([
    [FrameType.headers, Flag.endStream],
    [FrameType.continuation, 0],
    [FrameType.continuation, Flag.endHeaders],
  ]);
  for (const { payload } of frames) expect(payload.length).toBeLessThanOrEqual(16_384);
});

test('whoever reads makes room for more, and whoever does not read makes none', async () => {
  const { open, receive, start, sent } = setUp();
  await start();
  const { stream } = open();
  await receive();
  sent.length = 0;
  stream.pause();
  await receive(answer(1), frame(FrameType.data, 0, 1, 'x'.repeat(600)));
  expect(sent).toEqual([]);
  stream.resume();
  await receive();
  expect(sent).toEqual([`${FrameType.windowUpdate} 0 1 00000258`]);
  await receive(frame(FrameType.data, 0, 1, 'x'.repeat(600)));
  expect(sent).toHaveLength(2);
});

test('much more than a window may come in all, of each stream and of all streams', async () => {
  const { open, receive, start, faults, sent } = setUp({ windowBytes: 256 * 1024 });
  await start();
  const streams = [open(), open()];
  await receive(answer(1), answer(3));
  const part = 'x'.repeat(128 * 1024);
  for (let count = 0; count < 160; count++) await receive(frame(FrameType.data, 0, count % 2 === 0 ? 1 : 3, part));
  expect(faults).toEqual([]);
  for (const { told } of streams) expect(told.slice(1).join('')).toHaveLength(80 * part.length);
  expect(sent.filter((each) => each.startsWith(`${FrameType.windowUpdate} 0 0 `))).toHaveLength(10);
});

test('all streams together send no more than the peer takes of all', async () => {
  const { open, receive, start, frames } = setUp({ greeting: settings([Setting.initialWindowSize, 1_000_000]) });
  await start();
  for (const letter of 'ab') open({ method: 'POST', body: letter.repeat(50_000) });
  await receive();
  const got = (): number[] =>
    [1, 3].map((id) =>
      frames.reduce((sum, { type, stream, payload }) => (type === 0 && stream === id ? sum + payload.length : sum), 0),
    );
  expect(got()).toEqual([50_000, 15_535]);
  await receive(numbers(FrameType.windowUpdate, 0, 100_000));
  expect(got()).toEqual([50_000, 50_000]);
});

test('pings and settings are answered, unless there is no end to them and nobody takes the answers', async () => {
  const { receive, start, sent, faults, stopTaking } = setUp();
  await start();
  await receive(frame(FrameType.ping, 0, 0, 'anybody?'), settings(), frame(FrameType.settings, Flag.ack, 0));
  expect(sent).toEqual([`6 1 0 ${Buffer.from('anybody?').toString('hex')}`, '4 1 0 ']);
  for (let count = 0; count < 2000; count++) await receive(frame(FrameType.ping, 0, 0, 'anybody?'));
  expect(faults).toEqual([]);
  stopTaking();
  await receive(Buffer.concat(Array.from({ length: 2000 }, () => frame(FrameType.ping, 0, 0, 'anybody?'))));
  expect(faults).toEqual(['the peer does not keep to HTTP/2: it asks for more than it takes']);
});

test('what a server has not looked at when it leaves is sent again, and the rest goes on', async () => {
  const { open, receive, start } = setUp();
  await start();
  let repeated = 0;
  const [one, other] = [open(), open({}, () => repeated++)];
  const never = open();
  await receive(numbers(FrameType.goAway, 0, 1, ErrorCode.noError), answer(1), last(1, 'fine'));
  expect(one.told).toEqual(['200', 'fine', 'end']);
  expect([other.told, repeated]).toEqual([[], 1]);
  expect(never.told).toEqual(['reset: stream closed with HTTP/2 code 7']);
});

test('an end without the end of the answer is none', async () => {
  const { open, receive, start } = setUp();
  await start();
  const { told } = open({}, () => told.push('again'));
  await receive(answer(1), numbers(FrameType.resetStream, 1, ErrorCode.noError));
  expect(told).toEqual(['200', 'truncated: stream closed with HTTP/2 code 0']);
});

test('whatever a peer sends, it is understood or a fault of its own, and nobody is told of two ends', async () => {
  const anyFrame = fc
    .record({
      type: fc.integer({ min: 0, max: 11 }),
      flags: fc.oneof(fc.constantFrom(0, 1, 4, 5, 8, 13, 32), fc.nat(255)),
      stream: fc.constantFrom(0, 1, 1, 3, 3, 5),
      payload: fc.oneof(
        fc.constant(Ok),
        fc.constant(Buffer.from('\0\0\0\u0001')),
        fc.constant(Buffer.from('12345678')),
        fc.uint8Array({ maxLength: 40 }),
      ),
    })
    .map(({ type, flags, stream, payload }) => frame(type, flags, stream, payload));
  await fc.assert(
    fc.asyncProperty(fc.array(anyFrame, { maxLength: 20 }), async (bytes) => {
      const { open, receive, start, faults } = setUp({ windowBytes: 100 });
      await start();
      const exchanges = [open(), open({ method: 'POST', body: 'x'.repeat(100_000) })];
      await receive(...bytes);
      for (const each of faults) expect(each).toContain('the peer does not keep to HTTP/2: ');
      expect(faults.length).toBeLessThanOrEqual(1);
      for (const { told } of exchanges) {
        const ends = told.filter((each) => /^(?:end$|reset|truncated|the answer is)/.test(each));
        expect(ends.length).toBeLessThanOrEqual(1);
        if (ends.length > 0) expect(told.at(-1)).toBe(ends[0]);
      }
    }),
    { numRuns: 200 },
  );
});
