import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inClusterConfig, isInCluster, NotInClusterError, serviceAccountContext } from './in-cluster-config.js';

const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
const Pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'service-account-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function mount(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), text);
  }
}

describe('serviceAccountContext', () => {
  test('takes server, authority, token and namespace from the pod', async () => {
    await mount({ token: 'secret\n', 'ca.crt': Pem, namespace: 'web\n' });
    const { config, files } = await serviceAccountContext({ env, serviceAccountDirectory: directory });
    const { bearerToken, ...rest } = config;
    expect(rest).toEqual({ host: 'https://10.0.0.1', tls: { ca: Pem }, namespace: 'web' });
    expect(files).toEqual({ ca: path.join(directory, 'ca.crt') });
    expect(typeof bearerToken === 'function' && (await bearerToken({}))).toBe('secret');
  });

  test('a token that the server refuses is read again', async () => {
    await mount({ token: 'old' });
    const { config } = await serviceAccountContext({ env, serviceAccountDirectory: directory });
    const { bearerToken } = config;
    await mount({ token: 'new' });
    expect(typeof bearerToken === 'function' && (await bearerToken({ rejected: 'old' }))).toBe('new');
  });

  test.each([
    ['POD_NAMESPACE goes first', { namespace: 'mounted' }, { POD_NAMESPACE: 'downward' }, 'downward'],
    ['an empty POD_NAMESPACE counts as none', { namespace: 'mounted' }, { POD_NAMESPACE: '' }, 'mounted'],
    ['without either it is default', {}, {}, 'default'],
    ['an empty file counts as none', { namespace: '\n' }, {}, 'default'],
    ['a file that cannot be read counts as none', { 'namespace/is/a/directory': '' }, {}, 'default'],
  ])('namespace: %s', async (_, files, more, expected) => {
    await mount({ token: 't', ...files });
    const { config } = await serviceAccountContext({ env: { ...env, ...more }, serviceAccountDirectory: directory });
    expect(config.namespace).toBe(expected);
  });

  test('an IPv6 address is bracketed, and the authority may be the system’s', async () => {
    await mount({ token: 't' });
    const { config, files } = await serviceAccountContext({
      env: { ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' },
      serviceAccountDirectory: directory,
    });
    expect(config.host).toBe('https://[fd00::1]');
    expect(config).not.toHaveProperty('tls');
    expect(files).toEqual({});
  });

  test('an authority that cannot be read is no reason to trust others', async () => {
    await mount({ token: 't' });
    await mkdir(path.join(directory, 'ca.crt'));
    const failing = serviceAccountContext({ env, serviceAccountDirectory: directory });
    await expect(failing).rejects.toThrow(NotInClusterError);
    await expect(failing).rejects.toThrow(
      `the pod's service account is incomplete: cannot read ${path.join(directory, 'ca.crt')}: is a directory`,
    );
  });

  test('outside of a pod, and without a token, it says so', async () => {
    await expect(serviceAccountContext({ env: {} })).rejects.toThrow(NotInClusterError);
    await expect(serviceAccountContext({ env, serviceAccountDirectory: directory })).rejects.toThrow(
      `the pod has no service account: cannot read a token from ${path.join(directory, 'token')}`,
    );
  });
});

test('inClusterConfig brings a transport', async () => {
  await mount({ token: 't' });
  const { transport } = await inClusterConfig({ env, serviceAccountDirectory: directory });
  expect(transport).toBeDefined();
  await transport?.[Symbol.asyncDispose]();
});

test('isInCluster needs host, port and token', async () => {
  expect(await isInCluster({ env, serviceAccountDirectory: directory })).toBe(false);
  await mount({ token: 't' });
  expect(await isInCluster({ env, serviceAccountDirectory: directory })).toBe(true);
  expect(await isInCluster({ env: {}, serviceAccountDirectory: directory })).toBe(false);
});
