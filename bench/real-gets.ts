import { namespaces } from '@client-ts/api/core/v1';
import { coreV1Table } from '@client-ts/api/core/v1/protobuf';
import { Environment } from '@client-ts/envtest';
import { RestClient } from '@client-ts/rest';
import { protobuf } from '@client-ts/serializer/protobuf';
import { Agent } from 'undici';
import type { Benchmark, Contender } from './benchmark.js';
import { buildClientGo, missingGo } from './client-go.js';
import { getSteadily } from './get-many.js';
import { missingServer } from './missing-server.js';

/** GETs of one namespace from a real kube-apiserver over TLS, as many at a time as asked for. */
export function realGets(concurrency: number): Benchmark {
  return {
    name: `real-gets-${concurrency}`,
    title: `GETs from kube-apiserver, ${concurrency === 1 ? 'one after the other' : `${concurrency} at a time`}`,
    unit: 'request',
    size: concurrency === 1 ? 1000 : 5000,
    heavy: true,
    missing: () => missingServer() ?? missingGo(),
    async prepare(size) {
      const peer = await buildClientGo();
      const environment = await Environment.start();
      const { config, kubeconfig } = environment;
      const agent = new Agent({ connect: config.tls ?? {}, keepAliveTimeout: 60_000, connections: 32 });
      const client = new RestClient(config).resource(namespaces);
      // As client-go does.
      const inProtobuf = new RestClient({ ...config, codecs: [protobuf(coreV1Table)] }).resource(namespaces);
      const contender = (name: string, get: () => Promise<unknown>): Contender => ({
        name,
        run: () => getSteadily(size, concurrency, get),
      });
      return {
        contenders: [
          { name: 'peer: client-go', run: () => peer.gets({ kubeconfig, requests: size, concurrency }) },
          contender('undici, one Agent, 32 connections', async () => {
            const path = '/api/v1/namespaces/default';
            const { body } = await agent.request({ method: 'GET', origin: config.host, path });
            return body.json();
          }),
          contender('ResourceClient.get()', () => client.get('default')),
          contender('ResourceClient.get() in protobuf', () => inProtobuf.get('default')),
        ],
        async [Symbol.asyncDispose]() {
          await agent.destroy();
          await environment[Symbol.asyncDispose]();
        },
      };
    },
  };
}
