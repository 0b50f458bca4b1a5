import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { Environment, newCertificateAuthority } from '@client-ts/envtest';
import { readText, type TlsConfig, type Transport, type TransportEvent } from '@client-ts/rest';
import { fileTlsSource, newTransport } from '@client-ts/transport';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { failureOf, get } from './case.js';
import { startHttpProxy, startSocks5Proxy } from './proxy-peer.js';

const Watches = 300;
const Gets = 1000;

describeReal('the transport, with a real kube-apiserver', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  let host: string;
  let tls: TlsConfig;
  beforeAll(async () => {
    environment = await Environment.start();
    ({ host, tls = {} } = environment.config);
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  const url = (where: string): URL => new URL(where, host);
  const json = async (transport: Transport, where: string): Promise<unknown> =>
    JSON.parse(await readText((await transport.request(get(url(where)))).body));

  /** Whom the server takes the client for. */
  async function whoAmI(transport: Transport): Promise<string | undefined> {
    const response = await transport.request({
      method: 'POST',
      url: url('/apis/authentication.k8s.io/v1/selfsubjectreviews'),
      headers: { 'content-type': 'application/json' },
      body: '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}',
    });
    const review = JSON.parse(await readText(response.body)) as { status?: { userInfo?: { username?: string } } };
    return review.status?.userInfo?.username;
  }

  test('a client certificate says who it is, and without one it is nobody', async () => {
    await using admin = newTransport({ tls });
    expect(await whoAmI(admin)).toBe('admin');
    const { cert: _cert, key: _key, ...anonymous } = tls;
    await using nobody = newTransport({ tls: anonymous });
    expect(await json(nobody, '/api/v1/nodes')).toMatchObject({ kind: 'Status', code: 403 });
  });

  test('another authority is not trusted', async () => {
    const other = await newCertificateAuthority('other');
    await using transport = newTransport({ tls: { ...tls, ca: other.cert } });
    expect(await failureOf(transport.request(get(url('/version'))))).toMatchObject({ failure: 'tls' });
    await using system = newTransport();
    expect(await failureOf(system.request(get(url('/version'))))).toMatchObject({ failure: 'tls' });
  });

  test('the name in the certificate counts', async () => {
    await using named = newTransport({ tls: { ...tls, serverName: 'localhost' } });
    expect(await json(named, '/version')).toMatchObject({ major: '1' });
    await using misnamed = newTransport({ tls: { ...tls, serverName: 'elsewhere.invalid' } });
    const error = await failureOf(misnamed.request(get(url('/version'))));
    expect(error).toMatchObject({ failure: 'tls' });
    expect(error.message).toContain('elsewhere.invalid');
  });

  test('certificates in files are replaced while it runs', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'client-ts-real-rotation-'));
    try {
      const write = async ({ cert = '', key = '' }: TlsConfig = {}): Promise<void> => {
        for (const [name, text] of Object.entries({ cert, key })) {
          await writeFile(path.join(directory, `${name}.new`), text);
          await rename(path.join(directory, `${name}.new`), path.join(directory, name));
        }
      };
      const clock = new FakeClock();
      await write((await environment.addUser({ name: 'ann' })).tls);
      const files = { cert: path.join(directory, 'cert'), key: path.join(directory, 'key') };
      await using transport = newTransport({ tls: fileTlsSource(files, { tls: { ca: tls.ca }, clock }) });
      expect(await whoAmI(transport)).toBe('ann');
      await write((await environment.addUser({ name: 'bob' })).tls);
      expect(await whoAmI(transport)).toBe('ann');
      await clock.advance(10_000);
      expect(await whoAmI(transport)).toBe('bob');
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  test.each([
    // kube-apiserver allows 250 streams on a connection, and fewer where it has been told so.
    { http2: true, connections: Math.ceil(Watches / 50) },
    { http2: false, connections: Watches },
  ])(`${Watches} watches leave room for ${Gets} requests at once: %j`, async ({ http2, connections }) => {
    const open = { now: 0, most: 0 };
    const observer = ({ type }: TransportEvent): void => {
      if (type === 'connected') open.most = Math.max(open.most, ++open.now);
      if (type === 'disconnected') open.now--;
    };
    // Or else it would share the connections of the environment's own.
    const transport = newTransport({ tls, observer, http2, keepAliveMs: 40_000 });
    const watches = await Promise.all(
      Array.from({ length: Watches }, () =>
        transport.request(get(url('/api/v1/namespaces?watch=1'), { longRunning: true })),
      ),
    );
    expect(watches.map(({ status }) => status)).toEqual(watches.map(() => 200));
    const namespaces = await Promise.all(
      Array.from({ length: Gets }, () => json(transport, '/api/v1/namespaces/default')),
    );
    expect(namespaces).toHaveLength(Gets);
    for (const namespace of namespaces) expect(namespace).toMatchObject({ metadata: { name: 'default' } });
    expect(open.most).toBeLessThanOrEqual(connections + 32);
    // Every one of them is alive: it tells what is on the server.
    for (const { body } of watches) {
      let text = '';
      for await (const chunk of body) {
        text += Buffer.from(chunk).toString();
        if (text.includes('\n')) break;
      }
      expect(text).toContain('"ADDED"');
    }
    await transport[Symbol.asyncDispose]();
    expect(open.now).toBe(0);
  });

  test('compressed lists are decompressed', async () => {
    await using transport = newTransport({ tls });
    const list = async (headers: Record<string, string>): Promise<string> => {
      const response = await transport.request(get(url('/openapi/v3/api/v1'), { headers }));
      expect(response.headers).not.toHaveProperty('content-encoding');
      return readText(response.body);
    };
    expect(await list({ 'accept-encoding': 'gzip' })).toBe(await list({}));
  });

  test('a refused WebSocket brings the reason', async () => {
    await using transport = newTransport({ tls });
    const response = await transport.openWebSocket({
      url: url('/api/v1/namespaces/default/pods/absent/exec?command=ls&stdout=1'),
      headers: {},
      protocols: ['v5.channel.k8s.io'],
    });
    expect(response.status).toBe(404);
    expect(response.webSocket).toBeUndefined();
    expect(JSON.parse(await readText(response.body))).toMatchObject({ kind: 'Status', reason: 'NotFound' });
  });

  test.each([
    ['no proxy', undefined],
    ['http', () => startHttpProxy({})],
    ['socks5', () => startSocks5Proxy({})],
  ])('a watch over a WebSocket, by way of: %s', async (kind, start) => {
    await using proxy = await start?.();
    const proxyUrl = proxy && `${kind}://127.0.0.1:${proxy.port}`;
    await using transport = newTransport({ tls, proxyUrl });
    const { webSocket } = await transport.openWebSocket({
      url: url('/api/v1/namespaces?watch=1'),
      // The server wants one, and takes any.
      headers: { origin: 'https://example.com' },
      protocols: ['base64.binary.k8s.io'],
    });
    for await (const message of webSocket?.messages ?? []) {
      expect(JSON.parse(String(message))).toMatchObject({ type: 'ADDED', object: { kind: 'Namespace' } });
      break;
    }
    if (proxy) expect(proxy.asked).toEqual([url('/').host]);
  });
});
