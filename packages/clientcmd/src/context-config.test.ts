import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contextConfig, type ContextConfig } from './context-config.js';
import type { KubeconfigCluster, KubeconfigContext, KubeconfigUser } from './kubeconfig.js';
import { parseKubeconfig } from './parse-kubeconfig.js';

const Pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'context-config-'));
  file = path.join(directory, 'config');
  await writeFile(path.join(directory, 'ca.pem'), Pem);
  await writeFile(path.join(directory, 'token'), 'from-file\n');
  await writeFile(path.join(directory, 'not.pem'), 'hello');
});
afterAll(() => rm(directory, { recursive: true }));

interface Parts {
  readonly cluster?: KubeconfigCluster;
  readonly user?: KubeconfigUser;
  readonly context?: KubeconfigContext;
}

/** The config of a context `dev`, of cluster `c` and user `u`. JSON is YAML too. */
function configOf({ cluster, user, context }: Parts, name?: string): Promise<ContextConfig> {
  const text = JSON.stringify({
    'current-context': 'dev',
    clusters: [{ name: 'c', cluster: { server: 'https://one', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'dev', context: { cluster: 'c', user: 'u', ...context } }],
  });
  return contextConfig(parseKubeconfig(text, file), name);
}

describe('contextConfig gives', () => {
  test.each<[string, Parts, object]>([
    ['the server', {}, { host: 'https://one' }],
    [
      'a server without its slash, query and fragment',
      { cluster: { server: 'https://a:6443/x/?q=1#f' } },
      { host: 'https://a:6443/x' },
    ],
    [
      'a server without a scheme, as http',
      { cluster: { server: 'localhost:8080' } },
      { host: 'http://localhost:8080' },
    ],
    ['the namespace', { context: { namespace: 'web' } }, { namespace: 'web' }],
    ['the namespace default', { context: { namespace: '' } }, { namespace: 'default' }],
    ['a token', { user: { token: 't' } }, { bearerToken: 't' }],
    ['name and password', { user: { username: 'a', password: 'b' } }, { username: 'a', password: 'b' }],
    ['a name without a password', { user: { username: 'a' } }, { username: 'a', password: '' }],
    ['nothing for empty credentials', { user: { token: '', username: '' } }, {}],
    ['a proxy', { cluster: { 'proxy-url': 'http://proxy:3128' } }, { proxyUrl: 'http://proxy:3128' }],
    ['a SOCKS proxy', { cluster: { 'proxy-url': 'socks5://proxy' } }, { proxyUrl: 'socks5://proxy' }],
    ['the name to expect of the server', { cluster: { 'tls-server-name': 'two' } }, { tls: { serverName: 'two' } }],
    ['trust in anybody', { cluster: { 'insecure-skip-tls-verify': true } }, { tls: { insecure: true } }],
    ['an authority in the file', { cluster: { 'certificate-authority-data': base64(Pem) } }, { tls: { ca: Pem } }],
    ['an authority beside the file', { cluster: { 'certificate-authority': 'ca.pem' } }, { tls: { ca: Pem } }],
    ['no user', { context: { user: '' }, user: { token: 't' } }, {}],
    [
      'somebody else, with all that is said of him',
      {
        user: { token: 't', as: 'bob', 'as-uid': '7', 'as-groups': ['dev', 'ops'], 'as-user-extra': { scope: ['a'] } },
      },
      { bearerToken: 't', impersonate: { userName: 'bob', uid: '7', groups: ['dev', 'ops'], extra: { scope: ['a'] } } },
    ],
    [
      'no credential over plain HTTP, but impersonation',
      { cluster: { server: 'http://one' }, user: { token: 't', as: 'bob' } },
      { host: 'http://one', impersonate: { userName: 'bob' } },
    ],
  ])('%s', async (_, parts, expected) => {
    expect(await configOf(parts)).toEqual({ host: 'https://one', namespace: 'default', ...expected });
  });

  test('a token from a file, relative to the kubeconfig', async () => {
    const { bearerToken } = await configOf({ user: { tokenFile: 'token' } });
    expect(typeof bearerToken === 'function' && (await bearerToken({}))).toBe('from-file');
  });

  test('of token and tokenFile, what is in the file, and the token where there is no file', async () => {
    for (const [tokenFile, expected] of [
      ['token', 'from-file'],
      ['absent', 'fixed'],
    ] as const) {
      const { bearerToken } = await configOf({ user: { token: 'fixed', tokenFile } });
      expect(typeof bearerToken === 'function' && (await bearerToken({}))).toBe(expected);
    }
  });

  test('paths relative to the directory of the process where there is no file', async () => {
    const text = 'clusters: [{ name: c, cluster: { server: "https://one", certificate-authority: absent.pem } }]\n';
    const kubeconfig = parseKubeconfig(`${text}contexts: [{ name: dev, context: { cluster: c } }]`);
    await expect(contextConfig(kubeconfig, 'dev')).rejects.toThrow(path.resolve('absent.pem'));
  });
});

describe('contextConfig refuses', () => {
  const Secret = 'do-not-print-me';

  test.each<[string, Parts, string]>([
    [
      'a context without a cluster',
      { context: { cluster: '' } },
      'context "dev": cluster: the context names no cluster',
    ],
    [
      'a cluster that is not there',
      { context: { cluster: 'x' } },
      'context "dev": cluster: cluster "x" does not exist; there are: "c"',
    ],
    [
      'a user that is not there',
      { context: { user: 'x' } },
      'context "dev": user: user "x" does not exist; there are: "u"',
    ],
    [
      'an impossible namespace',
      { context: { namespace: 'A_B' } },
      'context "dev": namespace: a lowercase RFC 1123 label',
    ],
    ['no server', { cluster: { server: '' } }, 'cluster "c": server: the cluster has no server'],
    ['a server that is no URL', { cluster: { server: 'https://a b' } }, 'cluster "c": server: expected an http'],
    ['a server of another protocol', { cluster: { server: 'ftp://one' } }, 'cluster "c": server: expected an http'],
    [
      'a server with credentials',
      { cluster: { server: `https://a:${Secret}@one` } },
      'cluster "c": server: expected an http',
    ],
    [
      'a server with a password alone',
      { cluster: { server: `https://:${Secret}@one` } },
      'cluster "c": server: expected an http',
    ],
    [
      'a proxy that is none',
      { cluster: { 'proxy-url': `ftp://a:${Secret}@p` } },
      'cluster "c": proxy-url: expected an http',
    ],
    [
      'an authority, and none',
      { cluster: { 'certificate-authority': 'ca.pem', 'insecure-skip-tls-verify': true } },
      'cluster "c": certificate-authority and insecure-skip-tls-verify exclude each other',
    ],
    [
      'two authorities',
      { cluster: { 'certificate-authority': 'ca.pem', 'certificate-authority-data': base64(Pem) } },
      'cluster "c": certificate-authority and certificate-authority-data exclude each other',
    ],
    [
      'an authority that is no PEM',
      { cluster: { 'certificate-authority-data': base64(Secret) } },
      'cluster "c": certificate-authority-data: expected base64-encoded PEM',
    ],
    [
      'an authority that is not base64',
      { cluster: { 'certificate-authority-data': Pem } },
      'cluster "c": certificate-authority-data: expected base64-encoded PEM',
    ],
    [
      'an authority’s file that is absent',
      { cluster: { 'certificate-authority': 'absent' } },
      'cluster "c": certificate-authority: ENOENT',
    ],
    ['an authority’s file that is no PEM', { cluster: { 'certificate-authority': 'not.pem' } }, 'is not PEM'],
    [
      'a certificate without a key',
      { user: { 'client-certificate': 'ca.pem' } },
      'user "u": client-certificate needs a client-key',
    ],
    [
      'a key without a certificate',
      { user: { 'client-key-data': base64(Pem) } },
      'user "u": client-key needs a client-certificate',
    ],
    [
      'a certificate and a key that are none',
      { user: { 'client-certificate-data': base64(Pem), 'client-key-data': base64(Pem) } },
      'user "u": client-certificate and client-key cannot be used: ',
    ],
    [
      'two ways to say who',
      { user: { token: Secret, username: 'a', password: Secret } },
      'user "u": a token, and username or password, exclude each other',
    ],
    [
      'groups of nobody',
      { user: { token: Secret, 'as-groups': ['dev'] } },
      'user "u": as-uid, as-groups and as-user-extra need as',
    ],
    [
      'a program that signs in',
      { user: { exec: { command: Secret } } },
      'user "u": exec: this way to authenticate is not supported yet',
    ],
    [
      'a provider that signs in',
      { user: { 'auth-provider': { name: 'oidc' } } },
      'user "u": auth-provider: this way to authenticate is not supported yet',
    ],
  ])('%s', async (_, parts, message) => {
    const error = await configOf(parts).catch((error: unknown) => error as Error);
    expect(error).toMatchObject({ name: 'KubeconfigError', message: expect.stringContaining(message) as string });
    expect((error as Error).message).toContain(`${file}: `);
    expect((error as Error).message).not.toContain(Secret);
  });

  test('a context that is not there, and says which are', async () => {
    await expect(configOf({}, 'prod')).rejects.toThrow(`${file}: context "prod" does not exist; there are: "dev"`);
  });

  test('a current context that is not there', async () => {
    const kubeconfig = parseKubeconfig('current-context: gone', file);
    await expect(contextConfig(kubeconfig)).rejects.toThrow(
      `${file}: current-context: context "gone" does not exist; there are: none`,
    );
  });

  test('to choose where nobody chose', async () => {
    await expect(contextConfig(parseKubeconfig('', file))).rejects.toThrow(`${file}: no context is chosen`);
  });
});
