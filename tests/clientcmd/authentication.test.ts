import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '@client-ts/clientcmd';
import { type Config, restClientFor } from '@client-ts/rest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kubeconfigOf } from './ask-version.js';
import { type RecordingServer, startRecordingServer } from './recording-server.js';

/*
 * What a server really sees of those who authenticate in ways that change while a program runs. Needs no kubectl; that all
 * else is as with kubectl is in the tests beside this one.
 */

const Plugin = fileURLToPath(new URL('../../packages/auth/src/testdata/plugin.mjs', import.meta.url));
const apiVersion = 'client.authentication.k8s.io/v1';

let directory: string;
let server: RecordingServer;
const open: Config[] = [];
const at = (name: string): string => path.join(directory, name);

beforeAll(async () => {
  server = await startRecordingServer();
});
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'authentication-'));
});
afterEach(async () => {
  for (const config of open.splice(0)) await config.transport?.[Symbol.asyncDispose]();
  server.refuses = () => false;
  server.take();
  await rm(directory, { recursive: true });
});
afterAll(() => server[Symbol.asyncDispose]());

/** A config whose user is asked of a plugin that prints what is in the file `credential` at the time. */
async function withPlugin(file = 'config'): Promise<Config> {
  const args = [Plugin, `count=${at('runs')}`, `read=${at('credential')}`];
  const exec = { command: process.execPath, args, apiVersion, interactiveMode: 'Never' };
  return withUser({ exec }, {}, file);
}

async function withUser(user: object, cluster: object = {}, file = 'config'): Promise<Config> {
  await writeFile(at(file), kubeconfigOf(server, user, cluster));
  return load(at(file));
}

async function load(kubeconfig: string): Promise<Config> {
  const config = await loadConfig({ kubeconfig, env: process.env });
  open.push(config);
  return config;
}

const giveCredential = (status: object): Promise<void> =>
  writeFile(at('credential'), JSON.stringify({ kind: 'ExecCredential', apiVersion, status }));

const runs = async (): Promise<number> => (await readFile(at('runs'), 'utf8')).length;

const ask = (config: Config): Promise<unknown> => restClientFor(config).json({ method: 'GET', target: '/version' });

const identities = (): string[] =>
  server.take().map(({ identity, certificateOf }) => [certificateOf, ...identity].join(' ').trim());

describe('a plugin', () => {
  test('runs once for many first calls, of several clients', async () => {
    await giveCredential({ token: 't' });
    const [one, two] = [await withPlugin(), await load(at('config'))];
    await Promise.all(Array.from({ length: 20 }, (_, index) => ask(index % 2 === 0 ? one : two)));
    expect(identities()).toEqual(Array.from({ length: 20 }, () => 'authorization: Bearer t'));
    expect(await runs()).toBe(1);
  });

  test('runs again when its token is refused, and the request is sent again', async () => {
    await giveCredential({ token: 'old' });
    const config = await withPlugin();
    await ask(config);
    await giveCredential({ token: 'new' });
    server.refuses = ({ identity }) => identity.includes('authorization: Bearer old');
    await Promise.all(Array.from({ length: 10 }, () => ask(config)));
    expect(identities().filter((identity) => identity === 'authorization: Bearer new')).toHaveLength(10);
    expect(await runs()).toBe(2);
  });

  test('that has nothing else to give leaves the refusal to the caller', async () => {
    await giveCredential({ token: 'old' });
    const config = await withPlugin();
    server.refuses = () => true;
    await expect(ask(config)).rejects.toMatchObject({ code: 401 });
    expect(await runs()).toBe(2);
  });

  test('may change the certificate: connections of the new one are used, for WebSockets, too', async () => {
    const [one, two] = [await server.issue('one'), await server.issue('two')];
    await giveCredential({ clientCertificateData: one.cert, clientKeyData: one.key });
    const config = await withPlugin();
    await ask(config);
    await giveCredential({ clientCertificateData: two.cert, clientKeyData: two.key });
    server.refuses = ({ certificateOf }) => certificateOf === 'one';
    const url = new URL(`https://127.0.0.1:${server.port}/exec`);
    const answer = await config.transport?.openWebSocket?.({ url, headers: {}, protocols: ['v5.channel.k8s.io'] });
    await answer?.discard();
    await ask(config);
    expect(identities()).toEqual(['one', 'one', 'two', 'two']);
    expect(answer?.status).toBe(403);
    expect(await runs()).toBe(2);
  });

  test('may change token and certificate under load, and no request fails', async () => {
    const names = ['a', 'b', 'c'];
    const pairs = await Promise.all(names.map((name) => server.issue(name)));
    const status = (index: number): object => ({
      token: names[index],
      clientCertificateData: pairs[index]?.cert,
      clientKeyData: pairs[index]?.key,
    });
    await giveCredential(status(0));
    const config = await withPlugin();
    const stop = new AbortController();
    const load = Array.from({ length: 8 }, async () => {
      while (!stop.signal.aborted) await ask(config);
    });
    for (const [index, name] of names.entries()) {
      await giveCredential(status(index));
      server.refuses = ({ identity }) => !identity.includes(`authorization: Bearer ${name}`);
      for (let count = 0; count < 20; count++) await ask(config);
      // Among the last ones of others that were under way.
      expect(server.take()).toContainEqual(expect.objectContaining({ certificateOf: name }));
    }
    stop.abort();
    await Promise.all(load);
    expect(await runs()).toBe(names.length);
  });

  test('of one kubeconfig does not serve a user of the same name in another', async () => {
    await giveCredential({ token: 'one' });
    const one = await withPlugin();
    const args = [
      '-e',
      `console.log(${JSON.stringify(JSON.stringify({ kind: 'ExecCredential', apiVersion, status: { token: 'two' } }))})`,
    ];
    const two = await withUser(
      { exec: { command: process.execPath, args, apiVersion, interactiveMode: 'Never' } },
      {},
      'two',
    );
    await ask(one);
    await ask(two);
    await ask(one);
    expect(identities()).toEqual(['one', 'two', 'one'].map((token) => `authorization: Bearer ${token}`));
  });
});

describe('files', () => {
  test('with a token that is refused are read again, and no request fails', async () => {
    await writeFile(at('token'), 'old\n');
    const config = await withUser({ tokenFile: 'token' });
    await ask(config);
    await writeFile(at('token'), 'new\n');
    server.refuses = ({ identity }) => identity.includes('authorization: Bearer old');
    await Promise.all(Array.from({ length: 10 }, () => ask(config)));
    expect(identities().filter((identity) => identity === 'authorization: Bearer new')).toHaveLength(10);
  });

  test('with authorities are read again when the server is known by another one', async () => {
    await writeFile(at('ca.pem'), server.ca);
    const config = await withUser(
      { token: 't' },
      { 'certificate-authority': 'ca.pem', 'certificate-authority-data': '' },
    );
    await ask(config);
    const fresh = await startRecordingServer();
    try {
      const cluster = {
        server: `https://127.0.0.1:${fresh.port}`,
        'certificate-authority': 'ca.pem',
        'certificate-authority-data': '',
      };
      const other = await withUser({ token: 't' }, cluster, 'other');
      await fresh.renew((ca) => writeFile(at('ca.pem'), ca));
      await ask(other);
      expect(fresh.take()).toHaveLength(1);
    } finally {
      await fresh[Symbol.asyncDispose]();
    }
  });

  test('are shared by all configs of them: one connection is enough', async () => {
    await writeFile(at('ca.pem'), server.ca);
    const cluster = { 'certificate-authority': 'ca.pem', 'certificate-authority-data': '' };
    const [one, two] = [await withUser({ token: 't' }, cluster), await load(at('config'))];
    await ask(one);
    await ask(two);
    const connections = server.take().map(({ connection }) => connection);
    expect(connections).toHaveLength(2);
    expect(new Set(connections).size).toBe(1);
  });
});

test('a server without TLS gets no credential, and works', async () => {
  const seen: (string | undefined)[] = [];
  const plain = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  try {
    const { port } = plain.address() as AddressInfo;
    const config = await withUser(
      { token: 't' },
      { server: `http://127.0.0.1:${port}`, 'certificate-authority-data': '' },
    );
    await ask(config);
    expect(seen).toEqual([undefined]);
  } finally {
    plain.close();
    plain.closeAllConnections();
  }
});
