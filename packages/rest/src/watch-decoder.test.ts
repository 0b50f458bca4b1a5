import { isResourceExpired } from '@client-ts/apimachinery/errors';
import { expect, test } from 'vitest';
import { decodeAll } from './decode-all.test.kit.js';
import { parsedEvents } from './parsed-events.js';
import { WatchDecoder } from './watch-decoder.js';
import { WatchDecodeError } from './watch-event.js';

const encoder = new TextEncoder();

function eventsOf(...chunks: (string | Uint8Array)[]): unknown[] {
  const bytes = chunks.map((chunk) => (typeof chunk === 'string' ? encoder.encode(chunk) : chunk));
  return decodeAll(new WatchDecoder('watch pods', parsedEvents({ what: 'watch pods' })), bytes);
}

function failureOf(...chunks: string[]): unknown {
  try {
    return eventsOf(...chunks);
  } catch (error) {
    return error;
  }
}

// Raw U+2028 is a line end to many a splitter, and none in JSON.
const first = { type: 'ADDED', object: { metadata: { name: 'ä€𝄞\u2028"\\\n' } } };
const second = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '7' } } };
const stream = encoder.encode(`${JSON.stringify(first)}\n${JSON.stringify(second)}\n`);

test('every cut of the stream into three gives the same events', () => {
  const whole = JSON.stringify([first, second]);
  for (let left = 0; left <= stream.length; left++) {
    for (let right = left; right <= stream.length; right++) {
      const events = eventsOf(stream.subarray(0, left), stream.subarray(left, right), stream.subarray(right));
      if (JSON.stringify(events) !== whole) expect.fail(`cut at ${left} and ${right}: ${JSON.stringify(events)}`);
    }
  }
});

test('one byte at a time gives the same events', () => {
  expect(eventsOf(...Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual([first, second]);
});

test('a last event without newline counts, when it is whole', () => {
  expect(eventsOf(JSON.stringify(first))).toEqual([first]);
});

test('blank lines are no events', () => {
  expect(eventsOf(`\n${JSON.stringify(first)}\n\n`)).toEqual([first]);
});

test('an event that was cut off is an error wherever it was, not dropped', () => {
  const text = JSON.stringify(first);
  for (let at = 1; at < text.length; at++) {
    expect(failureOf(text.slice(0, at)), text.slice(0, at)).toBeInstanceOf(WatchDecodeError);
  }
});

test('events before a broken one are delivered', () => {
  const decoder = new WatchDecoder('watch pods', parsedEvents({ what: 'watch pods' }));
  decoder.feed(encoder.encode(`${JSON.stringify(first)}\n<html>\n`));
  expect(decoder.next()).toEqual(first);
  expect(() => decoder.next()).toThrow(WatchDecodeError);
});

test('an ERROR event is thrown as what it says', () => {
  const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
  expect(failureOf(`${JSON.stringify({ type: 'ERROR', object: status })}\n`)).toSatisfy(isResourceExpired);
});

test.each([
  ['an unknown type', '{"type":"SURPRISE","object":{}}', 'watch pods: got invalid watch event type: "SURPRISE"'],
  ['a number as type', '{"type":9007199254740993,"object":{}}', 'watch pods: got invalid watch event type: bigint'],
  ['no type', '{"object":{}}', 'watch pods: got invalid watch event type: undefined'],
  ['no object', '{"type":"ADDED"}', 'watch pods: got an event of type "ADDED" without object'],
  ['an ERROR without object', '{"type":"ERROR"}', 'watch pods: got an event of type "ERROR" without object'],
  [
    'an ERROR that is none',
    '{"type":"ERROR","object":{"kind":"Pod"}}',
    'watch pods: got an ERROR event whose object is no Status',
  ],
  ['null', 'null', 'watch pods: got an event of type undefined without object'],
  ['a page from a proxy', '<html>', 'watch pods: unable to decode an event: it is not JSON, or was cut off'],
])('%s is an error', (_, line, message) => {
  expect(failureOf(`${line}\n`)).toEqual(new WatchDecodeError(message));
});

test('__proto__ in an object is data', () => {
  const [event] = eventsOf('{"type":"ADDED","object":{"__proto__":{"polluted":1}}}\n') as { object: object }[];
  expect(Object.hasOwn(event?.object ?? {}, '__proto__')).toBe(true);
  expect({}).not.toHaveProperty('polluted');
});
