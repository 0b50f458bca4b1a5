import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LoadOptions } from '@client-ts/clientcmd';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { askVersion, seen, toBase64 } from './ask-version.js';
import { runKubectl } from './kubectl.js';
import { type RecordingServer, type Seen, startRecordingServer } from './recording-server.js';

interface Flags {
  readonly port: number;
  /** Of the files. */
  readonly at: string;
}

interface Case {
  readonly flags: (known: Flags) => readonly string[];
  readonly options: (known: Flags) => LoadOptions;
  readonly shows: Partial<Seen>;
}

const bearer = (token: string): readonly string[] => [`authorization: Bearer ${token}`];

const cases: readonly Case[] = [
  { flags: () => [], options: () => ({}), shows: { identity: bearer('t'), serverName: 'other.example' } },
  { flags: () => ['--context=certs'], options: () => ({ context: 'certs' }), shows: { certificateOf: 'client' } },
  {
    flags: () => ['--user=certs'],
    options: () => ({ user: 'certs' }),
    shows: { certificateOf: 'client', identity: [] },
  },
  {
    flags: () => ['--cluster=path', '--user=basic'],
    options: () => ({ cluster: 'path', user: 'basic' }),
    shows: { path: '/k8s/version', identity: [`authorization: Basic ${toBase64('u:p')}`] },
  },
  {
    flags: () => ['--token=mine'],
    options: () => ({ userInfo: { token: 'mine' } }),
    shows: { identity: bearer('mine') },
  },
  {
    flags: () => ['--user=plugin', '--token=mine'],
    options: () => ({ user: 'plugin', userInfo: { token: 'mine' } }),
    shows: { identity: bearer('mine') },
  },
  {
    flags: () => ['--user=basic', '--password=q'],
    options: () => ({ user: 'basic', userInfo: { password: 'q' } }),
    shows: { identity: [`authorization: Basic ${toBase64('u:q')}`] },
  },
  {
    flags: ({ at }) => [`--client-certificate=${at}/client.crt`, `--client-key=${at}/client.key`],
    options: ({ at }) => ({
      userInfo: { 'client-certificate': `${at}/client.crt`, 'client-key': `${at}/client.key` },
    }),
    shows: { certificateOf: 'client', identity: bearer('t') },
  },
  {
    flags: () => ['--as=bob', '--as-uid=7', '--as-group=a', '--as-group=b'],
    options: () => ({ userInfo: { as: 'bob', 'as-uid': '7', 'as-groups': ['a', 'b'] } }),
    shows: {
      identity: [
        ...bearer('t'),
        'impersonate-group: a',
        'impersonate-group: b',
        'impersonate-uid: 7',
        'impersonate-user: bob',
      ],
    },
  },
  {
    flags: () => ['--user=acting', '--as=alice'],
    options: () => ({ user: 'acting', userInfo: { as: 'alice' } }),
    shows: { identity: [...bearer('t'), 'impersonate-extra-scope: a', 'impersonate-user: alice'] },
  },
  {
    flags: () => ['--disable-compression'],
    options: () => ({ clusterInfo: { 'disable-compression': true } }),
    shows: { identity: bearer('t'), encoding: undefined },
  },
  {
    flags: ({ port }) => [`--server=https://localhost:${port}`],
    options: ({ port }) => ({ clusterInfo: { server: `https://localhost:${port}` } }),
    shows: { serverName: 'localhost' },
  },
  {
    flags: ({ port }) => [`--server=https://localhost:${port}`, '--tls-server-name=kube.invalid'],
    options: ({ port }) => ({
      clusterInfo: { server: `https://localhost:${port}`, 'tls-server-name': 'kube.invalid' },
    }),
    shows: { serverName: 'kube.invalid' },
  },
  {
    flags: () => ['--tls-server-name=wrong.example', '--insecure-skip-tls-verify'],
    options: () => ({ clusterInfo: { 'tls-server-name': 'wrong.example', 'insecure-skip-tls-verify': true } }),
    shows: { serverName: 'wrong.example', identity: bearer('t') },
  },
  {
    flags: ({ at }) => [`--certificate-authority=${at}/ca.crt`, '--cluster=trusting'],
    options: ({ at }) => ({ cluster: 'trusting', clusterInfo: { 'certificate-authority': `${at}/ca.crt` } }),
    shows: { identity: bearer('t') },
  },
  {
    flags: ({ port, at }) => [
      '--kubeconfig=/dev/null',
      `--server=https://127.0.0.1:${port}`,
      `--certificate-authority=${at}/ca.crt`,
      '--token=mine',
    ],
    options: ({ port, at }) => ({
      kubeconfig: '/dev/null',
      clusterInfo: { server: `https://127.0.0.1:${port}`, 'certificate-authority': `${at}/ca.crt` },
      userInfo: { token: 'mine' },
    }),
    shows: { identity: bearer('mine') },
  },
];

const refused: readonly (Omit<Case, 'shows'> & { readonly says: string })[] = [
  { flags: () => ['--context=x'], options: () => ({ context: 'x' }), says: 'context "x" does not exist' },
  { flags: () => ['--cluster=x'], options: () => ({ cluster: 'x' }), says: 'cluster "x" does not exist' },
  { flags: () => ['--user=x'], options: () => ({ user: 'x' }), says: 'user "x" does not exist' },
  {
    flags: () => ['--username=u', '--password=p'],
    options: () => ({ userInfo: { username: 'u', password: 'p' } }),
    says: 'a token, and username or password, exclude each other',
  },
  {
    flags: () => ['--certificate-authority=/nowhere'],
    options: () => ({ clusterInfo: { 'certificate-authority': '/nowhere' } }),
    says: '/nowhere: no such file',
  },
  {
    flags: () => ['--client-certificate=/nowhere'],
    options: () => ({ userInfo: { 'client-certificate': '/nowhere' } }),
    says: 'client-certificate needs a client-key',
  },
  { flags: () => ['--as-group=a'], options: () => ({ userInfo: { 'as-groups': ['a'] } }), says: 'need as' },
];

describeReal('overrides do what the flags of kubectl do', ['kubectl'], ({ kubectl }) => {
  let at: string;
  let server: RecordingServer;
  beforeAll(async () => {
    server = await startRecordingServer();
    at = path.join(await mkdtemp(path.join(tmpdir(), 'same-flags-')), 'files');
    await mkdir(at);
    const files = { 'ca.crt': server.ca, 'client.crt': server.client.cert, 'client.key': server.client.key };
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(at, name), text);
    await writeFile(path.join(at, 'config'), kubeconfig(server));
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(path.dirname(at), { recursive: true });
  });

  async function both({ flags, options }: Omit<Case, 'shows'>) {
    const env = { HOME: at, KUBECONFIG: path.join(at, 'config') };
    const known = { port: server.port, at };
    const result = await runKubectl(kubectl, ['get', '--raw', '/version', ...flags(known)], env);
    const theirs = seen(server);
    return { result, theirs, ask: () => askVersion({ env, ...options(known) }) };
  }

  const named = <T extends Omit<Case, 'shows'>>(rows: readonly T[]): (readonly [string, T])[] =>
    rows.map((row) => [row.flags({ port: 0, at: '' }).join(' ') || 'none', row] as const);

  test.each(named(cases))('%s', async (_, row) => {
    const { result, theirs, ask } = await both(row);
    expect([result.code, result.stderr]).toEqual([0, '']);
    await ask();
    expect(seen(server)).toEqual(theirs);
    expect(theirs).toEqual([expect.objectContaining(row.shows)]);
  });

  const inContext = { contexts: [{ name: 'x', context: { cluster: 'c' } }], 'current-context': 'x' };

  test.each<[string, object, Partial<Seen>]>([
    ['without a context', {}, {}],
    [
      'for a cluster that has none',
      { ...inContext, clusters: [{ name: 'c', cluster: { 'tls-server-name': 'other.example' } }] },
      { serverName: 'other.example' },
    ],
    ['for a cluster that does not exist', inContext, {}],
  ])('the server of KUBERNETES_MASTER, %s', async (_, config, shows) => {
    const KUBECONFIG = path.join(at, 'without-server');
    await writeFile(KUBECONFIG, JSON.stringify(config));
    const env = { HOME: at, KUBECONFIG, KUBERNETES_MASTER: `https://127.0.0.1:${server.port}/k8s` };
    const args = ['get', '--raw', '/version', '--insecure-skip-tls-verify', '--token=mine'];
    expect(await runKubectl(kubectl, args, env)).toMatchObject({ code: 0, stderr: '' });
    const theirs = seen(server);
    await askVersion({ env, clusterInfo: { 'insecure-skip-tls-verify': true }, userInfo: { token: 'mine' } });
    expect(seen(server)).toEqual(theirs);
    expect(theirs).toEqual([expect.objectContaining({ path: '/k8s/version', identity: bearer('mine'), ...shows })]);
  });

  test.each(named(refused))('refused by both: %s', async (_, row) => {
    const { result, ask } = await both(row);
    expect(result.code).not.toBe(0);
    await expect(ask()).rejects.toThrow(row.says);
    expect(server.take()).toEqual([]);
  });
});

function kubeconfig({ port, ca, client }: RecordingServer): string {
  const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': toBase64(ca) };
  const clusters = {
    one: { ...cluster, 'tls-server-name': 'other.example' },
    path: { ...cluster, server: `https://127.0.0.1:${port}/k8s` },
    trusting: { server: cluster.server, 'insecure-skip-tls-verify': true },
  };
  const users = {
    token: { token: 't' },
    basic: { username: 'u', password: 'p' },
    certs: { 'client-certificate-data': toBase64(client.cert), 'client-key-data': toBase64(client.key) },
    acting: { token: 't', as: 'bob', 'as-user-extra': { scope: ['a'] } },
    plugin: { exec: { command: 'false', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' } },
  };
  return JSON.stringify({
    'current-context': 'one',
    clusters: Object.entries(clusters).map(([name, each]) => ({ name, cluster: each })),
    users: Object.entries(users).map(([name, user]) => ({ name, user })),
    contexts: [
      { name: 'one', context: { cluster: 'one', user: 'token' } },
      { name: 'certs', context: { cluster: 'path', user: 'certs' } },
    ],
  });
}
