import { once } from 'node:events';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { newCertificateAuthority } from '@client-ts/envtest';
import type { Transport } from '@client-ts/rest';
import { newTransport, type TransportOptions } from '@client-ts/transport';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from './case.js';
import { openTo, webSockets } from './cases/web-sockets.js';
import { type ProxyPeer, startHttpProxy, startSocks5Proxy } from './proxy-peer.js';
import { RawPeer } from './raw-peer.js';
import { onLoopback, transportCases } from './transport-cases.js';
import { WebSocketPeer } from './web-socket-peer.js';

const authority = await newCertificateAuthority('proxies of WebSockets');
const server = await authority.issue({ commonName: 'server', addresses: ['server.invalid'] });
const client = await authority.issue({ commonName: 'client' });
const proxyCertificate = await authority.issue({ commonName: 'proxy', addresses: ['127.0.0.1'] });

interface Kind {
  readonly start: (refuse?: () => boolean) => Promise<ProxyPeer>;
  /** Of an answer that refuses a tunnel. */
  readonly refusal: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  http: { start: (refuse) => startHttpProxy(refuse ? { refuse } : {}), refusal: '403 Forbidden' },
  https: {
    start: (refuse) => startHttpProxy(refuse ? { refuse } : {}, proxyCertificate),
    refusal: '403 Forbidden',
  },
  socks5: { start: (refuse) => startSocks5Proxy(refuse ? { refuse } : {}), refusal: 'the connection is not allowed' },
};

const large = 'how much fits into a connection is no matter of how it was made, and takes seconds';

const skip = {
  'messages that nobody reads stay with the server': large,
  'what the server does not read is not sent yet': large,
  'a message of the greatest size arrives': large,
  'leaving the loop closes it': large,
  'an abort cuts the connection, and what is pending rejects with its reason': large,
};

describe.each(Object.entries(kinds))('through a proxy of kind %s', (kind, { start, refusal }) => {
  const through = (host: string, options: TransportOptions = {}): Transport =>
    newTransport({ tls: { ca: authority.cert }, ...options, proxyUrl: `${kind}://${host}` });

  describe('as without one', () => {
    let proxy: ProxyPeer;
    beforeAll(async () => {
      proxy = await start();
    });
    afterAll(() => proxy[Symbol.asyncDispose]());
    transportCases(
      'undici',
      onLoopback((options) => through(`127.0.0.1:${proxy.port}`, options)),
      skip,
      { webSockets },
    );
  });

  test('the server sees the certificate and is verified by its name, and the proxy gets its password', async () => {
    await using peer = await WebSocketPeer.start({ tls: { ...server, clientCa: authority.cert } });
    await using proxy = await start();
    await using transport = through(`ann:s%40cret@127.0.0.1:${proxy.port}`, {
      tls: { ca: authority.cert, cert: client.cert, key: client.key, serverName: 'server.invalid' },
    });
    const { webSocket } = await openTo(transport, peer);
    const session = await peer.session();
    expect(session.certificate).toBe('client');
    expect(session.request.headers).not.toHaveProperty('proxy-authorization');
    expect(proxy.credentials).toEqual(['ann:s@cret']);
    await webSocket?.close();
    await using unnamed = through(`127.0.0.1:${proxy.port}`);
    expect(await failureOf(openTo(unnamed, peer))).toMatchObject({ failure: 'tls' });
  });

  test('the refusal of a tunnel is a failure to connect, without the password', async () => {
    await using peer = await WebSocketPeer.start();
    await using proxy = await start(() => true);
    await using transport = through(`ann:secret@127.0.0.1:${proxy.port}`);
    const error = await failureOf(openTo(transport, peer));
    expect(error).toMatchObject({ failure: 'connect' });
    expect(error.message).toContain(refusal);
    expect(`${error.message} ${String(error.cause)}`).not.toContain('secret');
    expect(peer.handshakes).toEqual([]);
  });

  test.each(['abort', 'close', 'dispose'] as const)('%s ends the wait for a tunnel', async (how) => {
    let asked = (): void => {};
    const waiting = new Promise<void>((resolve) => (asked = resolve));
    let left: Promise<unknown> | undefined;
    await using proxy = await RawPeer.start((socket) => {
      left = once(socket, 'close');
      socket.once('data', asked);
    });
    await using peer = await WebSocketPeer.start();
    await using transport = through(proxy.host);
    const controller = new AbortController();
    const failure = failureOf(openTo(transport, peer, { signal: controller.signal }));
    await waiting;
    const reason = new Error('mine');
    if (how === 'abort') controller.abort(reason);
    else if (how === 'close') await transport.close?.();
    else await transport[Symbol.asyncDispose]();
    if (how === 'abort') expect(await failure).toBe(reason);
    else expect(await failure).toMatchObject({ name: 'TransportError' });
    await left;
  });

  test('a tunnel that breaks is truncated, for whoever reads and writes', async () => {
    await using peer = await WebSocketPeer.start();
    await using proxy = await start();
    await using transport = through(`127.0.0.1:${proxy.port}`);
    const { webSocket } = await openTo(transport, peer);
    const messages = webSocket!.messages[Symbol.asyncIterator]();
    (await peer.session()).socket.send('before');
    expect(await messages.next()).toMatchObject({ value: 'before' });
    const reading = failureOf(messages.next());
    await proxy[Symbol.asyncDispose]();
    expect(await reading).toMatchObject({ failure: 'truncated' });
    expect(await failureOf(webSocket!.send('late'))).toMatchObject({ failure: 'truncated' });
  });

  test('a peer that answers no pings is noticed behind a proxy that is there', async () => {
    const clock = new FakeClock();
    await using peer = await WebSocketPeer.start({ serve: (socket) => socket.pause() });
    await using proxy = await start();
    await using transport = through(`127.0.0.1:${proxy.port}`, { clock });
    const heartbeat = { pingIntervalMs: 5000, silenceTimeoutMs: 61_000 };
    const { webSocket } = await openTo(transport, peer, { heartbeat });
    const reading = failureOf(webSocket!.messages[Symbol.asyncIterator]().next());
    await clock.advance(66_000);
    expect(await reading).toMatchObject({ failure: 'timeout' });
  });
});
