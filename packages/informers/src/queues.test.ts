import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { DeltaFIFO, RealFIFO } from '@client-ts/cache';
import { RestClient } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { type NewQueue, SharedInformerFactory } from './shared-informer-factory.js';

const queues: Readonly<Record<string, NewQueue>> = {
  RealFIFO: (options) => new RealFIFO(options),
  DeltaFIFO: (options, knownObjects) => new DeltaFIFO({ ...options, knownObjects }),
};

describe.each(Object.entries(queues))('a factory on %s', (_, newQueue) => {
  test('makes one for each informer, with what it transforms and projects, and caches what the server has', async () => {
    const made: unknown[] = [];
    const counting: NewQueue = (options, indexer) => {
      const queue = newQueue(options, indexer);
      made.push(queue);
      return queue;
    };
    const clock = new FakeClock();
    await using server = new ApiServer({ clock });
    const client = new RestClient(server.config(), clock).resource(configMaps, 'default');
    for (const name of ['a', 'b']) await client.create({ metadata: { name }, data: { name } });
    const transform = (object: ConfigMap): ConfigMap => ({ ...object, data: { seen: 'yes' } });
    await using factory = new SharedInformerFactory(server.config(), { clock, newQueue: counting });
    const informer = factory.informer(configMaps, {
      transform,
      project: ({ metadata, data }): KubernetesObject & { seen: boolean } => ({
        metadata,
        seen: data?.['seen'] === 'yes',
      }),
    });
    factory.start();
    await factory.waitForCacheSync();
    await client.delete('a');
    await client.create({ metadata: { name: 'c' } });
    server.closeWatches('expired');
    await clock.advance(5000);
    expect(informer.indexer.list().map(({ metadata, seen }) => [metadata?.name, seen])).toEqual([
      ['b', true],
      ['c', true],
    ]);
    expect(made).toHaveLength(1);
  });
});
