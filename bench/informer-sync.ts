import { type Pod, pods } from '@client-ts/api/core/v1';
import { InitialEventsAnnotation, type ListerWatcher, NamespaceAll, type WatchEvent } from '@client-ts/apimachinery';
import { DeltaFIFO, metaNamespaceKey, SharedIndexInformer, type SharedIndexInformerOptions } from '@client-ts/cache';
import { RestClient } from '@client-ts/rest';
import { type Benchmark, contest } from './benchmark.js';
import { parseLines } from './line-floor.js';
import { chunksOf, memoryTransport } from './memory-transport.js';
import { podPages } from './pod-list.js';
import { makePods } from './pods.js';

export const informerSync: Benchmark = {
  name: 'informer',
  title: 'the first sync of an informer, with a handler that is told of each pod',
  unit: 'pod',
  size: 10_000,
  async prepare(size) {
    const objects = makePods(size);
    const initialEvents = chunksOf(watchListText(objects));
    const pages = podPages(size, 500);
    const transport = memoryTransport(({ searchParams }) => {
      if (searchParams.has('sendInitialEvents')) return { chunks: initialEvents, open: true };
      if (searchParams.has('watch')) return { chunks: [], open: true };
      return { chunks: pages[Number(searchParams.get('continue') ?? 0)] ?? [] };
    });
    const source = new RestClient({ host: 'http://in-memory.invalid', transport }).resource(pods, NamespaceAll);
    return contest(
      {
        name: 'floor: cut lines, JSON.parse, Map',
        async run() {
          const store = new Map<string, Pod>();
          await parseLines(initialEvents, (event) => {
            const { type, object } = event as WatchEvent<Pod>;
            if (type === 'ADDED') store.set(metaNamespaceKey(object), object);
          });
          return { units: store.size };
        },
      },
      { name: 'RealFIFO, watch with initial events', run: () => sync(source, {}) },
      {
        name: 'DeltaFIFO, watch with initial events',
        run: () => sync(source, { newQueue: (options, knownObjects) => new DeltaFIFO({ ...options, knownObjects }) }),
      },
      { name: 'RealFIFO, list in pages of 500', run: () => sync(source, { watchList: false }) },
    );
  },
};

/** The events of a watch that begins with what there is (KEP-3157), and the bookmark that ends them. */
function watchListText(objects: readonly Pod[]): string {
  const metadata = { resourceVersion: '1', annotations: { [InitialEventsAnnotation]: 'true' } };
  const bookmark = { type: 'BOOKMARK', object: { kind: 'Pod', apiVersion: 'v1', metadata } };
  const events = [...objects.map((object) => ({ type: 'ADDED', object })), bookmark];
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

async function sync(
  source: ListerWatcher<Pod>,
  options: SharedIndexInformerOptions<Pod, never>,
): Promise<{ units: number }> {
  const informer = new SharedIndexInformer<Pod>(source, options);
  let units = 0;
  informer.addEventHandler({ onAdd: () => units++ });
  const stop = new AbortController();
  const running = informer.run({ signal: stop.signal });
  await informer.waitForSync();
  stop.abort();
  await running;
  return { units };
}
