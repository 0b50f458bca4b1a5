import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { gzip } from './gzip.js';
import { readText } from './read-body.js';
import { type Answer, Script } from './script.test.kit.js';
import { TransportError } from './transport-error.js';
import type { TransportRequest, TransportResponse } from './transport-request.js';

const url = new URL('https://server/api');
const text = JSON.stringify({ items: Array.from({ length: 10_000 }, (_, at) => ({ at, name: 'ä€𝄞' })) });
const compressed = gzipSync(text);
const encoded = { 'content-encoding': 'gzip', 'content-length': String(compressed.length), 'x-other': '1' };

async function exchange(
  answer: Answer,
  request: Partial<TransportRequest> = {},
): Promise<{ script: Script; response: TransportResponse }> {
  const script = new Script(answer);
  const sent = { method: 'GET', url, headers: {}, ...request };
  return { script, response: await gzip()(sent, (request) => script.request(request)) };
}

test('is asked for, and what comes so is decompressed', async () => {
  const { script, response } = await exchange({ headers: encoded, body: compressed });
  expect(script.requests[0]?.headers).toEqual({ 'accept-encoding': 'gzip' });
  expect(response).toMatchObject({ status: 200, headers: { 'x-other': '1' } });
  expect(response.headers).not.toHaveProperty('content-encoding');
  expect(response.headers).not.toHaveProperty('content-length');
  expect((await readText(response.body)) === text).toBe(true);
});

test('leaves alone what comes otherwise', async () => {
  const { response } = await exchange({ headers: { 'content-encoding': 'identity' }, body: text });
  expect((await readText(response.body)) === text).toBe(true);
});

test('is not asked for when the body stays open, nor when the request says what it wants', async () => {
  const long = await exchange({}, { longRunning: true });
  expect(long.script.requests[0]?.headers).toEqual({});
  const own = await exchange({}, { headers: { 'accept-encoding': 'identity' } });
  expect(own.script.requests[0]?.headers).toEqual({ 'accept-encoding': 'identity' });
});

test.each([
  ['ends too early', compressed.subarray(0, -20)],
  ['is damaged', Uint8Array.from(compressed, (byte, at) => (at > 30 && at < 60 ? 255 - byte : byte))],
  ['is no gzip', new TextEncoder().encode(text)],
])('a body that %s is a failure that may be retried', async (_, body) => {
  const { response } = await exchange({ headers: encoded, body });
  await expect(readText(response.body)).rejects.toMatchObject({
    name: 'TransportError',
    failure: 'truncated',
    message: 'server: the compressed body is damaged, or ended too early',
  });
});

test('the failure of the transport comes through', async () => {
  const { response } = await exchange({ headers: encoded, body: compressed.subarray(0, 50), breaks: true });
  await expect(readText(response.body)).rejects.toEqual(new TransportError('truncated', 'cut off'));
});

test('leaving early closes the connection', async () => {
  let close = (): void => {};
  const closed = new Promise<void>((resolve) => (close = resolve));
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield compressed;
    } finally {
      close();
    }
  }
  const endless = { status: 200, headers: encoded, body: body(), discard: () => Promise.resolve() };
  const response = await gzip()({ method: 'GET', url, headers: {} }, () => Promise.resolve(endless));
  for await (const _ of response.body) break;
  await closed;
});

test('a body that nobody wants is discarded as it is', async () => {
  const { script, response } = await exchange({ headers: encoded, body: compressed });
  await response.discard();
  expect(script.discarded).toBe(1);
});
