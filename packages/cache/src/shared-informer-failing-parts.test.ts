import type { Metric, MetricsProvider } from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { expect, test } from 'vitest';
import { cacheMetrics } from './cache-metrics.js';
import { setUp, thing } from './shared-informer.test.kit.js';

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
