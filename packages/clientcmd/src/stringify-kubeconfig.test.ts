import type { Config } from '@client-ts/rest';
import { expect, test } from 'vitest';
import { contextConfig } from './context-config.js';
import { parseKubeconfig } from './parse-kubeconfig.js';
import { stringifyKubeconfig } from './stringify-kubeconfig.js';

const ca = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

test.each<[string, Config & { namespace: string }]>([
  ['a token', { host: 'https://one:6443', bearerToken: '0123', namespace: 'web' }],
  ['a password', { host: 'https://one', username: 'on', password: 'a: b #', namespace: 'default' }],
  [
    'authority, server name and proxy',
    {
      host: 'https://one/path',
      tls: { ca, serverName: 'two' },
      proxyUrl: 'http://proxy:80',
      namespace: 'default',
    },
  ],
  ['no verification', { host: 'https://one', tls: { insecure: true }, namespace: 'default' }],
  [
    'somebody else',
    {
      host: 'https://one',
      bearerToken: 't',
      impersonate: { userName: 'bob', uid: '7', groups: ['dev', 'ops'], extra: { scope: ['a', 'b'] } },
      namespace: 'default',
    },
  ],
  ['nobody', { host: 'http://one:8080', namespace: 'default' }],
])('what is written is read back: %s', async (_, config) => {
  expect(await contextConfig(await parseKubeconfig(await stringifyKubeconfig(config)))).toEqual(config);
});

test('the name is that of context, cluster and user', async () => {
  const { currentContext, contexts, clusters, users } = await parseKubeconfig(
    await stringifyKubeconfig({ host: 'https://one' }, 'true'),
  );
  expect(currentContext).toBe('true');
  expect([...contexts.keys(), ...clusters.keys(), ...users.keys()]).toEqual(['true', 'true', 'true']);
});

test('a token that only a function knows has no place in a file', async () => {
  const bearerToken = (): Promise<string> => Promise.resolve('t');
  await expect(stringifyKubeconfig({ host: 'https://one', bearerToken })).rejects.toThrow(TypeError);
});
