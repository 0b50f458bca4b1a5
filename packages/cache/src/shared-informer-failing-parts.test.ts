import type { Metric, MetricsProvider } from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import { cacheMetrics } from './cache-metrics.js';
import { newIndexer } from './map-indexer.js';
import type { WritableIndexer } from './store.js';
import { queues, setUp, thing, type Thing } from './shared-informer.test.kit.js';

/** Throws for a metric. */
type Break = (metric: Metric) => never;

test.each<[string, (fail: Break) => MetricsProvider]>([
  ['has nothing', (fail) => ({ counter: fail, histogram: fail, gauge: fail })],
  [
    'can neither count nor forget',
    (fail) => ({
      counter: (metric) => ({ inc: () => fail(metric) }),
      histogram: (metric) => ({ observe: () => fail(metric) }),
      gauge: (metric) => ({ [Symbol.dispose]: () => fail(metric) }),
    }),
  ],
])(
  'a provider of metrics that %s is reported, once for each metric, and nothing else suffers',
  async (_, newProvider) => {
    const failed = new Set<string>();
    const provider = newProvider(({ name }) => {
      failed.add(name);
      throw new Error('mine');
    });
    const metrics = cacheMetrics(provider);
    const { informer, source, clock, errors, start, stop } = setUp({ metrics, objects: [thing('a')] });
    const { ended } = await start();
    for (const name of ['b', 'c']) {
      source.set(thing(name));
      source.closeWatches(newResourceExpired('old'));
      await clock.advance(60_000);
    }
    expect(informer.indexer.size).toBe(3);
    expect(informer.health()).toMatchObject({ state: 'watching', synced: true, relists: { store: 0 } });
    stop.abort();
    await ended;
    expect(failed.size).toBeGreaterThan(10);
    expect(errors.map(({ stage, message }) => [stage, message])).toEqual(
      Array.from(failed, (name) => ['metrics', `things: the metric ${name} cannot be kept: mine`]),
    );
  },
);

/** Lets a method of a store or a queue throw whenever `isBroken`; `startReplacement.add` is one of what that returns. */
function breakMethod<P extends object>(part: P, path: string, isBroken: () => boolean): P {
  const [name = '', ofReturned] = path.split('.');
  const method = Reflect.get(part, name) as (...args: unknown[]) => unknown;
  const breaking = (...args: unknown[]): unknown => {
    if (ofReturned !== undefined) return breakMethod(method.apply(part, args) as object, ofReturned, isBroken);
    if (isBroken()) throw new Error('mine');
    return method.apply(part, args);
  };
  return Object.assign(part, { [name]: breaking });
}

/** An indexer that takes lists in one piece only. */
function inOnePiece(): WritableIndexer<Thing, string> {
  const indexer = newIndexer<Thing, string>();
  const start = indexer.startReplacement!.bind(indexer);
  const replace = (objects: ReadonlyMap<string, Thing>): void => {
    const replacement = start();
    for (const [key, object] of objects) replacement.set(key, object);
    replacement.commit();
  };
  return Object.assign(indexer, { startReplacement: undefined, replace });
}

describe.each(queues)('of an informer on %s', (queueName, newQueue) => {
  // The other queue takes lists apart.
  const replacing =
    queueName === 'RealFIFO' ? ['startReplacement', 'startReplacement.set', 'startReplacement.commit', 'replace'] : [];
  const ofStores = ['set', 'delete', ...replacing];
  const ofQueues = [
    'add',
    'update',
    'delete',
    'bookmark',
    'startReplacement',
    'startReplacement.add',
    'startReplacement.commit',
  ];

  test.each([
    ...ofStores.map((path) => ['a store', path] as const),
    ...ofQueues.map((path) => ['a queue', path] as const),
  ])('%s whose %s throws is reported, and has what the server has when it does no longer', async (part, path) => {
    for (const watchList of [true, false]) {
      let broken = true;
      const indexer = path === 'replace' ? inOnePiece() : newIndexer<Thing, string>();
      if (part === 'a store') breakMethod(indexer, path, () => broken);
      const { informer, source, clock, errors, start, stop } = setUp({
        watchList,
        indexer,
        newQueue: (options, known) => {
          const queue = newQueue(options, known);
          return part === 'a queue' ? breakMethod(queue, path, () => broken) : queue;
        },
        objects: [thing('a'), thing('b')],
      });
      const { ended } = await start();
      for (const change of [
        () => source.set(thing('c')),
        () => source.set(thing('a', 'red')),
        () => source.delete('ns/b'),
        () => source.bookmark(),
        () => source.closeWatches(newResourceExpired('old')),
      ]) {
        broken = true;
        change();
        await clock.advance(5000);
        broken = false;
        await clock.advance(60_000);
      }
      expect(errors.map(({ cause }) => (cause as Error).message)).toContain('mine');
      expect(informer.health()).toMatchObject({ state: 'watching', synced: true });
      expect(informer.lastSyncResourceVersion()).toBe('6');
      expect(new Set(indexer.list())).toEqual(new Set(source.objects));
      stop.abort();
      await ended;
      expect(clock.pending).toBe(0);
    }
  });
});
