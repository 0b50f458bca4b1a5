import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Kubeconfig, KubeconfigCluster, KubeconfigUser } from './kubeconfig.js';
import { type KubeconfigOverrides, overrideKubeconfig } from './override-kubeconfig.js';
import { parseKubeconfig } from './parse-kubeconfig.js';

const Base = `
current-context: dev
clusters:
- { name: one, cluster: { server: "https://one", tls-server-name: one.example, certificate-authority-data: AAAA } }
- { name: two, cluster: { server: "https://two" } }
users:
- { name: u, user: { token: t, client-certificate-data: AAAA, client-key: key, as-user-extra: { a: [b] } } }
- { name: v, user: { username: v } }
contexts:
- { name: dev, context: { cluster: one, user: u, namespace: web } }
- { name: prod, context: { cluster: two } }
`;

async function override(overrides: KubeconfigOverrides, text = Base) {
  const kubeconfig = overrideKubeconfig(await parseKubeconfig(text, 'f'), overrides);
  const context = kubeconfig.contexts.get(kubeconfig.currentContext ?? '')?.value ?? {};
  return {
    context,
    cluster: kubeconfig.clusters.get(context.cluster ?? '')?.value,
    user: kubeconfig.users.get(context.user ?? '')?.value,
  };
}

describe('overrideKubeconfig chooses', () => {
  test.each<[KubeconfigOverrides, object]>([
    [{}, { cluster: 'one', user: 'u', namespace: 'web' }],
    [
      { context: '', cluster: '', user: '', namespace: '' },
      { cluster: 'one', user: 'u', namespace: 'web' },
    ],
    [{ context: 'prod' }, { cluster: 'two' }],
    [
      { context: 'prod', user: 'v', namespace: 'n' },
      { cluster: 'two', user: 'v', namespace: 'n' },
    ],
    [{ cluster: 'two' }, { cluster: 'two', user: 'u', namespace: 'web' }],
  ])('%j: %j', async (overrides, expected) => {
    expect((await override(overrides)).context).toEqual(expected);
  });

  test.each<[KubeconfigOverrides, string]>([
    [{ context: 'x' }, 'f: context "x" does not exist; there are: "dev", "prod"'],
    [{ cluster: 'x' }, 'f: cluster "x" does not exist; there are: "one", "two"'],
    [{ user: 'x' }, 'f: user "x" does not exist; there are: "u", "v"'],
  ])('nothing that does not exist: %j', async (overrides, message) => {
    await expect(override(overrides)).rejects.toThrow(message);
  });

  test('no current context that does not exist', async () => {
    const kubeconfig = overrideKubeconfig(await parseKubeconfig('current-context: gone'), { namespace: 'n' });
    expect([...kubeconfig.contexts]).toEqual([]);
    expect(kubeconfig.currentContext).toBe('gone');
  });

  test('something where there was nothing', async () => {
    expect(await override({ clusterInfo: { server: 'https://x' }, userInfo: { token: 't' } }, '')).toEqual({
      context: {},
      cluster: { server: 'https://x' },
      user: { token: 't' },
    });
  });
});

describe('overrideKubeconfig changes', () => {
  const old = { server: 'https://one', 'tls-server-name': 'one.example', 'certificate-authority-data': 'AAAA' };

  test.each<[string, KubeconfigCluster, KubeconfigCluster]>([
    ['nothing of the cluster', {}, old],
    ['nothing for what says nothing', { server: '', 'insecure-skip-tls-verify': false }, old],
    ['a field', { 'proxy-url': 'http://p' }, { ...old, 'proxy-url': 'http://p' }],
    [
      'the server, and its name',
      { server: 'https://x' },
      { server: 'https://x', 'certificate-authority-data': 'AAAA' },
    ],
    ['both', { server: 'https://x', 'tls-server-name': 'x' }, { ...old, server: 'https://x', 'tls-server-name': 'x' }],
    [
      'trust, to anybody',
      { 'insecure-skip-tls-verify': true },
      { server: 'https://one', 'tls-server-name': 'one.example', 'insecure-skip-tls-verify': true },
    ],
    [
      'trust, to a file',
      { 'certificate-authority': 'ca.pem' },
      { server: 'https://one', 'tls-server-name': 'one.example', 'certificate-authority': path.resolve('ca.pem') },
    ],
  ])('%s', async (_, clusterInfo, expected) => {
    expect((await override({ clusterInfo })).cluster).toEqual(expected);
  });

  const user = { token: 't', 'client-certificate-data': 'AAAA', 'client-key': 'key', 'as-user-extra': { a: ['b'] } };

  test.each<[string, KubeconfigUser, KubeconfigUser]>([
    ['nothing of the user', {}, user],
    ['the token', { token: 'mine' }, { ...user, token: 'mine' }],
    [
      'a certificate in the other form',
      { 'client-certificate': '/c', 'client-key-data': 'BBBB' },
      { token: 't', 'client-certificate': '/c', 'client-key-data': 'BBBB', 'as-user-extra': { a: ['b'] } },
    ],
    [
      'impersonation, key by key',
      { as: 'bob', 'as-user-extra': { c: ['d'] } },
      { ...user, as: 'bob', 'as-user-extra': { a: ['b'], c: ['d'] } },
    ],
  ])('%s', async (_, userInfo, expected) => {
    expect((await override({ userInfo })).user).toEqual(expected);
  });

  test('nothing of what it was given', async () => {
    const kubeconfig: Kubeconfig = await parseKubeconfig(Base);
    overrideKubeconfig(kubeconfig, { context: 'prod', clusterInfo: { server: 'x' }, userInfo: { token: 'x' } });
    expect(kubeconfig).toEqual(await parseKubeconfig(Base));
  });
});
