import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { findInconsistencies, recordingClient, type SharedIndexInformer, WriteOverlay } from '@client-ts/cache';
import { SharedInformerFactory } from '@client-ts/informers';
import { newLister } from '@client-ts/listers';
import { type Config, type ResourceClient, restClientFor } from '@client-ts/rest';
import { FaultInjector, watches } from '@client-ts/testing';
import { expect } from 'vitest';

const namespace = 'default';
const byOwner = ({ metadata }: ConfigMap): string[] => [metadata?.labels?.['owner'] ?? ''];

/** A server that can be reached by HTTP or in memory, whose own time is real, if there is anything that waits for it. */
export interface Server {
  readonly config: Config;
  /** Lets the server do its part. */
  readonly turn: () => Promise<void>;
}

/** An informer that has synced, and from then on hears of nothing until it notices the silence. */
class DeafInformer implements AsyncDisposable {
  readonly informer: SharedIndexInformer<ConfigMap>;
  readonly overlay: WriteOverlay<ConfigMap, 'byOwner'>;
  /** Writes, and what is answered is recorded. */
  readonly client: ResourceClient<ConfigMap, unknown>;
  /** Writes. */
  readonly other: ResourceClient<ConfigMap, unknown>;
  readonly #server: Server;
  readonly #clock = new FakeClock();
  readonly #faults: FaultInjector;
  readonly #factory: SharedInformerFactory;

  constructor(server: Server) {
    const { config } = server;
    this.#server = server;
    this.#faults = new FaultInjector(config.transport!);
    this.#factory = new SharedInformerFactory(
      { ...config, transport: this.#faults },
      { clock: this.#clock, namespace, onError: () => undefined },
    );
    this.informer = this.#factory.informer(configMaps, { indexers: { byOwner } });
    this.overlay = new WriteOverlay<ConfigMap, 'byOwner'>(this.informer, { indexers: { byOwner } });
    this.other = restClientFor(config).resource(configMaps, namespace);
    this.client = recordingClient(this.other, this.overlay, { namespace });
  }

  /** Resolves when it has gone deaf. */
  async start(): Promise<void> {
    this.#factory.start();
    await this.#until(this.#factory.waitForCacheSync());
    this.#faults.cut('silence', watches);
  }

  /** Resolves when it has heard of what was so far, and has it as the server. */
  async heal(): Promise<void> {
    const { metadata } = await this.other.list();
    // A change of its own, since there is no bookmark for a while.
    await this.other.patch('kept', { type: 'merge', patch: { data: { at: metadata.resourceVersion } } });
    const { metadata: { resourceVersion = '' } = {} } = await this.other.get('kept');
    await this.#until(this.informer.freshAs(resourceVersion));
    expect(await findInconsistencies(this.informer, this.other)).toEqual([]);
  }

  async #until(promise: Promise<void>): Promise<void> {
    const outcome = { settled: false };
    const settle = (): void => void (outcome.settled = true);
    promise.then(settle, settle);
    while (!outcome.settled) {
      await this.#clock.advance(1000);
      await this.#server.turn();
    }
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#factory.shutdown();
    await this.other.deleteCollection();
  }
}

/** What has to hold on every server. */
export const ownWritesCases: Readonly<Record<string, (server: Server) => Promise<void>>> = {
  async 'a controller finds what it wrote while its informer hears of nothing, and nothing else once that has healed'(
    server,
  ) {
    await using deaf = new DeafInformer(server);
    const { informer, overlay, client, other } = deaf;
    for (const name of ['kept', 'old']) await other.create({ metadata: { name, labels: { owner: 'x' } } });
    await deaf.start();
    const before = informer.indexer.size;
    const lister = newLister(overlay, configMaps).namespace(namespace);
    await client.create({ metadata: { name: 'new', labels: { owner: 'x' } } });
    await client.apply({ metadata: { name: 'applied' }, data: { a: '1' } }, { fieldManager: 'test' });
    await client.patch('old', { type: 'merge', patch: { metadata: { labels: { owner: 'y' } } } });
    expect(lister.get('new').metadata?.labels).toEqual({ owner: 'x' });
    expect(lister.get('applied').data).toEqual({ a: '1' });
    expect(overlay.indexKeys('byOwner', 'x')).toEqual(['default/kept', 'default/new']);
    expect(overlay.indexKeys('byOwner', 'y')).toEqual(['default/old']);
    expect([overlay.size - before, overlay.pending, informer.indexer.size]).toEqual([2, 3, before]);

    await other.delete('applied');
    await deaf.heal();
    expect([lister.find('applied'), overlay.pending]).toEqual([undefined, 0]);
    expect(overlay.getByKey('default/new')).toBe(informer.indexer.getByKey('default/new'));
    expect(overlay.getByKey('default/old')).toBe(informer.indexer.getByKey('default/old'));
  },

  async 'a deletion is seen at once: what is gone is gone, and what its finalizer holds is about to go'(server) {
    await using deaf = new DeafInformer(server);
    const { informer, overlay, client, other } = deaf;
    for (const name of ['kept', 'old']) await other.create({ metadata: { name } });
    await deaf.start();
    await client.create({ metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    await client.delete('old');
    await client.delete('held');
    expect(overlay.getByKey('default/old')).toBeUndefined();
    expect(overlay.getByKey('default/held')?.metadata?.deletionTimestamp).toBeDefined();
    expect(informer.indexer.getByKey('default/old'), 'the cache has heard of nothing').toBeDefined();

    await client.patch('held', { type: 'merge', patch: { metadata: { finalizers: null } } });
    expect(overlay.getByKey('default/held')).toBeUndefined();
    await client.create({ metadata: { name: 'old', labels: { owner: 'another' } } });
    expect(overlay.indexKeys('byOwner', 'another')).toEqual(['default/old']);
    await deaf.heal();
    expect([overlay.getByKey('default/held'), overlay.pending]).toEqual([undefined, 0]);
    expect(overlay.indexKeys('byOwner', 'another')).toEqual(['default/old']);
  },
};
