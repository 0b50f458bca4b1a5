import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newCertificateAuthority } from '@client-ts/envtest';
import { runDemo } from './run-demo.js';

const Token = 'do-not-print-me';

interface Case {
  readonly name: string;
  /** Text of the kubeconfig, given the URLs of the servers below. */
  readonly kubeconfig: (servers: Servers) => string;
  readonly args?: readonly string[];
  /** What the one error has to name. */
  readonly names: (servers: Servers) => readonly (string | RegExp)[];
}

interface Servers {
  /** A kubeconfig file's path. */
  readonly file: string;
  /** Refuses every token. */
  readonly unauthorized: string;
  /** Knows no resource at all. */
  readonly empty: string;
  /** Finds every object invalid. */
  readonly strict: string;
  /** TLS, with a certificate of an authority that nobody trusts. */
  readonly untrusted: string;
  readonly otherCa: string;
}

const cases: readonly Case[] = [
  {
    name: 'unreachable host',
    kubeconfig: () => kubeconfigFor('http://127.0.0.1:1'),
    names: () => ['127.0.0.1:1', /refused/i],
  },
  {
    name: 'wrong CA',
    kubeconfig: ({ untrusted, otherCa }) =>
      kubeconfigFor(untrusted, `certificate-authority-data: ${Buffer.from(otherCa).toString('base64')}`),
    names: ({ untrusted }) => [new URL(untrusted).host, /certificate/i],
  },
  {
    name: 'expired token',
    kubeconfig: ({ unauthorized }) => kubeconfigFor(unauthorized),
    names: () => ['Unauthorized'],
  },
  {
    name: 'malformed kubeconfig',
    kubeconfig: () => 'apiVersion: v1\nclusters:\n  - name: "unclosed\n',
    names: ({ file }) => [file, /line \d|:\d+:\d+/],
  },
  {
    name: 'unknown context',
    kubeconfig: ({ empty }) => kubeconfigFor(empty),
    args: ['--context', 'staging'],
    names: () => ['staging', 'demo'],
  },
  {
    name: 'wrong resource: the server does not know the resource',
    kubeconfig: ({ empty }) => kubeconfigFor(empty),
    names: () => ['could not find the requested resource'],
  },
  {
    name: 'invalid object',
    kubeconfig: ({ strict }) => kubeconfigFor(strict),
    names: () => ['websites.demo.client-ts.dev', 'spec.scope: Unsupported value'],
  },
];

describe('bad input ends in one clear error', () => {
  const open: Server[] = [];
  let directory: string;
  let servers: Servers;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'client-ts-test-'));
    const authority = await newCertificateAuthority('nobody trusts me');
    const other = await newCertificateAuthority('somebody else');
    const certificate = await authority.issue({ commonName: 'server', addresses: ['127.0.0.1'] });
    const start = async (server: Server, scheme = 'http'): Promise<string> => {
      open.push(server);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
    servers = {
      file: path.join(directory, 'kubeconfig'),
      unauthorized: await start(createServer(answer(401, { reason: 'Unauthorized', message: 'Unauthorized' }))),
      empty: await start(
        createServer(answer(404, { reason: 'NotFound', message: 'the server could not find the requested resource' })),
      ),
      strict: await start(createServer(answer(422, invalidCRD))),
      untrusted: await start(
        createTlsServer({ cert: certificate.cert, key: certificate.key }, answer(200, {})),
        'https',
      ),
      otherCa: other.cert,
    };
  });

  afterAll(async () => {
    for (const server of open) {
      server.closeAllConnections();
      server.close();
    }
    await rm(directory, { recursive: true });
  });

  test.each(cases)('$name', async ({ kubeconfig, args = [], names }) => {
    await writeFile(servers.file, kubeconfig(servers));
    const { code, stdout, stderr } = await runDemo(['--kubeconfig', servers.file, ...args]);
    expect(code, stdout + stderr).toBe(1);
    for (const name of names(servers)) expect(stderr).toMatch(name);
    expect(stderr.match(/error:/g), stderr).toHaveLength(1);
    expect(stdout + stderr).not.toMatch(/^ +at /m);
    expect(stdout + stderr).not.toContain(Token);
  });

  test.each([
    { args: ['--context', 'x'], names: '--context needs --kubeconfig' },
    { args: ['--kubeconfig', '/does/not/exist'], names: '/does/not/exist' },
    { args: ['--sevre'], names: '--sevre' },
  ])('arguments $args', async ({ args, names }) => {
    const { code, stderr } = await runDemo(args);
    expect(code).toBe(1);
    expect(stderr).toContain(names);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

const invalidCRD = {
  reason: 'Invalid',
  message:
    'CustomResourceDefinition.apiextensions.k8s.io "websites.demo.client-ts.dev" is invalid: ' +
    'spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"',
};

function answer(code: number, status: Readonly<Record<string, string>>): RequestListener {
  return (_, response) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ apiVersion: 'v1', kind: 'Status', status: 'Failure', code, ...status }));
  };
}

function kubeconfigFor(server: string, clusterField = ''): string {
  return `apiVersion: v1
kind: Config
current-context: demo
clusters:
  - name: demo
    cluster:
      server: ${server}
      ${clusterField}
users:
  - name: demo
    user:
      token: ${Token}
contexts:
  - name: demo
    context: { cluster: demo, user: demo }
`;
}
