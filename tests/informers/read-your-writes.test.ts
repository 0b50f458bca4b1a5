import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { recordingClient, type SharedIndexInformer, WriteOverlay } from '@client-ts/cache';
import { SharedInformerFactory } from '@client-ts/informers';
import { newLister } from '@client-ts/listers';
import { type ResourceClient, RestClient } from '@client-ts/rest';
import { FaultInjector, watches } from '@client-ts/testing';
import { expect, test } from 'vitest';

const byOwner = ({ metadata }: ConfigMap): string[] => [metadata?.labels?.['owner'] ?? ''];

interface Setting extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly informer: SharedIndexInformer<ConfigMap>;
  readonly overlay: WriteOverlay<ConfigMap, 'byOwner'>;
  /** Writes and records. */
  readonly client: ResourceClient<ConfigMap, unknown>;
  /** Writes, and nobody is told. */
  readonly other: ResourceClient<ConfigMap, unknown>;
}

/** An informer that has synced with `old`, and from then on hears of nothing until it notices the silence. */
async function setUp(): Promise<Setting> {
  const clock = new FakeClock();
  const server = new ApiServer({ clock });
  const other = new RestClient(server.config(), clock).resource(configMaps, 'default');
  await other.create({ metadata: { name: 'old', labels: { owner: 'x' } } });
  const faults = new FaultInjector(server.transport);
  const factory = new SharedInformerFactory(
    { ...server.config(), transport: faults },
    { clock, onError: () => undefined },
  );
  const informer = factory.informer(configMaps, { indexers: { byOwner } });
  factory.start();
  await factory.waitForCacheSync();
  faults.cut('silence', watches);
  const overlay = new WriteOverlay<ConfigMap, 'byOwner'>(informer, { indexers: { byOwner } });
  const client = recordingClient(other, overlay, { namespace: 'default' });
  return {
    clock,
    informer,
    overlay,
    client,
    other,
    async [Symbol.asyncDispose]() {
      await factory.shutdown();
      await server[Symbol.asyncDispose]();
    },
  };
}

test('a controller finds what it wrote while its informer hears of nothing, and nothing else once that has healed', async () => {
  await using setting = await setUp();
  const { clock, informer, overlay, client, other } = setting;
  const lister = newLister(overlay, configMaps).namespace('default');
  await client.create({ metadata: { name: 'new', labels: { owner: 'x' } } });
  await client.apply({ metadata: { name: 'applied' }, data: { a: '1' } }, { fieldManager: 'test' });
  await client.patch('old', { type: 'merge', patch: { metadata: { labels: { owner: 'y' } } } });
  expect(lister.list().map(({ metadata }) => metadata?.name)).toEqual(['new', 'applied', 'old']);
  expect([overlay.indexKeys('byOwner', 'x'), overlay.indexKeys('byOwner', 'y')]).toEqual([
    ['default/new'],
    ['default/old'],
  ]);
  expect([informer.indexer.size, overlay.pending]).toEqual([1, 3]);

  await other.delete('applied');
  const fresh = informer.freshAs(overlay.getByKey('default/old')?.metadata?.resourceVersion ?? '');
  await clock.advance(120_000);
  await fresh;
  expect(overlay.pending).toBe(0);
  expect(overlay.listKeys().toSorted()).toEqual(['default/new', 'default/old']);
  expect(overlay.getByKey('default/old')).toBe(informer.indexer.getByKey('default/old'));
});

test('a deletion is seen at once: what is gone is gone, and what its finalizer holds is about to go', async () => {
  await using setting = await setUp();
  const { clock, overlay, client, informer } = setting;
  await client.create({ metadata: { name: 'held', finalizers: ['example.com/hold'] } });
  await client.delete('old');
  await client.delete('held');
  expect(overlay.listKeys()).toEqual(['default/held']);
  expect(overlay.getByKey('default/held')?.metadata?.deletionTimestamp).toBeDefined();
  expect(informer.indexer.listKeys(), 'the cache has heard of nothing').toEqual(['default/old']);

  await client.patch('held', { type: 'merge', patch: { metadata: { finalizers: null } } });
  expect(overlay.listKeys()).toEqual([]);
  await clock.advance(120_000);
  expect([overlay.listKeys(), overlay.pending]).toEqual([[], 0]);
});
