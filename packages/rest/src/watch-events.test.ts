import { isResourceExpired } from '@client-ts/apimachinery/errors';
import { expect, test } from 'vitest';
import { FrameTooLargeError, LineSplitter } from './line-splitter.js';
import { WatchDecodeError, watchEvents } from './watch-events.js';

const encoder = new TextEncoder();

async function* chunksOf(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
}

async function eventsOf(...chunks: (string | Uint8Array)[]): Promise<unknown[]> {
  const events = [];
  for await (const event of watchEvents(chunksOf(...chunks))) events.push(event);
  return events;
}

const first = { type: 'ADDED', object: { metadata: { name: 'ä€𝄞\u2028"\\\n' } } };
const second = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '7' } } };
const stream = encoder.encode(`${JSON.stringify(first)}\n${JSON.stringify(second)}\n`);

test('every split of the stream gives the same events', async () => {
  for (let at = 0; at <= stream.length; at++) {
    expect(await eventsOf(stream.subarray(0, at), stream.subarray(at))).toEqual([first, second]);
  }
});

test('one byte at a time gives the same events', async () => {
  expect(await eventsOf(...Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual([first, second]);
});

test('a last event without newline counts, when it is whole', async () => {
  expect(await eventsOf(JSON.stringify(first))).toEqual([first]);
});

test('blank lines are no events', async () => {
  expect(await eventsOf(`\n${JSON.stringify(first)}\n\n`)).toEqual([first]);
});

test('an event that was cut off is an error, not dropped', async () => {
  await expect(eventsOf(JSON.stringify(first).slice(0, -3))).rejects.toThrow(WatchDecodeError);
});

test('an ERROR event is thrown as what it says', async () => {
  const status = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
  await expect(eventsOf(`${JSON.stringify({ type: 'ERROR', object: status })}\n`)).rejects.toSatisfy(isResourceExpired);
});

test.each([
  ['an unknown type', '{"type":"SURPRISE","object":{}}', /invalid watch event type: "SURPRISE"/],
  ['no type', '{"object":{}}', /invalid watch event type: undefined/],
  ['no object', '{"type":"ADDED"}', /of type ADDED without object/],
  ['a page from a proxy', '<html>', /is not JSON/],
])('%s is an error', async (_, line, message) => {
  await expect(eventsOf(`${line}\n`)).rejects.toThrow(message);
});

test('__proto__ in an object is data', async () => {
  const [event] = (await eventsOf('{"type":"ADDED","object":{"__proto__":{"polluted":1}}}\n')) as { object: object }[];
  expect(Object.hasOwn(event?.object ?? {}, '__proto__')).toBe(true);
  expect({}).not.toHaveProperty('polluted');
});

test('a line that never ends is refused before it fills the memory', () => {
  const splitter = new LineSplitter(10);
  expect([...splitter.push(encoder.encode('12345678'))]).toEqual([]);
  expect(() => [...splitter.push(encoder.encode('9012'))]).toThrow(FrameTooLargeError);
});
