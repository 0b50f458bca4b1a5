import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, type LoadOptions } from '@client-ts/clientcmd';
import { type Config, openWebSocket, restClientFor } from '@client-ts/rest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { kubeconfigOf, toBase64 } from './ask-version.js';
import { type OidcIssuer, startOidcIssuer } from './oidc-issuer.js';
import { type RecordingServer, type Seen, startRecordingServer } from './recording-server.js';

/*
 * What a config is made of changes while requests are under way, and the server takes nothing but the latest at once. No request
 * fails. Plugins are in authentication.test.ts.
 */

let directory: string;
let server: RecordingServer;
const at = (name: string): string => path.join(directory, name);
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'rotation-'));
  server = await startRecordingServer();
});
afterEach(async () => {
  await issuer?.[Symbol.asyncDispose]();
  issuer = undefined;
  await server[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

interface Case {
  /** What there is at first; resolves with what loads it. */
  readonly setUp: () => Promise<LoadOptions>;
  /** Puts other content in the place of that of before, and has the server refuse the old. */
  readonly rotate: (name: string) => Promise<Partial<Seen>>;
}

async function kubeconfig(user: object, cluster: object = {}): Promise<LoadOptions> {
  await writeFile(at('config'), kubeconfigOf(server, user, cluster));
  return { kubeconfig: at('config'), env: {} };
}

/** Nobody sees a part of it. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(at(`${file}.new`), text);
  await rename(at(`${file}.new`), at(file));
}

const bearer = (token: string): readonly string[] => [`authorization: Bearer ${token}`];

const accept = (seen: Partial<Seen>): Partial<Seen> => {
  server.refuses = ({ identity, certificateOf }) =>
    (seen.identity !== undefined && identity.join() !== seen.identity.join()) ||
    (seen.certificateOf !== undefined && certificateOf !== seen.certificateOf);
  return seen;
};

async function writeCertificate(name: string): Promise<void> {
  const { cert, key } = await server.issue(name);
  // One after the other, as most programs do: the certificate matches no key in between.
  await writeFile(at('client.crt'), cert);
  await writeFile(at('client.key'), key);
}

/** As kubelet does: all files of a volume change at once, by one link. */
async function mount(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(at(name));
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(at(name), file), text);
  await symlink(name, at('..data.new'));
  await rename(at('..data.new'), at('..data'));
}

const withCertificate = { 'client-certificate': 'client.crt', 'client-key': 'client.key' };

let trusted: string;
let issuer: OidcIssuer | undefined;
const outdated = new Set<string>();

const cases: Readonly<Record<string, Case>> = {
  'a token file': {
    async setUp() {
      await writeFile(at('token'), 'first');
      return kubeconfig({ tokenFile: 'token' });
    },
    async rotate(name) {
      await replace('token', name);
      return accept({ identity: bearer(name) });
    },
  },
  'a client certificate and its key': {
    async setUp() {
      await writeCertificate('first');
      return kubeconfig(withCertificate);
    },
    async rotate(name) {
      await writeCertificate(name);
      return accept({ certificateOf: name });
    },
  },
  'an authority': {
    async setUp() {
      await writeFile(at('ca.crt'), (trusted = server.ca));
      return kubeconfig({ token: 't' }, { 'certificate-authority': 'ca.crt', 'certificate-authority-data': '' });
    },
    async rotate() {
      // The new one is trusted before the server shows it, and the old one until then.
      await server.renew((ca) => replace('ca.crt', `${trusted}\n${(trusted = ca)}`));
      await replace('ca.crt', trusted);
      return { identity: bearer('t') };
    },
  },
  'an ID token, whose provider takes each refresh token once': {
    async setUp() {
      issuer = await startOidcIssuer();
      const config = {
        'idp-issuer-url': issuer.url,
        'client-id': 'kubernetes',
        'idp-certificate-authority-data': toBase64(issuer.ca),
        'id-token': issuer.idToken({ sub: 'jane', expiresInSeconds: 3600 }),
        'refresh-token': issuer.refreshToken,
      };
      return kubeconfig({ 'auth-provider': { name: 'oidc', config } });
    },
    rotate() {
      for (const { identity } of server.take()) outdated.add(identity.join());
      server.refuses = ({ identity }) => outdated.has(identity.join());
      return Promise.resolve({ identity: [expect.stringMatching(/^authorization: Bearer ./) as string] });
    },
  },
  'token and authority of a pod': {
    async setUp() {
      await mount('..first', { token: 'first', 'ca.crt': (trusted = server.ca), namespace: 'web' });
      for (const file of ['token', 'ca.crt', 'namespace']) await symlink(path.join('..data', file), at(file));
      const env = { HOME: directory, KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: `${server.port}` };
      return { env, serviceAccountDirectory: directory };
    },
    async rotate(name) {
      await server.renew((ca) =>
        mount(`..${name}`, { token: name, 'ca.crt': `${trusted}\n${(trusted = ca)}`, namespace: 'web' }),
      );
      return accept({ identity: bearer(name) });
    },
  },
};

const ask = (config: Config): Promise<unknown> => restClientFor(config).json({ method: 'GET', target: '/version' });

test.each(Object.entries(cases))('%s', async (_, { setUp, rotate }) => {
  const config = await loadConfig(await setUp());
  await using _transport = config.transport;
  const stop = new AbortController();
  const failures: unknown[] = [];
  const load = Array.from({ length: 4 }, async () => {
    while (!stop.signal.aborted) await ask(config).catch((error: unknown) => failures.push(error));
  });
  try {
    for (const name of ['second', 'third']) {
      for (let count = 0; count < 5; count++) await ask(config);
      const shown = await rotate(name);
      server.take();
      for (let count = 0; count < 5; count++) await ask(config);
      // Among them, and the last ones of others that were under way.
      expect(server.take()).toContainEqual(expect.objectContaining(shown));
    }
  } finally {
    stop.abort();
    await Promise.all(load);
  }
  expect(failures).toEqual([]);
  if (issuer) expect(issuer.take()).toHaveLength(2);
});

test('a WebSocket is opened with a certificate that has just been renewed', async () => {
  await writeCertificate('first');
  const config = await loadConfig(await kubeconfig(withCertificate));
  await using _transport = config.transport;
  await ask(config);
  await writeCertificate('second');
  accept({ certificateOf: 'second' });
  const opening = openWebSocket(restClientFor(config), { target: '/exec' }, { protocols: ['v5.channel.k8s.io'] });
  await expect(opening).rejects.toMatchObject({ code: 403 });
  expect(server.take().map(({ certificateOf }) => certificateOf)).toEqual(['first', 'first', 'second']);
});
