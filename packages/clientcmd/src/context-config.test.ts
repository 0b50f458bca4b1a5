import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { contextConfig } from './context-config.js';
import type { ExecOptions } from './exec-options.js';
import type { KubeconfigCluster, KubeconfigContext, KubeconfigUser } from './kubeconfig.js';
import type { KubeconfigError } from './kubeconfig-error.js';
import { parseKubeconfig } from './parse-kubeconfig.js';
import type { ContextConfig } from './resolve-context.js';

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
async function configOf(
  { cluster, user, context }: Parts,
  name?: string,
  options?: ExecOptions,
): Promise<ContextConfig> {
  const text = JSON.stringify({
    'current-context': 'dev',
    clusters: [{ name: 'c', cluster: { server: 'https://one', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'dev', context: { cluster: 'c', user: 'u', ...context } }],
  });
  return contextConfig(await parseKubeconfig(text, file), name, options);
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
    ['a namespace that is impossible, as kubectl', { context: { namespace: 'A_B' } }, { namespace: 'A_B' }],
    ['nothing for a key alone', { user: { 'client-key-data': base64('x') } }, {}],
    ['no groups of nobody', { user: { 'as-groups': [], 'as-user-extra': {} } }, {}],
    [
      'no TLS over plain HTTP',
      { cluster: { server: 'http://one', 'insecure-skip-tls-verify': true, 'tls-server-name': 'two' } },
      { host: 'http://one' },
    ],
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
    const kubeconfig = await parseKubeconfig(`${text}contexts: [{ name: dev, context: { cluster: c } }]`);
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
    ['an authority’s file that is absent', { cluster: { 'certificate-authority': 'absent' } }, 'absent: no such file'],
    ['an authority’s file that is no PEM', { cluster: { 'certificate-authority': 'not.pem' } }, 'is not PEM'],
    [
      'a certificate without a key',
      { user: { 'client-certificate': 'ca.pem' } },
      'user "u": client-certificate needs a client-key',
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
      'an exec plugin that is not described',
      { user: { exec: { args: [Secret], interactiveMode: 'x' } } },
      'user "u": exec.command: expected the name or the path of a program',
    ],
    [
      'an exec plugin and a provider',
      { user: { exec: { command: Secret }, 'auth-provider': { name: 'oidc' } } },
      'user "u": exec and auth-provider exclude each other',
    ],
    [
      'an OIDC provider without its address',
      { user: { 'auth-provider': { name: 'oidc', config: { 'refresh-token': Secret } } } },
      'user "u": auth-provider.config.idp-issuer-url: required by the provider oidc',
    ],
    [
      'a provider’s authority that is no PEM',
      { user: { 'auth-provider': { name: 'oidc', config: { 'idp-certificate-authority': 'not.pem' } } } },
      'user "u": auth-provider.config.idp-certificate-authority: expected PEM',
    ],
    [
      'a provider without a name',
      { user: { 'auth-provider': {} } },
      'user "u": auth-provider: there is no provider ""',
    ],
    [
      'an unknown provider',
      { user: { 'auth-provider': { name: 'a\u001b[2J', config: { token: Secret } } } },
      'user "u": auth-provider: there is no provider "a\\u001b[2J": expected oidc, or exec instead',
    ],
    [
      'the provider of Google',
      { user: { 'auth-provider': { name: 'gcp', config: { 'access-token': Secret } } } },
      'user "u": auth-provider: the provider gcp has been removed from Kubernetes: its place has taken the exec plugin gke-gcloud-auth-plugin: run "gcloud',
    ],
    [
      'the provider of Azure',
      { user: { 'auth-provider': { name: 'azure', config: { 'access-token': Secret } } } },
      'install it, then run "kubelogin convert-kubeconfig"',
    ],
    [
      'the provider of OpenStack',
      { user: { 'auth-provider': { name: 'openstack', config: { password: Secret } } } },
      'the exec plugin client-keystone-auth',
    ],
  ])('%s', async (_, parts, message) => {
    const error = await configOf(parts).catch((error: unknown) => error as Error);
    expect(error).toMatchObject({ name: 'KubeconfigError', message: expect.stringContaining(message) as string });
    expect((error as Error).message).toContain(`${file}: `);
    expect((error as Error).message).not.toContain(Secret);
  });

  test('everything at once', async () => {
    const error = await configOf({
      cluster: { server: '', 'proxy-url': 'proxy', 'certificate-authority': 'absent' },
      user: { token: Secret, username: Secret, 'as-uid': '7' },
    }).catch((error: unknown) => error as KubeconfigError);
    expect((error as KubeconfigError).problems.map((problem) => problem.replaceAll(directory, ''))).toEqual([
      '/config: cluster "c": certificate-authority: /absent: no such file',
      '/config: cluster "c": server: the cluster has no server',
      '/config: cluster "c": proxy-url: expected an http://, https:// or socks5:// URL',
      '/config: user "u": a token, and username or password, exclude each other',
      '/config: user "u": as-uid, as-groups and as-user-extra need as: the name of a user',
    ]);
  });

  test('a context that is not there, and says which are', async () => {
    await expect(configOf({}, 'prod')).rejects.toThrow(`${file}: context "prod" does not exist; there are: "dev"`);
  });

  test('a current context that is not there', async () => {
    const kubeconfig = await parseKubeconfig('current-context: gone', file);
    await expect(contextConfig(kubeconfig)).rejects.toThrow(
      `${file}: current-context: context "gone" does not exist; there are: none`,
    );
  });

  test('to choose where nobody chose', async () => {
    await expect(contextConfig(await parseKubeconfig('', file))).rejects.toThrow(`${file}: no context is chosen`);
  });
});

describe('an exec plugin', () => {
  const apiVersion = 'client.authentication.k8s.io/v1';
  const print = (status: object): string =>
    `process.stdout.write(${JSON.stringify(JSON.stringify({ kind: 'ExecCredential', apiVersion, status }))})`;
  const exec = {
    command: process.execPath,
    args: ['-e', print({ token: 'from-plugin' })],
    apiVersion,
    interactiveMode: 'Never',
  };
  const tokenOf = async ({ bearerToken }: ContextConfig): Promise<string | undefined> =>
    typeof bearerToken === 'function' ? bearerToken({}) : bearerToken;

  test('gives the token', async () => {
    expect(await tokenOf(await configOf({ user: { exec } }))).toBe('from-plugin');
  });

  test.each<[string, KubeconfigUser, string | undefined]>([
    ['a token', { token: 't' }, 't'],
    ['a token file', { tokenFile: 'token' }, 'from-file'],
    ['a password', { username: 'a' }, undefined],
  ])('is not asked where there is %s', async (_, user, expected) => {
    expect(await tokenOf(await configOf({ user: { ...user, exec } }))).toBe(expected);
  });

  test('is not asked where its token would be everybody’s', async () => {
    expect(await tokenOf(await configOf({ cluster: { server: 'http://one' }, user: { exec } }))).toBeUndefined();
  });

  test('that is beside the kubeconfig is found there', async () => {
    const config = await configOf({ user: { exec: { ...exec, command: './plugin' } } });
    await expect(tokenOf(config)).rejects.toThrow(
      `${file}: user "u": exec: executable ${JSON.stringify(path.join(directory, 'plugin'))} not found`,
    );
  });

  test('runs only if it may', async () => {
    const config = await configOf({ user: { exec } }, undefined, { execPolicy: { type: 'DenyAll' } });
    await expect(tokenOf(config)).rejects.toMatchObject({ name: 'ExecPluginError', failure: 'not-allowed' });
  });

  test('is told of its cluster, if it wants to know', async () => {
    const script = `
      const { server, ...rest } = JSON.parse(process.env.KUBERNETES_EXEC_INFO).spec.cluster;
      const status = { token: JSON.stringify({ server, rest }) };
      console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: '${apiVersion}', status }));`;
    const extensions = [
      { name: 'other', extension: 1 },
      { name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } },
    ];
    const config = await configOf({
      cluster: {
        server: 'https://one/path?x=1',
        'certificate-authority': 'ca.pem',
        'tls-server-name': 'two',
        extensions,
      },
      user: { exec: { ...exec, args: ['-e', script], provideClusterInfo: true } },
    });
    expect(JSON.parse((await tokenOf(config)) ?? '')).toEqual({
      server: 'https://one/path',
      rest: { 'certificate-authority-data': base64(Pem), 'tls-server-name': 'two', config: { audience: 'a' } },
    });
  });
});

describe('a user of the provider oidc', () => {
  const expiresAt = (seconds: number): string =>
    `e30.${Buffer.from(JSON.stringify({ exp: seconds })).toString('base64url')}.sig`;
  const provider = (config: Record<string, string>): KubeconfigUser => ({
    'auth-provider': {
      name: 'oidc',
      config: { 'idp-issuer-url': 'https://issuer', 'client-id': 'kubernetes', ...config },
    },
  });

  test('is known by the ID token', async () => {
    const idToken = expiresAt(4_102_444_800);
    const { bearerToken } = await configOf({ user: provider({ 'id-token': idToken }) });
    expect(typeof bearerToken === 'function' && (await bearerToken({}))).toBe(idToken);
  });

  test('that has expired has to sign in again', async () => {
    // The kubeconfig is not on the disk, where another program might have left new tokens.
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { bearerToken } = await configOf({ user: provider({ 'id-token': expiresAt(0), 'client-id': 'other' }) });
    await expect(typeof bearerToken === 'function' && bearerToken({})).rejects.toThrow(
      `${file}: user "u": auth-provider: the id-token has expired, and there is no refresh-token: sign in again`,
    );
    expect(warn).toHaveBeenCalledWith(`cannot look for new tokens: ${file}: no such file`);
    warn.mockRestore();
  });

  test('is not asked where there is a token', async () => {
    const { bearerToken } = await configOf({ user: { token: 't', ...provider({}) } });
    expect(bearerToken).toBe('t');
  });
});
