import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseYaml } from '@client-ts/serializer/yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flattenKubeconfig } from './flatten-kubeconfig.js';
import type { KubeconfigError } from './kubeconfig-error.js';
import { formatKubeconfig, kubeconfigObject } from './kubeconfig-object.js';
import { minifyKubeconfig } from './minify-kubeconfig.js';
import { parseKubeconfig } from './parse-kubeconfig.js';
import { redactKubeconfig } from './redact-kubeconfig.js';

const Text = `
current-context: dev
extensions: [{ name: z, extension: { a: 1 } }, { name: a }]
clusters:
- { name: two, cluster: {} }
- { name: one, cluster: { server: "https://one", certificate-authority-data: QUI=, proxy-url: "http://me:hunter2@p/" } }
users:
- name: u
  user:
    token: hunter2
    username: me
    password: hunter2
    client-key-data: c2VjcmV0
    client-certificate-data: QUI=
    exec: { command: aws, apiVersion: client.authentication.k8s.io/v1beta1, env: [{ name: A }] }
- name: o
  user: { auth-provider: { name: oidc, config: { client-id: me, id-token: hunter2, refresh-token: hunter2, client-secret: secret } } }
contexts:
- { name: dev, context: { cluster: one, user: u } }
- { name: bare, context: { namespace: web } }
- { name: dangling, context: { cluster: gone, user: u } }
`;
const kubeconfig = await parseKubeconfig(Text, 'f');
const empty = await parseKubeconfig('');

describe('kubeconfigObject', () => {
  test('is in alphabetical order, with what kubectl always writes', () => {
    const object = kubeconfigObject(kubeconfig);
    expect(Object.keys(object)).toEqual([
      'apiVersion',
      'clusters',
      'contexts',
      'current-context',
      'extensions',
      'kind',
      'users',
    ]);
    expect(object['clusters']).toMatchObject([{ name: 'one' }, { name: 'two', cluster: { server: '' } }]);
    expect(object['contexts']).toEqual([
      { context: { cluster: '', namespace: 'web', user: '' }, name: 'bare' },
      { context: { cluster: 'gone', user: 'u' }, name: 'dangling' },
      { context: { cluster: 'one', user: 'u' }, name: 'dev' },
    ]);
    expect(object['extensions']).toEqual([
      { name: 'a', extension: null },
      { name: 'z', extension: { a: 1 } },
    ]);
    expect(object['users']).toMatchObject([
      { name: 'o' },
      {
        name: 'u',
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1beta1',
            args: null,
            command: 'aws',
            env: [{ name: 'A', value: '' }],
            interactiveMode: 'IfAvailable',
            provideClusterInfo: false,
          },
        },
      },
    ]);
  });

  test('of nothing says so', async () => {
    expect(kubeconfigObject(empty)).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: null,
      contexts: null,
      users: null,
      'current-context': '',
    });
  });

  test('is what formatKubeconfig writes', async () => {
    expect(parseYaml(await formatKubeconfig(kubeconfig))).toEqual(kubeconfigObject(kubeconfig));
  });
});

describe('redactKubeconfig', () => {
  const redacted = redactKubeconfig(kubeconfig);

  test('leaves no secret', async () => {
    expect(await formatKubeconfig(redacted)).not.toMatch(/hunter2|c2VjcmV0/);
  });

  test('says where there is one', () => {
    expect(redacted.clusters.get('one')?.value).toMatchObject({
      server: 'https://one',
      'certificate-authority-data': 'DATA+OMITTED',
      'proxy-url': 'http://me:REDACTED@p/',
    });
    expect(redacted.users.get('u')?.value).toMatchObject({
      token: 'REDACTED',
      username: 'me',
      password: 'REDACTED',
      'client-key-data': 'DATA+OMITTED',
      'client-certificate-data': 'DATA+OMITTED',
    });
    expect(redacted.users.get('o')?.value['auth-provider']?.config).toEqual({
      'client-id': 'me',
      'id-token': 'REDACTED',
      'refresh-token': 'REDACTED',
      'client-secret': 'REDACTED',
    });
  });

  test('adds nothing where there is none, and changes nothing of what it was given', async () => {
    const plain = await parseKubeconfig('users: [{ name: a, user: { tokenFile: t, auth-provider: { name: x } } }]');
    expect(redactKubeconfig(plain)).toEqual(plain);
    expect(kubeconfig).toEqual(await parseKubeconfig(Text, 'f'));
  });

  test('of a proxy that is no URL, nothing stays', async () => {
    const odd = await parseKubeconfig('clusters: [{ name: a, cluster: { proxy-url: "me:hunter2@[" } }]');
    expect(redactKubeconfig(odd).clusters.get('a')?.value['proxy-url']).toBe('REDACTED');
  });
});

describe('minifyKubeconfig', () => {
  test.each([
    [undefined, 'dev', ['one'], ['u']],
    ['bare', 'bare', [], []],
  ])('of %s keeps what it needs', (name, current, clusters, users) => {
    const minified = minifyKubeconfig(kubeconfig, name);
    expect(minified.currentContext).toBe(current);
    expect([...minified.contexts.keys()]).toEqual([current]);
    expect([...minified.clusters.keys()]).toEqual(clusters);
    expect([...minified.users.keys()]).toEqual(users);
  });

  test.each([
    [kubeconfig, 'gone', 'context "gone" does not exist'],
    [kubeconfig, 'dangling', 'context "dangling": cluster: cluster "gone" does not exist'],
    [empty, undefined, 'there is no current context, and none was asked for'],
  ])('needs what it names: %#', (from, name, message) => {
    expect(() => minifyKubeconfig(from, name)).toThrow(expect.objectContaining({ name: 'KubeconfigError', message }));
  });
});

describe('flattenKubeconfig', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'flatten-'));
    for (const name of ['ca', 'cert', 'key']) await writeFile(path.join(directory, name), `${name}\u0000`);
  });
  afterAll(() => rm(directory, { recursive: true }));

  const flatten = async (text: string) =>
    flattenKubeconfig(await parseKubeconfig(text, path.join(directory, 'config')));

  test('takes files in, relative to the kubeconfig', async () => {
    const { clusters, users } = await flatten(`
clusters: [{ name: c, cluster: { certificate-authority: ca } }, { name: d, cluster: { server: s } }]
users: [{ name: u, user: { client-certificate: ${directory}/cert, client-key: ./key, tokenFile: ca } }]`);
    const base64 = (name: string): string => Buffer.from(`${name}\u0000`).toString('base64');
    expect(clusters.get('c')?.value).toEqual({ 'certificate-authority-data': base64('ca') });
    expect(clusters.get('d')?.value).toEqual({ server: 's' });
    expect(users.get('u')?.value).toEqual({
      'client-certificate-data': base64('cert'),
      'client-key-data': base64('key'),
      tokenFile: 'ca',
    });
  });

  test('tells of every file that is missing, and of two of a kind', async () => {
    const error = await flatten(`
clusters: [{ name: c, cluster: { certificate-authority: gone, certificate-authority-data: QUI= } }]
users: [{ name: u, user: { client-certificate: gone } }]`).catch((error: unknown) => error as KubeconfigError);
    expect((error as KubeconfigError).problems.map((problem) => problem.replaceAll(directory, ''))).toEqual([
      '/config: cluster "c": certificate-authority and certificate-authority-data exclude each other',
      '/config: cluster "c": certificate-authority: /gone: no such file',
      '/config: user "u": client-certificate: /gone: no such file',
    ]);
  });
});
