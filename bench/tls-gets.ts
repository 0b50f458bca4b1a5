import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { namespaces } from '@client-ts/api/core/v1';
import { newCertificateAuthority } from '@client-ts/envtest';
import { readText, RestClient } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { Agent } from 'undici';
import type { Benchmark, Contender } from './benchmark.js';

/** So many requests are under way at any time: more than a pool should have sockets. */
const Concurrency = 100;

const Answer = JSON.stringify({
  kind: 'Namespace',
  apiVersion: 'v1',
  metadata: {
    name: 'default',
    uid: '0d8e1a0c',
    resourceVersion: '40',
    labels: { 'kubernetes.io/metadata.name': 'default' },
  },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
});

export const tlsGets: Benchmark = {
  name: 'tls-gets',
  title: `GETs over TLS on loopback, ${Concurrency} at a time`,
  unit: 'request',
  size: 3000,
  async prepare(size) {
    const authority = await newCertificateAuthority('authority of the benchmark');
    const server = await startServer(
      await authority.issue({ commonName: 'server of the benchmark', addresses: ['127.0.0.1'] }),
    );
    const ca = authority.cert;
    const keepAliveTimeout = 60_000;
    const unbounded = new Agent({ connect: { ca }, keepAliveTimeout });
    const bounded = new Agent({ connect: { ca }, keepAliveTimeout, connections: 32 });
    const transport = newTransport({ tls: { ca } });
    const url = new URL('/api/v1/namespaces/default', server.origin);
    const client = new RestClient({ host: server.origin, transport }).resource(namespaces);

    const contender = (name: string, get: () => Promise<unknown>): Contender => {
      let sockets = 0;
      const run = async (): Promise<{ units: number; counts: { sockets: number } }> => {
        const before = await server.connections();
        const units = await getMany(size, get);
        sockets += (await server.connections()) - before;
        return { units, counts: { sockets } };
      };
      return { name, run };
    };
    const undici = async (agent: Agent): Promise<unknown> => {
      const { body } = await agent.request({ method: 'GET', origin: url.origin, path: url.pathname });
      return body.json();
    };
    return {
      contenders: [
        contender('peer: undici, 32 connections', () => undici(bounded)),
        contender('undici, as it comes', () => undici(unbounded)),
        contender('@client-ts/transport', async () => {
          const { body } = await transport.request({ method: 'GET', url, headers: {} });
          return JSON.parse(await readText(body)) as unknown;
        }),
        contender('ResourceClient.get() over it', () => client.get('default')),
      ],
      async [Symbol.asyncDispose]() {
        await Promise.all([unbounded.destroy(), bounded.destroy(), transport[Symbol.asyncDispose]()]);
        await server[Symbol.asyncDispose]();
      },
    };
  },
};

/** Keeps `Concurrency` requests under way until `count` have been answered; resolves with how many were. */
async function getMany(count: number, get: () => Promise<unknown>): Promise<number> {
  let started = 0;
  let answered = 0;
  const worker = async (): Promise<void> => {
    while (started++ < count) if (await get()) answered++;
  };
  await Promise.all(Array.from({ length: Concurrency }, worker));
  return answered;
}

interface Server extends AsyncDisposable {
  readonly origin: string;
  /** Accepted so far. */
  connections(): Promise<number>;
}

async function startServer(certificate: { readonly cert: string; readonly key: string }): Promise<Server> {
  const child = fork(path.join(import.meta.dirname, 'tls-server.mjs'), { execArgv: [] });
  const ask = async (message: object): Promise<Record<string, number>> => {
    child.send(message);
    const [answer] = (await once(child, 'message')) as [Record<string, number>];
    return answer;
  };
  const { port } = await ask({ ...certificate, body: Answer });
  return {
    origin: `https://127.0.0.1:${port}`,
    connections: async () => (await ask({}))['connections'] ?? 0,
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
