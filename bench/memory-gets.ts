import { pods } from '@client-ts/api/core/v1';
import { ApiServer } from '@client-ts/apiserver';
import { readText, RestClient } from '@client-ts/rest';
import type { Benchmark } from './benchmark.js';
import { chunksOf, memoryTransport } from './memory-transport.js';
import { makePods } from './pods.js';

export const memoryGets: Benchmark = {
  name: 'memory-gets',
  title: 'GETs of a pod, one after the other, without a network',
  unit: 'request',
  size: 5000,
  async prepare(size) {
    const objects = makePods(1);
    const { namespace = '', name = '' } = objects[0]?.metadata ?? {};
    const chunks = chunksOf(JSON.stringify(objects[0]));
    const transport = memoryTransport(() => ({ chunks }));
    const url = new URL(`http://in-memory.invalid/api/v1/namespaces/${namespace}/pods/${name}`);
    const client = new RestClient({ host: url.origin, transport }).resource(pods, namespace);
    const server = new ApiServer({ objects });
    const served = new RestClient(server.config()).resource(pods, namespace);
    const repeat = async (get: () => Promise<unknown>): Promise<{ units: number }> => {
      let units = 0;
      for (let request = 0; request < size; request++) if (await get()) units++;
      return { units };
    };
    return {
      contenders: [
        {
          name: 'floor: the transport, JSON.parse',
          run: () =>
            repeat(async () => {
              const response = await transport.request({ method: 'GET', url, headers: {} });
              return JSON.parse(await readText(response.body)) as unknown;
            }),
        },
        { name: 'ResourceClient.get()', run: () => repeat(() => client.get(name)) },
        { name: 'the same from the ApiServer in memory', run: () => repeat(() => served.get(name)) },
      ],
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};
