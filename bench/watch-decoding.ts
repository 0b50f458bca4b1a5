import { type Pod, pods } from '@client-ts/api/core/v1';
import { NamespaceAll } from '@client-ts/apimachinery';
import { metaNamespaceKey } from '@client-ts/cache';
import { RestClient } from '@client-ts/rest';
import { type Benchmark, contest } from './benchmark.js';
import { parseLines } from './line-floor.js';
import { chunksOf, memoryTransport } from './memory-transport.js';
import { makePods } from './pods.js';

export const watchDecoding: Benchmark = {
  name: 'watch',
  title: 'a watch of pods, from bytes to a Map',
  unit: 'event',
  size: 10_000,
  async prepare(size) {
    const events = makePods(size).map((object) => `${JSON.stringify({ type: 'MODIFIED', object })}\n`);
    const chunks = chunksOf(events.join(''));
    const transport = memoryTransport(() => ({ chunks }));
    const client = new RestClient({ host: 'http://in-memory.invalid', transport }).resource(pods, NamespaceAll);
    return contest(
      {
        name: 'floor: cut lines, JSON.parse',
        run() {
          const store = new Map<string, Pod>();
          parseLines(chunks, (event) => {
            const { object } = event as { object: Pod };
            store.set(metaNamespaceKey(object), object);
          });
          return { units: store.size };
        },
      },
      {
        name: 'ResourceClient.watch()',
        async run() {
          const store = new Map<string, Pod>();
          for await (const { type, object } of client.watch()) {
            if (type !== 'BOOKMARK') store.set(metaNamespaceKey(object), object);
          }
          return { units: store.size };
        },
      },
    );
  },
};
