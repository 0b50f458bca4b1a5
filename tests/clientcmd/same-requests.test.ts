import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askVersion, askWebSocket, kubeconfigOf, seen, toBase64 } from './ask-version.js';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.js';
import { describeReal } from '../envtest/describe-real.js';
import { startHttpProxy, startSocks5Proxy } from '../transport/proxy-peer.js';
import { runKubectl } from './kubectl.js';
import { type RecordingServer, type Seen, startRecordingServer } from './recording-server.js';

interface Case {
  readonly name: string;
  readonly cluster?: (server: RecordingServer, proxy: ConnectProxy) => object;
  /** Default: somebody with a token, since kubectl would ask for a password. */
  readonly user?: (server: RecordingServer) => object;
  readonly env?: (server: RecordingServer, proxy: ConnectProxy) => Readonly<Record<string, string>>;
  /** What the request tells; a part of it. */
  readonly shows: Partial<Seen>;
  /** Whether it takes the way through the proxy. */
  readonly proxied?: boolean;
}

const throughName = ({ port }: RecordingServer): object => ({ server: `https://kube.invalid:${port}` });

const cases: readonly Case[] = [
  {
    name: 'a path in the server',
    cluster: ({ port }) => ({ server: `https://127.0.0.1:${port}/k8s/c1/?x=1` }),
    shows: { path: '/k8s/c1/version' },
  },
  { name: 'a token', user: () => ({ token: 't' }), shows: { identity: ['authorization: Bearer t'] } },
  {
    name: 'a token file',
    user: () => ({ tokenFile: 'secrets/token' }),
    shows: { identity: ['authorization: Bearer from-file'] },
  },
  {
    name: 'a token and a token file',
    user: () => ({ token: 't', tokenFile: 'secrets/token' }),
    shows: { identity: ['authorization: Bearer from-file'] },
  },
  {
    name: 'name and password',
    user: () => ({ username: 'ä', password: 'b:c' }),
    shows: { identity: [`authorization: Basic ${toBase64('ä:b:c')}`] },
  },
  {
    name: 'a client certificate in the file',
    user: ({ client }) => ({
      'client-certificate-data': toBase64(client.cert),
      'client-key-data': toBase64(client.key),
    }),
    shows: { certificateOf: 'client', identity: [] },
  },
  {
    name: 'a client certificate beside the file',
    user: () => ({ 'client-certificate': 'secrets/client.crt', 'client-key': 'secrets/client.key' }),
    shows: { certificateOf: 'client' },
  },
  {
    name: 'a client certificate and a token',
    user: () => ({ 'client-certificate': 'secrets/client.crt', 'client-key': 'secrets/client.key', token: 't' }),
    shows: { certificateOf: 'client', identity: ['authorization: Bearer t'] },
  },
  {
    name: 'impersonation',
    user: () => ({
      token: 't',
      as: 'bob',
      'as-uid': '7',
      'as-groups': ['dev', 'ops'],
      'as-user-extra': { 'example.com/scope': ['a', 'b'] },
    }),
    shows: {
      identity: [
        'authorization: Bearer t',
        'impersonate-extra-example.com%2fscope: a',
        'impersonate-extra-example.com%2fscope: b',
        'impersonate-group: dev',
        'impersonate-group: ops',
        'impersonate-uid: 7',
        'impersonate-user: bob',
      ],
    },
  },
  {
    name: 'another name of the server',
    cluster: () => ({ 'tls-server-name': 'other.example' }),
    shows: { serverName: 'other.example' },
  },
  {
    name: 'an authority beside the file',
    cluster: () => ({ 'certificate-authority': 'secrets/ca.crt', 'certificate-authority-data': null }),
    shows: { path: '/version' },
  },
  {
    name: 'no verification',
    cluster: () => ({ 'insecure-skip-tls-verify': true, 'certificate-authority-data': null }),
    shows: { path: '/version' },
  },
  { name: 'an answer that may be compressed', shows: { encoding: 'gzip' } },
  {
    name: 'an answer that may not be compressed',
    cluster: () => ({ 'disable-compression': true }),
    shows: { encoding: undefined },
  },
  {
    name: 'a certificate and name with password',
    user: () => ({
      'client-certificate': 'secrets/client.crt',
      'client-key': 'secrets/client.key',
      username: 'u',
      password: 'p',
    }),
    shows: { certificateOf: 'client', identity: [`authorization: Basic ${toBase64('u:p')}`] },
  },
  {
    name: 'a key without a certificate',
    user: () => ({ token: 't', 'client-key': 'secrets/absent' }),
    shows: { certificateOf: undefined, identity: ['authorization: Bearer t'] },
  },
  {
    name: 'a server without a scheme or with a slash at its end',
    cluster: ({ port }) => ({ server: `https://127.0.0.1:${port}/` }),
    shows: { path: '/version' },
  },
  {
    name: 'a proxy of the cluster',
    cluster: ({ port }, { url }) => ({ server: `https://kube.invalid:${port}`, 'proxy-url': url }),
    shows: { serverName: 'kube.invalid', identity: ['authorization: Bearer t'] },
    proxied: true,
  },
  {
    name: 'a proxy of the cluster, though the environment names another',
    cluster: ({ port }, { url }) => ({ server: `https://kube.invalid:${port}`, 'proxy-url': url }),
    env: () => ({ HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'kube.invalid' }),
    shows: { serverName: 'kube.invalid' },
    proxied: true,
  },
  {
    name: 'a proxy of the environment',
    cluster: throughName,
    user: () => ({ token: 't' }),
    env: (_, { url }) => ({ HTTPS_PROXY: url }),
    shows: { serverName: 'kube.invalid', identity: ['authorization: Bearer t'] },
    proxied: true,
  },
  {
    name: 'a proxy of the environment that is not for this server',
    env: (_, { url }) => ({ https_proxy: url }),
    shows: { path: '/version' },
    proxied: false,
  },
];

/** The handshake of a WebSocket tells the same, but that its answer may not be compressed. */
const asWebSocket = (request: object | undefined): object => ({ ...request, encoding: undefined });

describeReal('a request tells of its sender what kubectl’s tells', ['kubectl'], ({ kubectl }) => {
  let directory: string;
  let server: RecordingServer;
  let proxy: ConnectProxy;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'same-requests-'));
    server = await startRecordingServer();
    proxy = await startConnectProxy(server.port);
    await mkdir(path.join(directory, 'secrets'));
    const secrets = {
      token: 'from-file\n',
      'ca.crt': server.ca,
      'client.crt': server.client.cert,
      'client.key': server.client.key,
    };
    for (const [name, text] of Object.entries(secrets)) await writeFile(path.join(directory, 'secrets', name), text);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  test.each(cases.map((row) => [row.name, row] as const))('%s', async (_, row) => {
    const kubeconfig = path.join(directory, 'config');
    await writeFile(
      kubeconfig,
      kubeconfigOf(server, row.user?.(server) ?? { token: 't' }, row.cluster?.(server, proxy)),
    );
    const env = { HOME: directory, ...row.env?.(server, proxy) };

    const { stderr, code } = await runKubectl(kubectl, ['get', '--raw', '/version', `--kubeconfig=${kubeconfig}`], env);
    expect([code, stderr]).toEqual([0, '']);
    const theirs = [seen(server), proxy.take()] as const;

    await askVersion({ kubeconfig, env });
    expect([seen(server), proxy.take()]).toEqual(theirs);

    expect(theirs[0]).toEqual([expect.objectContaining(row.shows)]);
    if (row.proxied === undefined) return;
    expect(theirs[1]).toEqual(row.proxied ? [`kube.invalid:${server.port}`] : []);

    await expect(askWebSocket({ kubeconfig, env })).rejects.toMatchObject({ code: 403 });
    expect([seen(server), proxy.take()]).toEqual([theirs[0].map(asWebSocket), theirs[1]]);
  });

  test.each(['http', 'https', 'socks5'] as const)(
    'a way through a proxy of the kind %s, which asks for a password',
    async (kind) => {
      const tls = kind === 'https' ? await server.issue('proxy', ['127.0.0.1']) : undefined;
      const start = kind === 'socks5' ? startSocks5Proxy : startHttpProxy;
      await using peer = await start({ targetPort: server.port }, tls);
      const kubeconfig = path.join(directory, 'config');
      const cluster = { ...throughName(server), 'proxy-url': `${kind}://me:pass%3Aword@127.0.0.1:${peer.port}` };
      await writeFile(kubeconfig, kubeconfigOf(server, { token: 't' }, cluster));
      const args = ['get', '--raw', '/version', `--kubeconfig=${kubeconfig}`];
      expect(await runKubectl(kubectl, args, { HOME: directory })).toMatchObject({ code: 0, stderr: '' });
      await askVersion({ kubeconfig, env: {} });
      const [theirs, ours] = seen(server);
      expect(ours).toEqual(theirs);
      expect(ours).toMatchObject({ serverName: 'kube.invalid', identity: ['authorization: Bearer t'] });
      await expect(askWebSocket({ kubeconfig, env: {} })).rejects.toMatchObject({ code: 403 });
      expect(seen(server)).toEqual([asWebSocket(ours)]);
      expect([peer.asked, peer.credentials]).toEqual([
        Array(3).fill(`kube.invalid:${server.port}`),
        Array(3).fill('me:pass:word'),
      ]);
    },
  );

  test('a server without TLS is told whom to act as, and no credential', async () => {
    const told: IncomingHttpHeaders[] = [];
    const plain = createServer((request, response) => {
      told.push(request.headers);
      response.setHeader('content-type', 'application/json').end('{}');
    });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    try {
      const kubeconfig = path.join(directory, 'config');
      const { port } = plain.address() as AddressInfo;
      const cluster = { server: `http://127.0.0.1:${port}`, 'certificate-authority-data': null };
      const user = {
        token: 't',
        as: 'bob',
        'client-certificate': 'secrets/client.crt',
        'client-key': 'secrets/client.key',
      };
      await writeFile(kubeconfig, kubeconfigOf(server, user, cluster));
      const args = ['get', '--raw', '/version', `--kubeconfig=${kubeconfig}`];
      expect(await runKubectl(kubectl, args, { HOME: directory })).toMatchObject({ code: 0, stderr: '' });
      await askVersion({ kubeconfig, env: {} });
      const identity = { authorization: undefined, 'impersonate-user': 'bob' };
      expect(
        told.map(({ authorization, 'impersonate-user': user }) => ({ authorization, 'impersonate-user': user })),
      ).toEqual([identity, identity]);
    } finally {
      plain.close();
      plain.closeAllConnections();
    }
  });

  test.each<[string, { readonly cluster?: object; readonly user?: object; readonly says: string }]>([
    ['two authorities', { cluster: { 'certificate-authority': 'secrets/ca.crt' }, says: 'exclude each other' }],
    ['an authority, and none', { cluster: { 'insecure-skip-tls-verify': true }, says: 'exclude each other' }],
    [
      'an authority that is not PEM',
      { cluster: { 'certificate-authority-data': toBase64('hello') }, says: 'expected base64-encoded PEM' },
    ],
    ['an unknown kind of proxy', { cluster: { 'proxy-url': 'ftp://proxy' }, says: 'proxy-url: expected' }],
    [
      'another name than the certificate has',
      { cluster: { 'tls-server-name': 'wrong.example' }, says: 'wrong.example' },
    ],
    [
      'a certificate without its key',
      { user: { token: 't', 'client-certificate': 'secrets/client.crt' }, says: 'needs a client-key' },
    ],
    ['two ways to say who', { user: { token: 't', username: 'a', password: 'b' }, says: 'exclude each other' }],
    ['groups of nobody', { user: { token: 't', 'as-groups': ['dev'] }, says: 'need as' }],
    ['a token file that is not there', { user: { tokenFile: 'secrets/absent' }, says: 'secrets/absent' }],
  ])('refused by both: %s', async (_, { cluster = {}, user = { token: 't' }, says }) => {
    const kubeconfig = path.join(directory, 'config');
    await writeFile(kubeconfig, kubeconfigOf(server, user, cluster));
    const args = ['get', '--raw', '/version', `--kubeconfig=${kubeconfig}`];
    expect((await runKubectl(kubectl, args, { HOME: directory })).code).not.toBe(0);
    await expect(askVersion({ kubeconfig, env: {} })).rejects.toThrow(says);
    expect(server.take()).toEqual([]);
  });
});
