import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Config, Middleware, Transport } from '@client-ts/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig, type LoadOptions } from './load-config.js';
import type { NoConfigError } from './no-config-error.js';
import { parseKubeconfig } from './parse-kubeconfig.js';
import type { ContextConfig } from './resolve-context.js';

const Kubeconfig = `
current-context: dev
clusters:
- { name: one, cluster: { server: "https://one", tls-server-name: one.example, insecure-skip-tls-verify: true } }
- { name: two, cluster: { server: "https://two" } }
users: [{ name: u, user: { token: t } }]
contexts:
- { name: dev, context: { cluster: one, user: u, namespace: web } }
- { name: prod, context: { cluster: two } }
`;

let directory: string;
let kubeconfig: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'load-config-'));
  kubeconfig = path.join(directory, 'config');
  await writeFile(kubeconfig, Kubeconfig);
  await writeFile(path.join(directory, 'token'), 'pod-token');
});
afterAll(() => rm(directory, { recursive: true }));

const Pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

/** What was loaded, its transport given back. */
async function load(options: LoadOptions): Promise<Omit<ContextConfig, 'transport' | 'middleware'>> {
  const { transport, middleware: _, ...config } = await loadConfig(options);
  await transport?.[Symbol.asyncDispose]?.();
  return config;
}

describe('loadConfig', () => {
  test('takes the current context, or the one that is asked for', async () => {
    expect(await load({ kubeconfig })).toMatchObject({ host: 'https://one', bearerToken: 't', namespace: 'web' });
    expect(await load({ kubeconfig, context: 'prod' })).toEqual({ host: 'https://two', namespace: 'default' });
  });

  test('brings a transport, unless there is one', async () => {
    const { transport } = await loadConfig({ kubeconfig });
    expect(transport).toBeDefined();
    await transport?.[Symbol.asyncDispose]();
    const own = {} as Transport;
    expect((await loadConfig({ kubeconfig, overrides: { transport: own } })).transport).toBe(own);
  });

  test('asks for compressed answers behind other middleware, unless the cluster does not want that', async () => {
    const layersOf = async (options: LoadOptions): Promise<number | undefined> => {
      const { transport, middleware } = await loadConfig({ kubeconfig, ...options });
      await transport?.[Symbol.asyncDispose]();
      if (options.overrides?.middleware) expect(middleware?.[0]).toBe(own);
      return middleware?.length;
    };
    const own: Middleware = (request, next) => next(request);
    const overrides = { middleware: [own] };
    const disabled = { clusterInfo: { 'disable-compression': true } };
    expect(await layersOf({})).toBe(1);
    expect(await layersOf({ overrides })).toBe(2);
    expect(await layersOf(disabled)).toBe(0);
    expect(await layersOf({ ...disabled, overrides })).toBe(1);
    const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    const inPod = { kubeconfig: undefined, env: { HOME: '/nowhere', ...pod }, serviceAccountDirectory: directory };
    expect(await layersOf(inPod)).toBe(1);
    expect(await layersOf({ ...inPod, ...disabled })).toBe(0);
  });

  test('overrides replace fields', async () => {
    const config = await load({ kubeconfig, overrides: { bearerToken: 'mine', qps: 5, tls: { serverName: 'x' } } });
    expect(config).toMatchObject({ host: 'https://one', bearerToken: 'mine', qps: 5, tls: { serverName: 'x' } });
    expect(config.tls).not.toHaveProperty('insecure');
  });

  test('a field that is undefined overrides nothing', async () => {
    const proxied = { kubeconfig, clusterInfo: { 'proxy-url': 'http://proxy:3128' } };
    const nothing: { [field in keyof Config]: undefined } = {
      host: undefined,
      bearerToken: undefined,
      username: undefined,
      tls: undefined,
      proxyUrl: undefined,
      transport: undefined,
    };
    expect(await load({ ...proxied, overrides: nothing })).toEqual(await load(proxied));
    expect((await loadConfig({ ...proxied, overrides: { middleware: undefined } })).middleware).toHaveLength(1);
  });

  test('another host does not keep the name of the old one', async () => {
    expect(await load({ kubeconfig, overrides: { host: 'https://other' } })).toMatchObject({
      host: 'https://other',
      tls: { insecure: true },
    });
    expect((await load({ kubeconfig, overrides: { host: 'https://other' } })).tls).not.toHaveProperty('serverName');
    const tls = { serverName: 'x' };
    expect((await load({ kubeconfig, overrides: { host: 'https://other', tls } })).tls).toEqual(tls);
  });

  test('another host that has no TLS gets none of the credentials', async () => {
    const config = await load({ kubeconfig, overrides: { host: 'http://other' } });
    expect(config).toEqual({ host: 'http://other', namespace: 'web' });
    const own = await load({ kubeconfig, overrides: { host: 'http://other', bearerToken: 'mine' } });
    expect(own.bearerToken).toBe('mine');
  });

  test('whoever says himself who he is needs no plugin and no provider', async () => {
    const exec = { command: 'x', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' };
    const config = { 'idp-issuer-url': 'https://i', 'client-id': 'c' };
    const users = { exec: { exec }, oidc: { 'auth-provider': { name: 'oidc', config } }, file: { tokenFile: 'token' } };
    const text = JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://c' } }],
      users: Object.entries(users).map(([name, user]) => ({ name, user })),
      contexts: Object.keys(users).map((name) => ({ name, context: { cluster: 'c', user: name } })),
    });
    const tokenOf = async (context: string, overrides: Partial<Config>): Promise<string> => {
      const { bearerToken } = await load({ kubeconfig: await parseKubeconfig(text, kubeconfig), context, overrides });
      return typeof bearerToken === 'function' ? 'asked for' : (bearerToken ?? 'none');
    };
    const certificate = { tls: { cert: Pem, key: Pem }, transport: {} as Transport };
    for (const [context, withCertificate] of [
      ['exec', 'none'],
      ['oidc', 'asked for'],
      ['file', 'asked for'],
    ] as const) {
      expect(await tokenOf(context, {})).toBe('asked for');
      expect(await tokenOf(context, { bearerToken: 'mine' })).toBe('mine');
      expect(await tokenOf(context, certificate)).toBe(withCertificate);
    }
    expect(await tokenOf('exec', { username: 'me' })).toBe('none');
    expect(await tokenOf('oidc', { password: 'mine' })).toBe('none');
  });

  test('the environment names a proxy, and the cluster a better one', async () => {
    const env = { HTTPS_PROXY: 'http://everybodys:1' };
    expect((await load({ kubeconfig, env })).proxyUrl).toBe('http://everybodys:1');
    expect((await load({ kubeconfig, env: { ...env, NO_PROXY: 'one' } })).proxyUrl).toBeUndefined();
    expect((await load({ kubeconfig, env, overrides: { proxyUrl: 'http://own:1' } })).proxyUrl).toBe('http://own:1');
  });

  test('a transport that cannot be made names the field', async () => {
    await expect(loadConfig({ kubeconfig, overrides: { proxyUrl: 'ftp://proxy' } })).rejects.toThrow('config.proxyUrl');
  });
});

describe('where nothing is configured', () => {
  const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

  test('a pod takes its service account, with overrides', async () => {
    const env = { HOME: '/nowhere', ...pod };
    const overrides = { tls: { insecure: true } };
    const config = await load({ env, serviceAccountDirectory: directory, overrides });
    expect(config).toMatchObject({ host: 'https://10.0.0.1', namespace: 'default', tls: { insecure: true } });
    expect(typeof config.bearerToken === 'function' && (await config.bearerToken({}))).toBe('pod-token');
  });

  test('a pod with a kubeconfig takes the kubeconfig', async () => {
    const env = { KUBECONFIG: kubeconfig, ...pod };
    expect((await load({ env, serviceAccountDirectory: directory })).host).toBe('https://one');
  });

  test('a pod that is asked for a context does not pretend to be it', async () => {
    const options = { env: { HOME: '/nowhere', ...pod }, serviceAccountDirectory: directory, context: 'prod' };
    await expect(loadConfig(options)).rejects.toThrow(
      '/nowhere/.kube/config: context "prod" does not exist; there are: none',
    );
  });

  test('KUBERNETES_MASTER is the server, but not of a pod, and not where there is another', async () => {
    const env = { HOME: '/nowhere', KUBERNETES_MASTER: 'http://master:8080' };
    const withoutContext = await parseKubeconfig('');
    expect(await load({ env })).toEqual({ host: 'http://master:8080', namespace: 'default' });
    expect(await load({ env, namespace: 'web', userInfo: { as: 'bob' } })).toMatchObject({
      host: 'http://master:8080',
      namespace: 'web',
      impersonate: { userName: 'bob' },
    });
    expect(await load({ env, kubeconfig: withoutContext })).toMatchObject({ host: 'http://master:8080' });
    for (const [options, host] of [
      [{ env: { ...env, ...pod }, serviceAccountDirectory: directory }, 'https://10.0.0.1'],
      [{ env, kubeconfig }, 'https://one'],
      [{ env, clusterInfo: { server: 'https://x' } }, 'https://x'],
      [{ env, overrides: { host: 'https://x' } }, 'https://x'],
    ] as const) {
      expect(await load(options)).toMatchObject({ host });
    }
  });

  test('KUBERNETES_MASTER is no context that was asked for', async () => {
    const env = { HOME: '/nowhere', KUBERNETES_MASTER: 'http://master:8080' };
    await expect(load({ env, context: 'prod' })).rejects.toThrow('context "prod" does not exist');
    await expect(load({ env, cluster: 'prod' })).rejects.toThrow('cluster "prod" does not exist');
  });

  test('elsewhere it says where was looked, and what was there', async () => {
    const empty = path.join(directory, 'token-free');
    await writeFile(empty, Kubeconfig.replace('current-context: dev', ''));
    const env = { KUBECONFIG: `/absent:${empty}` };
    const error = await loadConfig({ env }).catch((error: unknown) => error as NoConfigError);
    expect(error).toMatchObject({
      name: 'NoConfigError',
      rejected: [
        { source: 'KUBECONFIG', reason: '/absent: no such file' },
        { source: 'KUBECONFIG', reason: `${empty}: no context is chosen; there are: "dev", "prod"` },
        { source: '~/.kube/config', reason: 'not looked at, since KUBECONFIG is set' },
        {
          source: 'in-cluster',
          reason: 'not running in a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be set',
        },
        { source: 'KUBERNETES_MASTER', reason: 'not set' },
      ],
    });
    expect((error as NoConfigError).message).toMatch(
      /^no configuration has been found:\n- KUBECONFIG: \/absent: no such file\n/,
    );
  });

  test('a pod without a token is told so', async () => {
    const options = { env: { HOME: '/nowhere', ...pod }, serviceAccountDirectory: '/nowhere' };
    await expect(loadConfig(options)).rejects.toMatchObject({
      rejected: [
        { source: '~/.kube/config', reason: '/nowhere/.kube/config: no such file' },
        { source: 'in-cluster', reason: expect.stringContaining('cannot read a token from /nowhere/token') as string },
        { source: 'KUBERNETES_MASTER', reason: 'not set' },
      ],
    });
  });
});

describe('the namespace is', () => {
  const inPod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443', POD_NAMESPACE: 'of-pod' };

  test.each<[string, LoadOptions, string]>([
    ['the context’s', {}, 'web'],
    ['the one that is asked for', { namespace: 'mine' }, 'mine'],
    ['default', { context: 'prod' }, 'default'],
    ['the context’s, in a pod, too', { env: inPod }, 'web'],
    ['the pod’s where the context names none', { env: inPod, context: 'prod' }, 'of-pod'],
    ['the one that is asked for, in a pod, too', { env: inPod, context: 'prod', namespace: 'mine' }, 'mine'],
  ])('%s', async (_, options, expected) => {
    const config = await load({ kubeconfig, serviceAccountDirectory: directory, env: {}, ...options });
    expect(config.namespace).toBe(expected);
  });

  test('the one that is asked for, without a kubeconfig', async () => {
    const env = { ...inPod, HOME: '/nowhere' };
    expect((await load({ env, serviceAccountDirectory: directory, namespace: 'mine' })).namespace).toBe('mine');
  });
});

describe('overrides as those of kubectl', () => {
  test('choose cluster and user, and change their fields', async () => {
    const config = await load({ kubeconfig, context: 'prod', user: 'u', clusterInfo: { 'tls-server-name': 'x' } });
    expect(config).toMatchObject({ host: 'https://two', bearerToken: 't', tls: { serverName: 'x' } });
  });

  test('are enough without a kubeconfig', async () => {
    const options = { env: { HOME: '/nowhere' }, clusterInfo: { server: 'https://x' }, userInfo: { token: 'mine' } };
    expect(await load(options)).toEqual({ host: 'https://x', bearerToken: 'mine', namespace: 'default' });
  });

  test('give another server nothing of a pod', async () => {
    const env = { HOME: '/nowhere', KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    const config = await load({ env, serviceAccountDirectory: directory, overrides: { host: 'https://other' } });
    expect(config).toEqual({ host: 'https://other', namespace: 'default' });
  });

  test('give a pod another token', async () => {
    const env = { HOME: '/nowhere', KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    const config = await load({ env, serviceAccountDirectory: directory, userInfo: { token: 'mine' } });
    expect(config.bearerToken).toBe('mine');
  });

  test.each<[string, LoadOptions, object]>([
    [
      'nobody’s token, for somebody else',
      { userInfo: { username: 'me', password: 'mine' } },
      { username: 'me', password: 'mine', bearerToken: undefined },
    ],
    [
      'somebody to act as',
      { userInfo: { as: 'bob', 'as-groups': ['a'] } },
      { impersonate: { userName: 'bob', groups: ['a'] } },
    ],
    [
      'another way',
      { clusterInfo: { 'proxy-url': 'http://p', 'insecure-skip-tls-verify': true } },
      { proxyUrl: 'http://p', tls: { insecure: true } },
    ],
    [
      'another name of the server',
      { clusterInfo: { 'tls-server-name': 'kubernetes' } },
      { tls: { serverName: 'kubernetes' } },
    ],
  ])('give a pod %s', async (_, overrides, expected) => {
    const env = { HOME: '/nowhere', KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    const config = await load({ env, serviceAccountDirectory: directory, ...overrides });
    expect({ bearerToken: undefined, ...config }).toMatchObject({ host: 'https://10.0.0.1', ...expected });
  });

  test('do not make up what does not exist', async () => {
    await expect(load({ kubeconfig, user: 'nobody' })).rejects.toThrow(
      `${kubeconfig}: user "nobody" does not exist; there are: "u"`,
    );
  });
});

test('a kubeconfig that is at hand needs no file', async () => {
  const atHand = await parseKubeconfig(Kubeconfig);
  expect(await load({ kubeconfig: atHand, context: 'prod' })).toMatchObject({ host: 'https://two' });
  await expect(load({ kubeconfig: await parseKubeconfig('') })).rejects.toThrow('kubeconfig: no context is chosen');
});
