import { type Pod, pods } from '@client-ts/api/core/v1';
import { type KubernetesList, type KubernetesObject, NamespaceAll } from '@client-ts/apimachinery';
import { metaNamespaceKey } from '@client-ts/cache';
import { eachListItem } from '@client-ts/pager';
import { encodedObjects, RestClient } from '@client-ts/rest';
import { type Benchmark, type Contender, contest } from './benchmark.js';
import { memoryTransport } from './memory-transport.js';
import { podListChunks, podPages } from './pod-list.js';
import { eachPod } from './pods.js';

const host = 'http://in-memory.invalid';
const PageSize = 500;

/** So many take gigabytes, and each way seconds: there are fewer rounds, and of ways that do much the same one. */
const Heavy = 100_000;

/** A list of so many thousand pods. */
export function listDecoding(thousands: number): Benchmark {
  const size = thousands * 1000;
  const heavy = size >= Heavy;
  return {
    name: `list-${thousands}k`,
    title: 'a list of pods, from bytes to a Map',
    unit: 'pod',
    size,
    heavy,
    long: heavy,
    async prepare(count) {
      const whole = podListChunks(eachPod(0, count));
      const pages = podPages(count, PageSize);
      const transport = memoryTransport(({ searchParams }) => {
        const chunks = searchParams.has('limit') ? pages[Number(searchParams.get('continue') ?? 0)] : whole;
        return { chunks: chunks ?? [] };
      });
      const rest = new RestClient({ host, transport });
      const client = rest.resource(pods, NamespaceAll);
      const contender = (
        name: string,
        list: () => AsyncIterable<KubernetesObject> | Iterable<KubernetesObject>,
      ): Contender => ({
        name,
        async run() {
          const store = new Map<string, KubernetesObject>();
          for await (const pod of list()) store.set(metaNamespaceKey(pod), pod);
          return { units: store.size };
        },
      });
      return contest(
        {
          name: 'floor: JSON.parse of the whole',
          async run() {
            const { body } = await transport.request({ method: 'GET', url: new URL(host), headers: {} });
            const chunks: Uint8Array[] = [];
            for await (const chunk of body) chunks.push(chunk);
            const list = JSON.parse(Buffer.concat(chunks).toString('utf8')) as KubernetesList<Pod>;
            const store = new Map(list.items.map((pod) => [metaNamespaceKey(pod), pod]));
            return { units: store.size };
          },
        },
        {
          name: 'list()',
          async run() {
            const { items } = await client.list();
            const store = new Map(items.map((pod) => [metaNamespaceKey(pod), pod]));
            return { units: store.size };
          },
        },
        ...(heavy ? [] : [contender('listItems()', () => client.listItems())]),
        contender('listItems() without managed fields', () => client.listItems({ dropManagedFields: true })),
        contender('encodedObjects().listItems()', () => encodedObjects(rest, pods, NamespaceAll).listItems?.() ?? []),
        ...(heavy ? [] : [contender('eachListItem()', () => eachListItem(client, { limit: PageSize }))]),
        contender(`eachListItem() without managed fields, ${PageSize} a page`, () =>
          eachListItem(client, { limit: PageSize, dropManagedFields: true }),
        ),
      );
    },
  };
}
