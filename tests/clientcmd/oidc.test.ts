import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, loadKubeconfig } from '@client-ts/clientcmd';
import { restClientFor } from '@client-ts/rest';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { askVersion, kubeconfigOf, seen, toBase64 } from './ask-version.js';
import { runKubectl } from './kubectl.js';
import { type OidcIssuer, startOidcIssuer } from './oidc-issuer.js';
import { type RecordingServer, startRecordingServer } from './recording-server.js';

let directory: string;
let kubeconfig: string;
let server: RecordingServer;
let issuer: OidcIssuer;
beforeAll(async () => {
  server = await startRecordingServer();
});
beforeEach(async () => {
  // One for each test: tokens are kept for a file, a user and an issuer.
  directory = await mkdtemp(path.join(tmpdir(), 'oidc-'));
  kubeconfig = path.join(directory, 'config');
  issuer = await startOidcIssuer();
});
afterEach(async () => {
  await issuer[Symbol.asyncDispose]();
  server.refuses = () => false;
  server.take();
  await rm(directory, { recursive: true });
});
afterAll(() => server[Symbol.asyncDispose]());

const expired = (): string => issuer.idToken({ sub: 'jane', expiresInSeconds: -1 });

async function write(config: Readonly<Record<string, string>>): Promise<void> {
  const all = {
    'idp-issuer-url': issuer.url,
    'client-id': 'kubernetes',
    'client-secret': 's3cret',
    'idp-certificate-authority-data': toBase64(issuer.ca),
    ...config,
  };
  await writeFile(kubeconfig, kubeconfigOf(server, { 'auth-provider': { name: 'oidc', config: all } }));
}

async function stored(): Promise<Readonly<Record<string, string>>> {
  const { users } = await loadKubeconfig({ kubeconfig });
  return users.get('c')?.value['auth-provider']?.config ?? {};
}

const ask = (): Promise<void> => askVersion({ kubeconfig, env: {} });

test('a token that has expired is refreshed once for many clients, and kept in the kubeconfig', async () => {
  await write({ 'id-token': expired(), 'refresh-token': issuer.refreshToken });
  await Promise.all(Array.from({ length: 10 }, ask));
  const { 'id-token': idToken, 'refresh-token': refreshToken } = await stored();
  expect(issuer.take()).toHaveLength(1);
  expect(refreshToken).toBe('refresh-1');
  expect(new Set(seen(server).flatMap(({ identity }) => identity))).toEqual(
    new Set([`authorization: Bearer ${idToken}`]),
  );
});

test('a token that is refused is refreshed, and the request is sent again', async () => {
  const refused = issuer.idToken({ sub: 'jane', expiresInSeconds: 3600 });
  await write({ 'id-token': refused, 'refresh-token': issuer.refreshToken });
  server.refuses = ({ identity }) => identity.includes(`authorization: Bearer ${refused}`);
  await ask();
  expect(seen(server)).toHaveLength(2);
  expect((await stored())['id-token']).not.toBe(refused);
});

test('what another program has put into the kubeconfig is used instead of a refresh', async () => {
  const brief = issuer.idToken({ sub: 'jane', expiresInSeconds: 3600 });
  await write({ 'id-token': brief, 'refresh-token': issuer.refreshToken });
  const config = await loadConfig({ kubeconfig, env: {} });
  await using _transport = config.transport;
  const theirs = issuer.idToken({ sub: 'jane', expiresInSeconds: 1800 });
  await write({ 'id-token': theirs, 'refresh-token': 'theirs' });
  server.refuses = ({ identity }) => identity.includes(`authorization: Bearer ${brief}`);
  await restClientFor(config).json({ method: 'GET', target: '/version' });
  expect(seen(server).at(-1)?.identity).toEqual([`authorization: Bearer ${theirs}`]);
  expect(issuer.take()).toEqual([]);
});

test('a refresh token that is used up is an error that says what to do', async () => {
  await write({ 'id-token': expired(), 'refresh-token': 'used-up' });
  await expect(ask()).rejects.toThrow(
    `${kubeconfig}: user "c": auth-provider: ${issuer.url.slice('https://'.length)}/token: the token was not refreshed: 400 "invalid_grant"; the refresh token is no longer good: sign in again`,
  );
  expect(server.take()).toEqual([]);
});

test('a provider that nobody vouches for gets no refresh token', async () => {
  await write({
    'id-token': expired(),
    'refresh-token': issuer.refreshToken,
    'idp-certificate-authority-data': toBase64(server.ca),
  });
  await expect(ask()).rejects.toThrow(
    /user "c": auth-provider: 127\.0\.0\.1:\d+\/\.well-known\/openid-configuration: /,
  );
  expect(issuer.take()).toEqual([]);
});

describeReal('an ID token is refreshed as kubectl refreshes it', ['kubectl'], ({ kubectl }) => {
  const askAsKubectl = async (): Promise<void> => {
    const result = await runKubectl(kubectl, ['get', '--raw', '/version', `--kubeconfig=${kubeconfig}`], {
      HOME: directory,
    });
    expect([result.code, result.stderr]).toEqual([0, '']);
  };

  test.each<[string, () => Record<string, string>, { authorization?: undefined; form?: object }]>([
    ['with a secret', () => ({}), {}],
    ['from where redirects lead, though that is another issuer', () => ({ 'idp-issuer-url': issuer.oldUrl }), {}],
    // kubectl tries an empty password first, which no provider has given to anybody.
    [
      'without a secret',
      () => ({ 'client-secret': '' }),
      { authorization: undefined, form: { client_id: 'kubernetes' } },
    ],
  ])('%s', async (_, config, otherwise) => {
    for (const [before, client] of [askAsKubectl, ask].entries()) {
      await write({ 'id-token': expired(), 'refresh-token': issuer.refreshToken, ...config() });
      await client();
      expect(await stored()).toMatchObject({ 'refresh-token': `refresh-${before + 1}` });
      expect(seen(server)).toEqual([
        expect.objectContaining({ identity: [`authorization: Bearer ${(await stored())['id-token']}`] }),
      ]);
    }
    const [theirs, ours] = issuer.take();
    expect(ours).toEqual({
      ...theirs,
      ...otherwise,
      form: { ...theirs?.form, ...otherwise.form, refresh_token: 'refresh-1' },
    });
  });

  test('a token that is good is left alone, by both', async () => {
    const idToken = issuer.idToken({ sub: 'jane', expiresInSeconds: 600 });
    await write({ 'id-token': idToken, 'refresh-token': issuer.refreshToken });
    const text = await readFile(kubeconfig, 'utf8');
    await askAsKubectl();
    await ask();
    expect(seen(server).map(({ identity }) => identity)).toEqual(
      Array.from({ length: 2 }, () => [`authorization: Bearer ${idToken}`]),
    );
    expect(await readFile(kubeconfig, 'utf8')).toBe(text);
    expect(issuer.take()).toEqual([]);
  });

  test.each([
    ['no refresh token', { 'refresh-token': '' }, 'there is no refresh-token'],
    ['a refresh token that is used up', { 'refresh-token': 'used-up' }, 'sign in again'],
    ['no address', { 'idp-issuer-url': '' }, 'idp-issuer-url: required'],
    ['no client', { 'client-id': '' }, 'client-id: required'],
  ])('both refuse %s', async (_, config, says) => {
    await write({ 'id-token': expired(), ...config });
    const result = await runKubectl(kubectl, ['get', '--raw', '/version', `--kubeconfig=${kubeconfig}`], {
      HOME: directory,
    });
    expect(result.code).not.toBe(0);
    await expect(ask()).rejects.toThrow(says);
  });
});
