import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { type KeyPair, newCertificateAuthority } from '@client-ts/envtest';
import { readText, type TlsConfig, type TransportEvent, type TransportRequest } from '@client-ts/rest';
import { fileTlsSource, newTransport, type TlsSource } from '@client-ts/transport';
import { describe, expect, test } from 'vitest';
import { failureOf, get } from './case.js';
import { Http2Peer, http2Tls } from './http2-peer.js';
import { open, Peer, type PeerTls } from './peer.js';
import { WebSocketPeer } from './web-socket-peer.js';

const old = await newCertificateAuthority('old');
const renewed = await newCertificateAuthority('renewed');
const serving = (authority: typeof old): Promise<KeyPair> =>
  authority.issue({ commonName: 'server', addresses: ['127.0.0.1'] });
const [oldServer, renewedServer] = [await serving(old), await serving(renewed)];
const ann = await old.issue({ commonName: 'ann' });
const bob = await old.issue({ commonName: 'bob' });
const renewedBob = await renewed.issue({ commonName: 'bob' });

/** A source that gives what `current` is. */
function changing(current: TlsConfig) {
  const state = { current, rejected: [] as (TlsConfig | undefined)[] };
  const source: TlsSource = ({ rejected }) => {
    if (rejected) state.rejected.push(rejected);
    return state.current;
  };
  return { state, source };
}

describe('an identity that changes', () => {
  test('is shown on new connections, while old ones end with what they carry', async () => {
    const { state, source } = changing({ ca: old.cert, ...ann });
    await using peer = await Peer.start(({ path }) => ({ body: path === '/watch' ? open('first') : 'short' }), {
      ...oldServer,
      clientCa: old.cert,
    });
    await using transport = newTransport({ tls: source });
    const call = async (): Promise<string> => readText((await transport.request(get(peer.url()))).body);
    const watch = await transport.request(get(peer.url('/watch'), { longRunning: true }));
    const body = watch.body[Symbol.asyncIterator]();
    await body.next();
    await call();
    await call();
    expect(peer.connections).toBe(2);
    state.current = { ca: old.cert, ...bob };
    await call();
    await call();
    expect(peer.connections).toBe(3);
    expect(peer.requests.map(({ certificate }) => certificate)).toEqual(['ann', 'ann', 'ann', 'bob', 'bob']);
    // The watch goes on, and its connection is not used for the next one.
    const next = body.next();
    await body.return?.();
    await next;
    await (await transport.request(get(peer.url('/watch'), { longRunning: true }))).discard();
    expect((await peer.request(5)).certificate).toBe('bob');
  });

  test('is told of, with what has changed', async () => {
    const { state, source } = changing({ ca: old.cert, ...ann });
    const events: TransportEvent[] = [];
    await using peer = await Peer.start(() => ({}), oldServer);
    await using transport = newTransport({ tls: source, observer: (event) => events.push(event) });
    const call = async (): Promise<void> => (await transport.request(get(peer.url()))).discard();
    await call();
    state.current = { ca: old.cert, ...bob };
    await call();
    state.current = { ca: old.cert, ...bob, key: ann.key };
    await call();
    await call();
    const told = events.filter(({ type }) => type.startsWith('tls'));
    expect(told).toEqual([
      { type: 'tlsReloaded', changed: ['cert', 'key'] },
      { type: 'tlsReloadFailed', error: expect.any(TypeError) as Error },
    ]);
    expect(JSON.stringify(told)).not.toContain(ann.key.slice(40, 80));
  });

  test('is asked for once more when a handshake fails, and the request is sent again', async () => {
    await using peer = await Peer.start(() => ({ body: 'hello' }), renewedServer);
    const first: TlsConfig = { ca: old.cert };
    const { source } = { source: ({ rejected }: { rejected?: TlsConfig | undefined }) => (rejected ? second : first) };
    const second: TlsConfig = { ca: renewed.cert };
    await using transport = newTransport({ tls: source });
    const response = await transport.request({ ...get(peer.url()), method: 'POST', body: 'once' });
    expect(await readText(response.body)).toBe('hello');
    expect(peer.requests).toHaveLength(1);
    expect(peer.requests[0]?.body.toString()).toBe('once');
  });

  test('is asked for once more when the server does not go on without a certificate, which TLS 1.3 tells late', async () => {
    await using http1 = await Peer.start(() => ({ body: 'hello' }), { ...oldServer, clientCa: old.cert });
    await using http2 = await Http2Peer.start(() => ({ body: 'hello' }), { clientCa: old.cert });
    for (const { peer, ca, longRunning } of [
      { peer: http1, ca: old.cert, longRunning: false },
      { peer: http1, ca: old.cert, longRunning: true },
      { peer: http2, ca: http2Tls.ca, longRunning: true },
    ]) {
      const asked = peer.requests.length;
      const nobody: TlsConfig = { ca };
      await using stubborn = newTransport({ tls: () => nobody });
      const request: TransportRequest = { ...get(peer.url(), { longRunning }), method: 'POST', body: 'once' };
      expect(await failureOf(stubborn.request(request))).toMatchObject({
        failure: 'tls',
        message: `${peer.url().host}: the peer refused the TLS handshake: certificate required`,
      });
      const somebody: TlsConfig = { ca, ...ann };
      await using transport = newTransport({ tls: ({ rejected }) => (rejected ? somebody : nobody) });
      expect(await readText((await transport.request(request)).body)).toBe('hello');
      expect(peer.requests).toHaveLength(asked + 1);
    }
  });

  test('is asked for no more than once for each request', async () => {
    const { state, source } = changing({ ca: old.cert });
    await using peer = await Peer.start(() => ({}), renewedServer);
    await using transport = newTransport({ tls: source });
    expect(await failureOf(transport.request(get(peer.url())))).toMatchObject({ failure: 'tls' });
    expect(state.rejected).toEqual([{ ca: old.cert }]);
  });

  test('serves WebSockets too', async () => {
    const { state, source } = changing({ ca: old.cert, ...ann });
    await using peer = await WebSocketPeer.start({ tls: { ...oldServer, clientCa: old.cert } });
    await using transport = newTransport({ tls: source });
    for (const [tls, name] of [
      [ann, 'ann'],
      [bob, 'bob'],
    ] as const) {
      state.current = { ca: old.cert, ...tls };
      await transport.openWebSocket({ url: peer.url(), headers: {}, protocols: ['one'] });
      expect((await peer.session()).certificate).toBe(name);
    }
  });

  test('that cannot be had rejects the request, and an abort does not wait for it', async () => {
    await using peer = await Peer.start(() => ({}), oldServer);
    await using broken = newTransport({ tls: () => Promise.reject(new Error('the plugin failed')) });
    expect((await failureOf(broken.request(get(peer.url())))).message).toBe('the plugin failed');
    await using unusable = newTransport({ tls: () => ({ cert: 'x' }) });
    expect(await failureOf(unusable.request(get(peer.url())))).toBeInstanceOf(TypeError);
    await using slow = newTransport({ tls: () => new Promise(() => {}) });
    const controller = new AbortController();
    const failure = failureOf(slow.request(get(peer.url(), { signal: controller.signal })));
    controller.abort(new Error('enough'));
    expect((await failure).message).toBe('enough');
    expect(peer.requests).toEqual([]);
  });
});

/** Asks all the time, until it is told to stop or something fails; rejects with that. */
function load(ask: () => Promise<unknown>, workers: number): { stop(): Promise<unknown> } {
  const stop = new AbortController();
  const worker = async (): Promise<void> => {
    while (!stop.signal.aborted) await ask();
  };
  const running = Promise.all(Array.from({ length: workers }, worker));
  running.catch(() => stop.abort());
  return {
    stop() {
      stop.abort();
      return running;
    },
  };
}

describe('under load, with connections that are made all the time, no request fails', () => {
  const both = `${old.cert}\n${renewed.cert}`;
  const before = { server: { ...oldServer, clientCa: both }, client: { ca: old.cert, ...ann } };
  test.each<[string, { server: PeerTls; client: TlsConfig; names: string[] }]>([
    [
      'when the server has another authority all at once',
      { ...before, server: { ...renewedServer, clientCa: both }, client: { ca: renewed.cert, ...ann }, names: ['ann'] },
    ],
    [
      'when the client has another certificate',
      { ...before, client: { ca: old.cert, ...renewedBob }, names: ['ann', 'bob'] },
    ],
    [
      'when both change',
      {
        server: { ...renewedServer, clientCa: both },
        client: { ca: renewed.cert, ...renewedBob },
        names: ['ann', 'bob'],
      },
    ],
  ])('%s', async (_, after) => {
    // As a plugin: it says the same until that has been refused or has expired, and takes its time.
    let given: TlsConfig = before.client;
    let next: TlsConfig = before.client;
    const source: TlsSource = async ({ rejected }) => {
      if (rejected) await new Promise((resolve) => setImmediate(resolve));
      return rejected ? (given = next) : given;
    };
    const closing = { connection: 'close' };
    await using peer = await Peer.start(
      () => ({ body: 'hello', headers: peer.requests.length % 5 === 0 ? closing : {} }),
      before.server,
    );
    await using transport = newTransport({ tls: source, maxConnections: 4 });
    const ask = async (longRunning: boolean): Promise<void> => {
      const { body } = await transport.request({ ...get(peer.url(), { longRunning }), method: 'POST', body: 'x' });
      expect(await readText(body)).toBe('hello');
    };
    const [short, long] = [load(() => ask(false), 8), load(() => ask(true), 2)];
    for (const { server, client } of [after, before, after, before]) {
      peer.setIdentity(server);
      next = client;
      if (after.server === before.server) given = next; // nobody refuses it
      const { connections } = peer;
      while (peer.connections < connections + 4) await ask(false);
    }
    await Promise.all([short.stop(), long.stop()]);
    expect(new Set(peer.requests.map(({ certificate }) => certificate))).toEqual(new Set(after.names));
  });
});

test('files that are replaced under load fail no request', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'client-ts-rotation-'));
  try {
    const place = (name: string): string => path.join(directory, name);
    const write = async (name: string, text: string): Promise<void> => {
      await writeFile(place(`${name}.new`), text);
      await rename(place(`${name}.new`), place(name));
    };
    await Promise.all([write('ca', old.cert), write('cert', ann.cert), write('key', ann.key)]);
    await using peer = await Peer.start(() => ({ body: 'hello' }), { ...oldServer, clientCa: old.cert });
    const clock = new FakeClock();
    const errors: Error[] = [];
    const files = { ca: place('ca'), cert: place('cert'), key: place('key') };
    const source = fileTlsSource(files, { clock, onError: (error) => errors.push(error) });
    await using transport = newTransport({ tls: source });

    let begun = 0;
    const steps: Readonly<Record<number, () => Promise<void>>> = {
      // A new authority is trusted before the server shows it; the old one a little longer.
      100: () => write('ca', `${old.cert}\n${renewed.cert}`),
      200: async () => peer.setIdentity({ ...renewedServer, clientCa: old.cert }),
      // The certificate comes first, and matches no key for a while.
      300: () => write('cert', bob.cert),
      400: () => write('key', bob.key),
      500: () => write('ca', renewed.cert),
    };
    // Who begins a request waits for the step before it; those that are under way do not.
    let stepped = Promise.resolve();
    const worker = async (): Promise<void> => {
      while (begun < 600) {
        const number = begun++;
        stepped = stepped.then(steps[number]);
        await stepped;
        if (number % 10 === 9) await clock.advance(10_000);
        expect(await readText((await transport.request(get(peer.url()))).body)).toBe('hello');
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    const names = peer.requests.map(({ certificate }) => certificate);
    expect(names[0]).toBe('ann');
    expect(names.at(-1)).toBe('bob');
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(place('cert'))]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
