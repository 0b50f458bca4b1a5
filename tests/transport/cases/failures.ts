import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { isTransportError, readText } from '@client-ts/rest';
import { expect } from 'vitest';
import { failureOf, get, type TransportCase } from '../case.js';
import { Peer } from '../peer.js';

/** How a request fails: of which kind the error is, whom it names, and what it keeps to itself. */
export const failures = {
  'nobody at the port is a failure to connect, which names host and port': async (make) => {
    const peer = await Peer.start(() => ({}));
    const url = peer.url('/path?token=secret');
    const host = peer.host;
    await peer[Symbol.asyncDispose]();
    await using transport = make();
    const error = await failureOf(transport.request(get(url, { headers: { authorization: 'Bearer secret' } })));
    expect(isTransportError(error)).toBe(true);
    expect(error).toMatchObject({ failure: 'connect', message: `${host}: connection refused` });
    expect(error.cause).toBeInstanceOf(Error);
  },

  'a host without address is a failure to connect': async (make) => {
    await using transport = make();
    const error = await failureOf(transport.request(get(new URL('http://no-such-host.invalid'))));
    expect(error).toMatchObject({ failure: 'connect' });
    expect(error.message).toContain('no-such-host.invalid: ');
  },

  'a connection that is closed instead of an answer is a reset': async (make) => {
    await using peer = await Peer.start(() => ({ breaks: 'before' }));
    await using transport = make();
    const error = await failureOf(transport.request({ ...get(peer.url()), method: 'POST', body: '{}' }));
    expect(error).toMatchObject({ failure: 'reset' });
    expect(error.message).toContain(peer.host);
    expect(peer.requests).toHaveLength(1);
  },

  'a body that is shorter than announced is truncated': async (make) => {
    await using peer = await Peer.start(() => ({
      headers: { 'content-length': '100' },
      body: 'half',
      breaks: 'after',
    }));
    await using transport = make();
    const response = await transport.request(get(peer.url()));
    const error = await failureOf(readText(response.body));
    expect(error).toMatchObject({ failure: 'truncated' });
    expect(error.message).toContain(peer.host);
  },

  'a stream that ends without saying so is truncated, after all that came': async (make) => {
    await using peer = await Peer.start(() => ({ body: 'half', breaks: 'after' }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { longRunning: true }));
    const chunks: Uint8Array[] = [];
    const error = await failureOf(
      (async () => {
        for await (const chunk of response.body) chunks.push(chunk);
      })(),
    );
    expect(error).toMatchObject({ failure: 'truncated' });
    expect(Buffer.concat(chunks).toString()).toBe('half');
  },

  'an answer that is not HTTP is a failure, not an answer': async (make) => {
    const server = createServer((socket) => socket.on('error', () => {}).end('hello\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using transport = make();
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const error = await failureOf(transport.request(get(url)));
    server.close();
    expect(isTransportError(error), String(error)).toBe(true);
    expect(error.message).toContain(url.host);
  },
} satisfies Record<string, TransportCase>;
