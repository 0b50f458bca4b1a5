import { type Pod, pods } from '@client-ts/api/core/v1';
import { type KubernetesList, NamespaceAll } from '@client-ts/apimachinery';
import { metaNamespaceKey } from '@client-ts/cache';
import { eachListItem } from '@client-ts/pager';
import { RestClient } from '@client-ts/rest';
import { type Benchmark, contest } from './benchmark.js';
import { memoryTransport } from './memory-transport.js';
import { podListChunks, podPages } from './pod-list.js';
import { makePods } from './pods.js';

const PageSize = 500;

export const listDecoding: Benchmark = {
  name: 'list',
  title: 'a list of pods, from bytes to a Map',
  unit: 'pod',
  size: 10_000,
  async prepare(size) {
    const objects = makePods(size);
    const whole = podListChunks(objects);
    const pages = podPages(objects, PageSize);
    const transport = memoryTransport(({ searchParams }) => {
      const chunks = searchParams.has('limit') ? pages[Number(searchParams.get('continue') ?? 0)] : whole;
      return { chunks: chunks ?? [] };
    });
    const client = new RestClient({ host: 'http://in-memory.invalid', transport }).resource(pods, NamespaceAll);
    return contest(
      {
        name: 'floor: JSON.parse of the whole',
        run() {
          const list = JSON.parse(Buffer.concat(whole).toString('utf8')) as KubernetesList<Pod>;
          const store = new Map(list.items.map((pod) => [metaNamespaceKey(pod), pod]));
          return { units: store.size };
        },
      },
      {
        name: 'ResourceClient.list()',
        async run() {
          const { items } = await client.list();
          const store = new Map(items.map((pod) => [metaNamespaceKey(pod), pod]));
          return { units: store.size };
        },
      },
      {
        name: `eachListItem(), ${PageSize} a page`,
        async run() {
          const store = new Map<string, Pod>();
          for await (const pod of eachListItem(client, { limit: PageSize })) store.set(metaNamespaceKey(pod), pod);
          return { units: store.size };
        },
      },
    );
  },
};
