import { type Pod, pods } from '@client-ts/api/core/v1';
import { type EncodedObject, NamespaceAll, type Watch } from '@client-ts/apimachinery';
import { metaNamespaceKey } from '@client-ts/cache';
import { encodedObjects, RestClient } from '@client-ts/rest';
import { type Benchmark, type Contender, contest } from './benchmark.js';
import { parseLines } from './line-floor.js';
import { chunksOf, memoryTransport } from './memory-transport.js';
import { makePods } from './pods.js';

const host = 'http://in-memory.invalid';

export const watchDecoding: Benchmark = {
  name: 'watch',
  title: 'a watch of pods, from bytes to a Map',
  unit: 'event',
  size: 10_000,
  async prepare(size) {
    const events = makePods(size).map((object) => `${JSON.stringify({ type: 'MODIFIED', object })}\n`);
    const chunks = chunksOf(events.join(''));
    const transport = memoryTransport(() => ({ chunks }));
    const rest = new RestClient({ host, transport });
    const client = rest.resource(pods, NamespaceAll);
    const contender = (name: string, watch: () => Watch<Pod | EncodedObject<Pod>>): Contender => ({
      name,
      async run() {
        const store = new Map<string, Pod | EncodedObject<Pod>>();
        for await (const { type, object } of watch()) {
          if (type !== 'BOOKMARK') store.set(metaNamespaceKey(object), object);
        }
        return { units: store.size };
      },
    });
    return contest(
      {
        name: 'floor: cut lines, JSON.parse',
        async run() {
          const store = new Map<string, Pod>();
          const { body } = await transport.request({ method: 'GET', url: new URL(host), headers: {} });
          await parseLines(body, (event) => {
            const { object } = event as { object: Pod };
            store.set(metaNamespaceKey(object), object);
          });
          return { units: store.size };
        },
      },
      contender('watch()', () => client.watch()),
      contender('watch() without managed fields', () => client.watch({ dropManagedFields: true })),
      contender('encodedObjects().watch()', () => encodedObjects(rest, pods, NamespaceAll).watch()),
    );
  },
};
