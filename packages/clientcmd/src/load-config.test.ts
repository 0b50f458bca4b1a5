import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Transport } from '@client-ts/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContextConfig } from './context-config.js';
import { loadConfig, type LoadOptions } from './load-config.js';

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

/** What was loaded, its transport given back. */
async function load(options: LoadOptions): Promise<Omit<ContextConfig, 'transport'>> {
  const { transport, ...config } = await loadConfig(options);
  await transport?.[Symbol.asyncDispose]();
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

  test('overrides replace fields', async () => {
    const config = await load({ kubeconfig, overrides: { bearerToken: 'mine', qps: 5, tls: { serverName: 'x' } } });
    expect(config).toMatchObject({ host: 'https://one', bearerToken: 'mine', qps: 5, tls: { serverName: 'x' } });
    expect(config.tls).not.toHaveProperty('insecure');
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
    expect(config).toMatchObject({ host: 'https://10.0.0.1:443', namespace: 'default', tls: { insecure: true } });
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

  test('elsewhere it says where was looked', async () => {
    await expect(loadConfig({ env: { KUBECONFIG: '/a:/b' } })).rejects.toMatchObject({
      name: 'KubeconfigError',
      message: 'no configuration has been provided: none in /a, /b, and this is no pod in a cluster',
    });
  });
});
