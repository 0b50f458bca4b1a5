import { constants } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { readText, type Transport } from '@client-ts/rest';
import { newTransport, type TransportOptions } from '@client-ts/transport';
import { describe, expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { connections } from './cases/connections.js';
import { failures } from './cases/failures.js';
import { tls } from './cases/tls.js';
import { webSockets } from './cases/web-sockets.js';
import { Http2Peer, http2Certificate, http2Tls } from './http2-peer.js';
import { open, Peer } from './peer.js';
import { Relay } from './relay.js';
import { transportCases } from './transport-cases.js';

/** Long-running requests alone go over HTTP/2: here, all are. */
function longRunning(options: TransportOptions = {}): Transport {
  const transport = newTransport({ tls: http2Tls, ...options });
  return {
    request: (request) => transport.request({ ...request, longRunning: true }),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

const skipped = (topic: object): Record<string, string> =>
  Object.fromEntries(Object.keys(topic).map((title) => [title, 'is about HTTP/1.1']));

transportCases('HTTP/2', () => ({ make: longRunning, start: (answer) => Http2Peer.start(answer) }), {
  ...skipped(connections),
  ...skipped(failures),
  ...skipped(tls),
  ...skipped(webSockets),
  'an abort before there is a connection rejects with its reason': 'is about HTTP/1.1',
});

describe('long-running requests over HTTP/2', () => {
  const watch = (transport: Transport, peer: Http2Peer, path = '/watch') =>
    transport.request(get(peer.url(path), { longRunning: true }));

  test('share one connection, and the streams of a server that allows few of them', async () => {
    for (const [maxConcurrentStreams, expected] of [
      [undefined, 1],
      [60, 4],
    ] as const) {
      const options = maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams };
      await using peer = await Http2Peer.start(() => ({ body: open('first') }), options);
      await using transport = newTransport({ tls: http2Tls });
      const watches = await Promise.all(Array.from({ length: 200 }, () => watch(transport, peer)));
      for (const { body } of watches) {
        const { value } = await body[Symbol.asyncIterator]().next();
        expect(Buffer.from(value ?? []).toString()).toBe('first');
      }
      expect(peer.connections).toBe(expected);
      expect(peer.requests).toHaveLength(200);
    }
  });

  test('do not, where HTTP/1.1 is wished for', async () => {
    await using peer = await Http2Peer.start(() => ({ body: open('first') }));
    await using transport = newTransport({ tls: http2Tls, http2: false });
    expect(await failureOf(watch(transport, peer))).toMatchObject({ failure: 'tls' });
  });

  test('that end make room for others', async () => {
    await using peer = await Http2Peer.start(() => ({ body: open('first') }), { maxConcurrentStreams: 1 });
    await using transport = newTransport({ tls: http2Tls });
    for (let i = 0; i < 5; i++) {
      await (await watch(transport, peer)).discard();
      await (
        await peer.request(i)
      ).left;
    }
    expect(peer.connections).toBe(1);
  });

  test('that nobody reads hold up no others', async () => {
    const flood = async function* (): AsyncGenerator<Uint8Array, void, void> {
      for (let i = 0; i < 1000; i++) yield Buffer.alloc(100_000);
    };
    await using peer = await Http2Peer.start(({ path }) => ({ body: path === '/flood' ? flood() : 'hello' }));
    await using transport = newTransport({ tls: http2Tls });
    const stalled = await Promise.all(Array.from({ length: 20 }, () => watch(transport, peer, '/flood')));
    for (let i = 0; i < 100; i++) expect(await readText((await watch(transport, peer)).body)).toBe('hello');
    expect(peer.connections).toBe(1);
    let length = 0;
    for await (const chunk of stalled[0]?.body ?? []) length += chunk.length;
    expect(length).toBe(100_000_000);
  });

  test('that a server refuses to look at are sent again, and in the end fail', async () => {
    let refusals = 1;
    await using peer = await Http2Peer.start(() => ({ body: 'hello' }), {
      reset: () => (refusals-- > 0 ? constants.NGHTTP2_REFUSED_STREAM : undefined),
    });
    await using transport = newTransport({ tls: http2Tls });
    expect(await readText((await watch(transport, peer)).body)).toBe('hello');
    expect(peer.requests).toHaveLength(2);
    refusals = Number.POSITIVE_INFINITY;
    expect(await failureOf(watch(transport, peer))).toMatchObject({ failure: 'reset' });
    expect(peer.requests).toHaveLength(5);
  });

  test('that a server resets are sent once', async () => {
    await using peer = await Http2Peer.start(() => ({}), { reset: () => constants.NGHTTP2_INTERNAL_ERROR });
    await using transport = newTransport({ tls: http2Tls });
    const error = await failureOf(watch(transport, peer));
    expect(error).toMatchObject({ failure: 'reset' });
    expect(error.message).toContain(peer.host);
    expect(peer.requests).toHaveLength(1);
  });

  test('are truncated by a reset in the middle, whatever its code, and others are not', async () => {
    await using peer = await Http2Peer.start(({ path }) =>
      path === '/broken' ? { body: 'half', breaks: 'after' } : { body: open('first') },
    );
    await using transport = newTransport({ tls: http2Tls });
    const other = await watch(transport, peer);
    const broken = await watch(transport, peer, '/broken');
    expect(await failureOf(readText(broken.body))).toMatchObject({ failure: 'truncated' });
    for await (const chunk of other.body) {
      expect(Buffer.from(chunk).toString()).toBe('first');
      break;
    }
  });

  test('are truncated when their connection breaks, and the next ones get another', async () => {
    await using peer = await Http2Peer.start(() => ({ body: open('first') }));
    await using transport = newTransport({ tls: http2Tls });
    const watches = await Promise.all(Array.from({ length: 3 }, () => watch(transport, peer)));
    const reading = Promise.all(watches.map(({ body }) => failureOf(readText(body))));
    peer.breakConnections();
    for (const error of await reading) expect(error).toMatchObject({ failure: 'truncated' });
    await (await watch(transport, peer)).discard();
    expect(peer.connections).toBe(2);
  });

  test('go on when the server wants a new connection for the next ones', async () => {
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    await using peer = await Http2Peer.start(({ path }) => ({
      body: (async function* () {
        yield 'first';
        if (path === '/watch') await finished;
        yield 'last';
      })(),
    }));
    await using transport = newTransport({ tls: http2Tls });
    const before = await watch(transport, peer);
    const [session] = peer.sessions;
    session?.close();
    // As soon as the client has heard of it, others go elsewhere; until then they may be told to.
    while (peer.connections === 1) await readText((await watch(transport, peer, '/more')).body);
    finish();
    expect(await readText(before.body)).toBe('firstlast');
  });

  test('end when nobody answers pings, and what is asked for at once goes another way', async () => {
    const clock = new FakeClock();
    await using peer = await Http2Peer.start(() => ({ body: open('first') }));
    await using wire = await Relay.start(Number(peer.url().port));
    await using transport = newTransport({ tls: http2Tls, clock });
    const url = new URL(`https://${wire.host}/watch`);
    const response = await transport.request(get(url, { longRunning: true }));
    const body = response.body[Symbol.asyncIterator]();
    await body.next();
    const failure = failureOf(body.next());
    const next = failure.then(() => transport.request(get(url, { longRunning: true })));
    wire.cut();
    // It was active in the first period, and is asked after the second.
    await clock.advance(60_000);
    await clock.advance(14_999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await failure).toMatchObject({
      failure: 'truncated',
      message: `${wire.host}: no answer to a ping within 15000 ms`,
    });
    await (await next).discard();
    expect(peer.connections).toBe(2);
  });

  test('may be silent as long as pings are answered', async () => {
    const clock = new FakeClock();
    await using peer = await Http2Peer.start(() => ({ body: open('first') }));
    await using transport = newTransport({ tls: http2Tls, clock });
    const response = await watch(transport, peer);
    const body = response.body[Symbol.asyncIterator]();
    await body.next();
    const [session] = peer.sessions;
    for (let i = 0; i < 10; i++) {
      const pinged = session && once(session, 'ping');
      // The first look finds it active, because of what follows.
      await clock.advance(60_000);
      await pinged;
      // The answer comes back on the same way as everything else.
      await (await watch(transport, peer)).discard();
    }
    const next = body.next();
    await body.return?.();
    expect(await next).toMatchObject({ done: true });
    expect(peer.connections).toBe(1);
  });

  test('leave a connection that is closed after a while', async () => {
    const clock = new FakeClock();
    await using peer = await Http2Peer.start(() => ({ body: 'hello' }));
    await using transport = newTransport({ tls: http2Tls, clock });
    expect(await readText((await watch(transport, peer)).body)).toBe('hello');
    const [session] = peer.sessions;
    const closed = session && once(session, 'close');
    await clock.advance(44_999);
    expect(await readText((await watch(transport, peer)).body)).toBe('hello');
    await clock.advance(44_999);
    expect(peer.sessions.size).toBe(1);
    await clock.advance(1);
    await closed;
    expect(clock.pending).toBe(0);
  });

  test('move to a new connection when the TLS identity changes', async () => {
    await using peer = await Http2Peer.start(() => ({ body: open('first') }));
    let identity = { ...http2Tls };
    await using transport = newTransport({ tls: () => identity });
    const before = await watch(transport, peer);
    identity = { ...http2Tls };
    await watch(transport, peer);
    expect(peer.connections).toBe(2);
    for await (const chunk of before.body) {
      expect(Buffer.from(chunk).toString()).toBe('first');
      break;
    }
  });

  test('have a connection each where the server speaks HTTP/1.1, that to ask what it speaks included', async () => {
    await using peer = await Peer.start(() => ({ body: open('first') }), http2Certificate);
    await using transport = newTransport({ tls: http2Tls });
    for (let i = 0; i < 2; i++) {
      const responses = Array.from({ length: 5 }, () =>
        transport.request(get(peer.url('/watch'), { longRunning: true })),
      );
      for (const { body } of await Promise.all(responses)) {
        const { value } = await body[Symbol.asyncIterator]().next();
        expect(Buffer.from(value ?? []).toString()).toBe('first');
      }
    }
    expect(peer.connections).toBe(10);
  });

  test('fail when the server does not say what it wants to be known', async () => {
    const clock = new FakeClock();
    let greeted = (): void => {};
    const greeting = new Promise<void>((resolve) => (greeted = resolve));
    const server = createServer({ ...http2Certificate, ALPNProtocols: ['h2'] }, (socket) => {
      socket.on('error', () => {}).once('data', greeted);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const transport = newTransport({ tls: http2Tls, clock });
    const url = new URL(`https://127.0.0.1:${port}`);
    const failures = [url, url].map((each) => failureOf(transport.request(get(each, { longRunning: true }))));
    await greeting;
    await clock.advance(30_000);
    for (const error of await Promise.all(failures)) {
      expect(error).toMatchObject({ failure: 'connect', message: `${url.host}: no HTTP/2 settings within 30000 ms` });
    }
    expect(clock.pending).toBe(0);
    await transport[Symbol.asyncDispose]();
    server.close();
    await once(server, 'close');
  });

  test('fail when a server wants a new connection for each, and takes requests on none', async () => {
    await using peer = await Http2Peer.start(() => ({ body: 'hello' }), { goAway: true });
    await using transport = newTransport({ tls: http2Tls });
    const error = await failureOf(watch(transport, peer));
    // Depends on whether the request is under way when the client hears of it.
    expect(['connect', 'reset']).toContain((error as { failure?: string }).failure);
    expect(peer.connections).toBeLessThanOrEqual(3);
  });

  test('that are aborted while they wait are never sent', async () => {
    const controller = new AbortController();
    await using peer = await Http2Peer.start(() => ({ body: open('first') }));
    await using transport = newTransport({ tls: http2Tls });
    const other = watch(transport, peer);
    const { signal } = controller;
    const failure = failureOf(transport.request(get(peer.url('/aborted'), { longRunning: true, signal })));
    controller.abort(new Error('enough'));
    expect((await failure).message).toBe('enough');
    await (await other).discard();
    await (await watch(transport, peer)).discard();
    expect(peer.requests.map(({ path }) => path)).toEqual(['/watch', '/watch']);
  });

  test('end when the transport is closed', async () => {
    await using peer = await Http2Peer.start(() => ({ body: open('first') }));
    const transport = newTransport({ tls: http2Tls });
    const { body } = await watch(transport, peer);
    const reading = failureOf(readText(body));
    await transport.close();
    expect(await reading).toMatchObject({
      failure: 'truncated',
      message: `${peer.host}: the transport was closed`,
    });
    await (
      await peer.request()
    ).left;
  });
});
