import { namespaces } from '@client-ts/api/core/v1';
import { readText, RestClient } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { Agent } from 'undici';
import type { Benchmark, Contender, Outcome } from './benchmark.js';
import { clientNode } from './client-node.js';
import { getSteadily } from './get-many.js';
import { startTlsServer } from './tls-server.js';

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

/** GETs over TLS, as many at a time as asked for. */
export function tlsGets(concurrency: number): Benchmark {
  return {
    name: `tls-gets-${concurrency}`,
    title: `GETs over TLS on loopback, ${concurrency === 1 ? 'one after the other' : `${concurrency} at a time`}`,
    unit: 'request',
    size: 1000,
    async prepare(size) {
      const server = await startTlsServer(Answer);
      const { origin, ca } = server;
      const keepAliveTimeout = 60_000;
      const bounded = new Agent({ connect: { ca }, keepAliveTimeout, connections: 32 });
      const unbounded = new Agent({ connect: { ca }, keepAliveTimeout });
      const transport = newTransport({ tls: { ca } });
      const url = new URL('/api/v1/namespaces/default', origin);
      const client = new RestClient({ host: origin, transport }).resource(namespaces);
      const peer = clientNode(origin, ca);

      const contender = (name: string, get: () => Promise<unknown>): Contender => {
        let sockets = 0;
        const run = async (): Promise<Outcome> => {
          const before = await server.connections();
          const outcome = await getSteadily(size, concurrency, get);
          sockets += (await server.connections()) - before;
          return { ...outcome, counts: { sockets } };
        };
        return { name, run };
      };
      const undici = async (agent: Agent): Promise<unknown> => {
        const { body } = await agent.request({ method: 'GET', origin, path: url.pathname });
        return body.json();
      };
      const crowd = concurrency > 1;
      return {
        contenders: [
          contender('peer: undici, one Agent, 32 connections', () => undici(bounded)),
          ...(crowd ? [contender('the same without a limit', () => undici(unbounded))] : []),
          contender('@client-ts/transport', async () => {
            const { body } = await transport.request({ method: 'GET', url, headers: {} });
            return JSON.parse(await readText(body)) as unknown;
          }),
          contender('ResourceClient.get() over it', () => client.get('default')),
          contender('@kubernetes/client-node', () => peer.readNamespace({ name: 'default' })),
        ],
        async [Symbol.asyncDispose]() {
          await Promise.all([unbounded.destroy(), bounded.destroy(), transport[Symbol.asyncDispose]()]);
          await server[Symbol.asyncDispose]();
        },
      };
    },
  };
}
