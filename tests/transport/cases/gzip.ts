import { gunzipSync, gzipSync } from 'node:zlib';
import { isTransportError, readBytes, type TransportResponse } from '@client-ts/rest';
import { expect } from 'vitest';
import { failureOf, get, type TransportCase } from '../case.js';

/** A megabyte that gzip does not make much smaller, so that it comes in many parts. */
const plain = Buffer.from(
  Array.from({ length: 150_000 }, (_, i) => (i * 2_654_435_761) % 4_294_967_296)
    .join(',')
    .slice(0, 1_000_000),
);
const compressed = gzipSync(plain);

const accept = { headers: { 'accept-encoding': 'gzip' } };

/** Answers with this as a gzip body. */
const answering = (body: Uint8Array, breaks?: 'after') => () => ({
  headers: { 'content-encoding': 'gzip', 'content-length': String(body.length) },
  body: (async function* () {
    yield body;
  })(),
  ...(breaks ? { breaks } : {}),
});

/** Compressed bodies: decoded by the transport, or left to the client together with the headers that say so. */
export const gzip = {
  'a compressed body that was asked for can be read': async (make, start) => {
    await using peer = await start(answering(compressed));
    await using transport = make();
    const response = await transport.request(get(peer.url(), accept));
    expect(Buffer.compare(decoded(response, await readBytes(response.body)), plain)).toBe(0);
    if (response.headers['content-encoding'] === undefined) {
      expect(response.headers).not.toHaveProperty('content-length');
    }
  },

  'a compressed body that was not asked for comes as it is': async (make, start) => {
    await using peer = await start(answering(compressed));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    expect(response.headers['content-encoding']).toBe('gzip');
    expect(Buffer.compare(await readBytes(response.body), compressed)).toBe(0);
  },

  'a compressed body that ends early is truncated': async (make, start) => {
    for (const [body, breaks] of [
      [compressed.subarray(0, 200_000), undefined],
      [compressed.subarray(0, 5), undefined],
    ] as const) {
      await using peer = await start(answering(body, breaks));
      await using transport = make();
      const response = await transport.request(get(peer.url(), accept));
      expect(await failureOf(readBytes(response.body))).toMatchObject({ failure: 'truncated' });
    }
  },

  'a body that is not gzip, though it says so, is a failure': async (make, start) => {
    await using peer = await start(answering(plain));
    await using transport = make();
    const response = await transport.request(get(peer.url(), accept));
    const error = await failureOf(readBytes(response.body));
    expect(isTransportError(error), String(error)).toBe(true);
    expect(error.message).toContain(new URL(peer.url()).host);
  },

  'leaving a compressed body early closes the connection, and discarding it does too': async (make, start) => {
    const half = (): ReturnType<ReturnType<typeof answering>> => ({
      headers: { 'content-encoding': 'gzip', 'content-length': String(compressed.length) },
      body: (async function* () {
        yield compressed.subarray(0, compressed.length / 2);
        await new Promise(() => {});
      })(),
    });
    await using peer = await start(half);
    await using transport = make();
    for await (const chunk of (await transport.request(get(peer.url(), accept))).body) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    const body = (await transport.request(get(peer.url(), accept))).body[Symbol.asyncIterator]();
    // More of them than there are parts.
    const waiting = Array.from({ length: 20 }, () => body.next().catch(() => undefined));
    await body.return?.();
    await Promise.all(waiting);
    await (await transport.request(get(peer.url(), accept))).discard();
    await Promise.all(peer.requests.map(({ left }) => left));
  },

  'an abort within a compressed body rejects with its reason': async (make, start) => {
    const reason = { mine: true };
    const controller = new AbortController();
    await using peer = await start(() => ({
      headers: { 'content-encoding': 'gzip' },
      body: (async function* () {
        yield compressed.subarray(0, compressed.length / 2);
        await new Promise(() => {});
      })(),
    }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { ...accept, signal: controller.signal }));
    const failure = failureOf(readBytes(response.body));
    await peer.request();
    controller.abort(reason);
    expect(await failure).toBe(reason);
  },
} satisfies Record<string, TransportCase>;

function decoded({ headers }: TransportResponse, bytes: Uint8Array): Uint8Array {
  return headers['content-encoding'] === undefined ? bytes : gunzipSync(bytes);
}
