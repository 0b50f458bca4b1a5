import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { askVersion, kubeconfigOf, seen } from './ask-version.js';
import { type KubectlResult, runKubectl } from './kubectl.js';
import { type RecordingServer, startRecordingServer } from './recording-server.js';

const Plugin = fileURLToPath(new URL('../../packages/auth/src/testdata/plugin.mjs', import.meta.url));
const V1 = 'client.authentication.k8s.io/v1';
const V1beta1 = 'client.authentication.k8s.io/v1beta1';

/** What a plugin prints. */
const printed = (status: object | undefined, apiVersion = V1, kind = 'ExecCredential'): string =>
  JSON.stringify({ kind, apiVersion, status });

interface Case {
  readonly name: string;
  /** What the plugin prints, and what else it is told to do. */
  readonly prints: (server: RecordingServer) => string;
  readonly exec?: object;
  /** Beside the plugin. */
  readonly user?: object;
  readonly cluster?: object;
}

describeReal('plugins are run as kubectl runs them', ['kubectl'], ({ kubectl }) => {
  let directory: string;
  let server: RecordingServer;
  let runs: string;
  let told: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'same-plugins-'));
    server = await startRecordingServer();
    [runs, told] = [path.join(directory, 'runs'), path.join(directory, 'told')];
    const script = path.join(directory, 'plugin');
    await writeFile(script, `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(Plugin)} "$@"\n`);
    await chmod(script, 0o700);
  });
  beforeEach(() => writeFile(runs, ''));
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  /** Asks with both; the counts are how often the plugin ran. */
  async function both({ prints, exec, user, cluster }: Omit<Case, 'name'>) {
    const args = [`count=${runs}`, `tell=${told}`, `print=${prints(server)}`];
    const config = { command: './plugin', apiVersion: V1, interactiveMode: 'Never', args, ...exec };
    const kubeconfig = path.join(directory, 'config');
    await writeFile(kubeconfig, kubeconfigOf(server, { exec: config, ...user }, cluster));
    // One for each: plugins of the same config are shared.
    const env = { HOME: directory, PATH: process.env['PATH'] ?? '', CASE: expect.getState().currentTestName ?? '' };
    const result = await runKubectl(kubectl, ['get', '--raw', '/version', `--kubeconfig=${kubeconfig}`], env);
    const theirs = { seen: seen(server), info: await infoOf(told), runs: await count(runs) };
    await writeFile(runs, '');
    const ours = async (): Promise<typeof theirs> => {
      await askVersion({ kubeconfig, env });
      return { seen: seen(server), info: await infoOf(told), runs: await count(runs) };
    };
    return { result, theirs, ours };
  }

  const cases: readonly Case[] = [
    { name: 'a token', prints: () => printed({ token: 't' }) },
    { name: 'a token among white space', prints: () => `\n  ${printed({ token: 't' })}\n\n` },
    {
      name: 'a token as YAML',
      prints: () => `# signed in\napiVersion: ${V1}\nkind: ExecCredential\nstatus:\n  token: t\n`,
    },
    {
      name: 'a token, and another document',
      prints: () => `---\napiVersion: ${V1}\nkind: ExecCredential\nstatus: { token: t }\n---\nstatus: { token: u }\n`,
    },
    {
      name: 'a token of v1beta1',
      exec: { apiVersion: V1beta1, interactiveMode: undefined },
      prints: () => printed({ token: 't' }, V1beta1),
    },
    {
      name: 'a token with an expiry',
      prints: () => printed({ token: 't', expirationTimestamp: '2100-01-01T00:00:00Z' }),
    },
    {
      name: 'a certificate',
      prints: ({ client }) => printed({ clientCertificateData: client.cert, clientKeyData: client.key }),
    },
    {
      name: 'a certificate and a token',
      prints: ({ client }) => printed({ token: 't', clientCertificateData: client.cert, clientKeyData: client.key }),
    },
    {
      name: 'a token for somebody who acts as somebody else',
      prints: () => printed({ token: 't' }),
      user: { as: 'bob', 'as-groups': ['a'] },
    },
    { name: 'nothing, where there is a token', prints: () => printed({ token: 't' }), user: { token: 'own' } },
    { name: 'nothing, where there is a password', prints: () => printed({ token: 't' }), user: { username: 'own' } },
    {
      name: 'a token for a cluster that it is told of',
      exec: { provideClusterInfo: true },
      cluster: {
        'tls-server-name': 'other.example',
        extensions: [{ name: V1.replace('/v1', '/exec'), extension: { audience: 'a', list: [1] } }],
      },
      prints: () => printed({ token: 't' }),
    },
    {
      name: 'a token for a cluster with a path, of which there is nothing else to tell',
      exec: { provideClusterInfo: true, interactiveMode: 'IfAvailable' },
      prints: () => printed({ token: 't' }),
    },
    {
      name: 'a token for a cluster that is not verified, whose answers are not compressed',
      exec: { provideClusterInfo: true },
      cluster: {
        'insecure-skip-tls-verify': true,
        'certificate-authority-data': null,
        'disable-compression': true,
        extensions: [
          { name: V1.replace('/v1', '/exec'), extension: { apiVersion: 'example.com/v1', kind: 'Audience' } },
        ],
      },
      prints: () => printed({ token: 't' }),
    },
    {
      name: 'a token, with variables',
      exec: {
        env: [
          { name: 'OWN', value: 'x' },
          { name: 'CASE', value: 'other' },
          { name: 'KUBERNETES_EXEC_INFO', value: 'forged' },
        ],
      },
      prints: () => printed({ token: 't' }),
    },
  ];

  test.each(cases.map((row) => [row.name, row] as const))('they give %s', async (_, row) => {
    const { result, theirs, ours } = await both(row);
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(theirs.seen).toHaveLength(1);
    expect(await ours()).toEqual(theirs);
  });

  const refused: readonly (Case & { readonly says: string })[] = [
    { name: 'nothing', prints: () => '', says: 'got nothing' },
    { name: 'text', prints: () => 'token', says: 'expected an ExecCredential' },
    { name: 'text behind it', prints: () => `${printed({ token: 't' })} x`, says: 'expected JSON' },
    {
      name: 'a number in YAML',
      prints: () => `apiVersion: ${V1}\nkind: ExecCredential\nstatus:\n  token: 123\n`,
      says: 'status.token: expected a string',
    },
    { name: 'another kind', prints: () => printed({ token: 't' }, V1, 'Pod'), says: 'kind: expected ExecCredential' },
    { name: 'another version', prints: () => printed({ token: 't' }, V1beta1), says: `apiVersion: expected ${V1}` },
    { name: 'no status', prints: () => printed(undefined), says: 'status: missing' },
    { name: 'an empty status', prints: () => printed({}), says: 'expected a token' },
    { name: 'a token that is a number', prints: () => printed({ token: 5 }), says: 'status.token: expected a string' },
    { name: 'a token of two lines', prints: () => printed({ token: 'a\nb' }), says: 'contains a control character' },
    {
      name: 'an expiry that is none',
      prints: () => printed({ token: 't', expirationTimestamp: 'soon' }),
      says: 'RFC 3339',
    },
    {
      name: 'a certificate alone',
      prints: () => printed({ clientCertificateData: 'x' }),
      says: 'without clientKeyData',
    },
    { name: 'a key alone', prints: () => printed({ clientKeyData: 'x' }), says: 'without clientCertificateData' },
    { name: 'no PEM', prints: () => printed({ clientCertificateData: 'x', clientKeyData: 'y' }), says: 'expected PEM' },
    {
      name: 'a key of another certificate',
      prints: ({ ca, client }) => printed({ clientCertificateData: ca, clientKeyData: client.key }),
      says: 'cannot be used',
    },
    { name: 'an exit code', exec: { args: ['exit=3'] }, prints: () => '', says: 'failed with exit code 3' },
    { name: 'no program', exec: { command: 'no-such-plugin' }, prints: () => '', says: '"no-such-plugin" not found' },
    { name: 'no mode', exec: { interactiveMode: undefined }, prints: () => '', says: 'interactiveMode: required' },
    { name: 'no version', exec: { apiVersion: undefined }, prints: () => '', says: 'apiVersion: expected' },
    {
      name: 'a terminal that is not there',
      exec: { interactiveMode: 'Always' },
      prints: () => '',
      says: 'needs a terminal',
    },
    {
      name: 'a removed version',
      exec: { apiVersion: `${V1}alpha1` },
      prints: () => '',
      says: 'v1alpha1 has been removed',
    },
  ];

  test.each(refused.map((row) => [row.name, row] as const))('both refuse %s', async (_, row) => {
    const { result, ours } = await both(row);
    expect(result.code).not.toBe(0);
    await expect(ours()).rejects.toThrow(row.says);
    expect(server.take()).toEqual([]);
  });

  test('what a program says goes to the user, and what to do about one that is missing', async () => {
    const exec = { command: 'no-such-plugin', installHint: 'brew install it' };
    const { result, ours } = await both({ exec, prints: () => '' });
    expect(result.stderr).toMatch(
      /no-such-plugin not found.*client-go credential plugin that is not installed.*brew install it/s,
    );
    await expect(ours()).rejects.toThrow(
      /"no-such-plugin" not found.*credential plugin that is not installed.*brew install it/s,
    );
  });

  test.each(['gcp', 'azure', 'openstack'])('both refuse the provider %s, which has been removed', async (name) => {
    const kubeconfig = path.join(directory, 'config');
    await writeFile(kubeconfig, kubeconfigOf(server, { 'auth-provider': { name } }));
    const result: KubectlResult = await runKubectl(
      kubectl,
      ['get', '--raw', '/version', `--kubeconfig=${kubeconfig}`],
      {},
    );
    expect(result.code).not.toBe(0);
    await expect(askVersion({ kubeconfig, env: {} })).rejects.toThrow(
      `${kubeconfig}: user "c": auth-provider: the provider ${name} has been removed from Kubernetes: `,
    );
  });
});

async function count(file: string): Promise<number> {
  return (await readFile(file, 'utf8')).length;
}

/** What a plugin was told, and with which variables beside those of the shell that started it, and of {@link runKubectl}. */
async function infoOf(file: string): Promise<object> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  await rm(file, { force: true });
  const { env = {} } = JSON.parse(text) as { env?: Record<string, string> };
  const { KUBERNETES_EXEC_INFO: info = 'null', ...rest } = env;
  for (const name of ['PATH', 'HOME', 'PWD', '_', 'GOGC', 'GOMAXPROCS']) delete rest[name];
  return { info: JSON.parse(info) as unknown, env: rest };
}
