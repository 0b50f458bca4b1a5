import { type ConfigMap, configMaps, namespaces, secrets } from '@client-ts/api/core/v1';
import { defineResource, type Unstructured } from '@client-ts/apimachinery';
import { newBadRequest } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { cacheMetrics, type MetricSample } from '@client-ts/cache';
import { type Config, RestClient, type Transport } from '@client-ts/rest';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { metadata } from './metadata.js';
import { configMap, setUp } from './factory.test.kit.js';
import { SharedInformerFactory, type SharedInformerFactoryOptions } from './shared-informer-factory.js';

function keysOf(factory: SharedInformerFactory): readonly string[] {
  return factory.informer(configMaps).indexer.listKeys();
}

describe('informer', () => {
  test('gives the same one for the same resource, and another for another', async () => {
    await using setting = setUp();
    const { factory } = setting;
    expect(factory.informer(configMaps)).toBe(factory.informer({ ...configMaps }));
    expect(factory.informer(configMaps)).not.toBe(factory.informer(secrets));
  });

  test('has a name of its own, by which those of several factories can be told apart', async () => {
    await using setting = setUp({ name: 'mine' });
    const { factory } = setting;
    factory.informer(metadata(configMaps));
    factory.informer(metadata(secrets));
    factory.informer(configMaps);
    expect(factory.informers().map(({ name }) => name)).toEqual([
      'mine/configmaps (metadata)',
      'mine/secrets (metadata)',
      'mine/configmaps',
    ]);
  });

  test('is typed by the descriptor and the indexers', async () => {
    await using setting = setUp();
    const informer = setting.factory.informer(configMaps, { indexers: { byName: (o) => [o.metadata?.name ?? ''] } });
    expectTypeOf(informer.indexer.getByKey('')).toEqualTypeOf<ConfigMap | undefined>();
    expect(informer.indexer.byIndex('byName', 'a')).toEqual([]);
    // @ts-expect-error -- an index that was not asked for
    expect(() => informer.indexer.byIndex('byNam', 'a')).toThrow(RangeError);
  });

  test('adds the indexes of everybody who asks, before and after the start', async () => {
    await using setting = setUp({}, configMap('a', 'default', { app: 'web' }));
    const { factory } = setting;
    factory.informer(configMaps, { indexers: { byName: (o) => [o.metadata?.name ?? ''] } });
    factory.start();
    await factory.waitForCacheSync();
    const byApp = factory.informer(configMaps, { indexers: { byApp: (o) => [o.metadata?.labels?.['app'] ?? ''] } });
    expect(byApp.indexer.byIndex('byApp', 'web')).toHaveLength(1);
    expect(() => factory.informer(configMaps, { indexers: { byName: () => [] } })).toThrow(
      /indexer conflict.*"byName"/,
    );
  });

  test('transforms what it caches; a second transform is refused', async () => {
    await using setting = setUp({ freeze: true }, configMap('a'));
    const { factory } = setting;
    const transform = (o: ConfigMap): ConfigMap => ({ ...o, data: { seen: 'yes' } });
    const informer = factory.informer(configMaps, { transform });
    factory.start();
    await factory.waitForCacheSync();
    const cached = informer.indexer.getByKey('default/a');
    expect(cached?.data).toEqual({ seen: 'yes' });
    expect(Object.isFrozen(cached?.data)).toBe(true);
    expect(() => factory.informer(configMaps, { transform })).toThrow(
      'the informer of configmaps exists already: its transform cannot change',
    );
  });

  test('takes a resource of which nothing is known but its name', async () => {
    await using setting = setUp({}, configMap('a'));
    const { factory } = setting;
    const untyped = defineResource<Unstructured>()({ ...configMaps, kind: '', scope: 'Namespaced' });
    const informer = factory.informer(untyped);
    expectTypeOf(informer.indexer.list()).toEqualTypeOf<readonly Unstructured[]>();
    factory.start();
    await factory.waitForCacheSync();
    expect(factory.lister(untyped).namespace('default').get('a')).toMatchObject({ kind: 'ConfigMap' });
  });

  test('reports failures with the name of the resource', async () => {
    await using setting = setUp();
    const { factory, errors } = setting;
    factory.informer(
      defineResource()({ group: 'example.com', version: 'v1', resource: 'toys', kind: 'Toy', scope: 'Cluster' }),
    );
    factory.start();
    await settle();
    expect(errors[0]?.message).toMatch(/^toys\.example\.com: watch failed: /);
  });
});

test('counts what its informers do, by their names and resources', async () => {
  const gauges: (() => readonly MetricSample[])[] = [];
  const counted: string[] = [];
  const metrics = cacheMetrics({
    counter: ({ name }, labels) => ({ inc: () => counted.push(`${name} ${labels['name']}`) }),
    histogram: () => ({ observe: () => undefined }),
    gauge: ({ name }, read) => {
      if (name === 'informer_stored_items') gauges.push(read);
      return { [Symbol.dispose]: () => undefined };
    },
  });
  await using setting = setUp({ name: 'mine', metrics }, configMap('a'), configMap('b'));
  const { factory } = setting;
  factory.informer(configMaps);
  factory.informer(metadata(secrets));
  factory.start();
  await factory.waitForCacheSync();
  expect(gauges.flatMap((read) => read())).toEqual([
    { labels: { name: 'mine/configmaps', group: '', version: 'v1', resource: 'configmaps' }, value: 2 },
    { labels: { name: 'mine/secrets (metadata)', group: '', version: 'v1', resource: 'secrets' }, value: 0 },
  ]);
  await factory.shutdown();
  expect(counted.toSorted()).toEqual([
    'reflector_watches_total mine/configmaps',
    'reflector_watches_total mine/secrets (metadata)',
  ]);
});

/** A way to the server on which the parameters of each request are written down. */
function recordingQueries(server: ApiServer): { config: Config; queries: Record<string, string>[] } {
  const queries: Record<string, string>[] = [];
  const transport: Transport = {
    request: (request) => {
      queries.push(Object.fromEntries(request.url.searchParams));
      return server.transport.request(request);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { config: { ...server.config(), transport }, queries };
}

describe('what is cached', () => {
  const objects = [configMap('a'), configMap('b', 'other'), configMap('c', 'default', { app: 'web' })];

  test.each<[string, SharedInformerFactoryOptions, string[]]>([
    ['everything', {}, ['default/a', 'default/c', 'other/b']],
    ['one namespace', { namespace: 'other' }, ['other/b']],
    ['what tweakListOptions selects', { tweakListOptions: () => ({ labelSelector: 'app=web' }) }, ['default/c']],
    ['what both select', { namespace: 'other', tweakListOptions: (o) => ({ ...o, labelSelector: 'app=web' }) }, []],
  ])('is %s, of lists and of watches', async (_, options, keys) => {
    await using setting = setUp(options, ...objects);
    const { factory, server } = setting;
    factory.informer(configMaps);
    factory.start();
    await factory.waitForCacheSync();
    expect(keysOf(factory).toSorted()).toEqual(keys);
    server.closeWatches('expired');
    await setting.clock.advance(2000);
    expect(keysOf(factory).toSorted()).toEqual(keys);
  });

  test.each<[string, SharedInformerFactoryOptions, boolean | undefined, boolean]>([
    ['left out', {}, undefined, false],
    ['kept by a factory that was told so', { keepManagedFields: true }, undefined, true],
    ['kept for a resource', {}, true, true],
    ['left out for a resource', { keepManagedFields: true }, false, false],
  ])('managed fields are %s, of lists, of streams and of watches', async (_, options, keepManagedFields, kept) => {
    for (const streams of [true, false]) {
      await using setting = setUp(options);
      const { server, clock, factory } = setting;
      const client = new RestClient(server.config(), clock).resource(configMaps, 'default');
      await client.create({ metadata: { name: 'a' }, data: { x: '1' } });
      let refusals = streams ? 0 : 1;
      server.intercept(({ verb }) => {
        if (verb === 'watch' && refusals-- > 0) throw newBadRequest('no');
      });
      const informer = factory.informer(configMaps, { keepManagedFields });
      factory.start();
      await clock.advance(0);
      await client.create({ metadata: { name: 'b' }, data: { x: '1' } });
      await clock.advance(0);
      const fields = informer.indexer.list().map(({ metadata }) => metadata?.managedFields !== undefined);
      expect(fields).toEqual([kept, kept]);
    }
  });

  test('whether managed fields are kept is decided once', async () => {
    await using setting = setUp();
    const { factory } = setting;
    const informer = factory.informer(configMaps, { keepManagedFields: true });
    expect(factory.informer(configMaps)).toBe(informer);
    expect(factory.informer(configMaps, { keepManagedFields: true })).toBe(informer);
    expect(() => factory.informer(configMaps, { keepManagedFields: false })).toThrow(
      'the informer of configmaps exists already: its keepManagedFields cannot change',
    );
  });

  test.each([
    { watchList: undefined, asked: [{ sendInitialEvents: 'true' }] },
    { watchList: false, asked: [{ limit: '2' }, { allowWatchBookmarks: 'true' }] },
  ])('is read as the factory was told (watchList: $watchList)', async ({ watchList, asked }) => {
    await using server = new ApiServer({ objects });
    const { config, queries } = recordingQueries(server);
    await using factory = new SharedInformerFactory(config, { watchList, pageSize: 2, minWatchTimeoutMs: 3_600_000 });
    factory.informer(configMaps);
    factory.start();
    await factory.waitForCacheSync();
    await server.waitForWatch(configMaps);
    expect(queries).toMatchObject(asked);
    expect(queries).toHaveLength(asked.length);
    expect(Number(queries.at(-1)?.['timeoutSeconds'])).toBeGreaterThanOrEqual(3600);
  });

  test('pauses after failures as the factory was told', async () => {
    await using setting = setUp({ backoff: { durationMs: 7000 } });
    const { factory, server, clock } = setting;
    let asked = 0;
    server.intercept(() => {
      asked++;
      throw newBadRequest('no');
    });
    factory.informer(configMaps);
    factory.start();
    await clock.advance(6999);
    const before = asked;
    await clock.advance(1);
    expect([before, asked]).toEqual([2, 3]);
  });

  test('tweaked options do not lose what the cache asks for', async () => {
    await using server = new ApiServer({ objects });
    const { config, queries } = recordingQueries(server);
    // A server without initial events, so that there is a list.
    server.intercept(() => {
      if (queries.at(-1)?.['sendInitialEvents']) throw newBadRequest('no');
    });
    await using factory = new SharedInformerFactory(config, { tweakListOptions: () => ({ labelSelector: 'app=web' }) });
    factory.informer(configMaps);
    factory.start();
    await factory.waitForCacheSync();
    await server.waitForWatch(configMaps);
    expect(queries.slice(1)).toMatchObject([
      { labelSelector: 'app=web', resourceVersion: '0', limit: '500' },
      { labelSelector: 'app=web', allowWatchBookmarks: 'true', watch: 'true' },
    ]);
  });

  test('of a resource without namespaces does not depend on the namespace', async () => {
    await using setting = setUp({ namespace: 'default' }, ...objects);
    const { factory } = setting;
    const informer = factory.informer(namespaces);
    factory.start();
    await factory.waitForCacheSync();
    expect(informer.indexer.listKeys()).toContain('other');
  });
});

describe('start', () => {
  test('starts what was asked for, each once; called again, what was asked for since', async () => {
    await using setting = setUp({}, configMap('a'));
    const { factory } = setting;
    factory.informer(configMaps);
    factory.start();
    factory.start();
    const late = factory.informer(secrets);
    await factory.waitForCacheSync();
    expect([factory.informer(configMaps).hasSynced(), late.hasSynced()]).toEqual([true, false]);
    factory.start();
    await factory.waitForCacheSync();
    expect(late.hasSynced()).toBe(true);
  });

  test('listens to a signal once, and no longer than it runs', async () => {
    await using setting = setUp();
    const { factory } = setting;
    const { signal } = new AbortController();
    const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
    for (let i = 0; i < 100; i++) factory.start({ signal });
    expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([1, 0]);
    await factory.shutdown();
    expect(remove.mock.calls[0]?.[1]).toBe(add.mock.calls[0]?.[1]);
  });

  test('of many informers warns of no leak', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    try {
      await using setting = setUp();
      const { factory } = setting;
      const { signal } = new AbortController();
      for (let i = 0; i < 20; i++) factory.informer({ ...configMaps, version: `v${i}` });
      factory.start({ signal });
      await settle();
      const abort = new AbortController();
      const waiting = factory.waitForCacheSync({ signal: abort.signal });
      abort.abort(new Error('enough'));
      await expect(waiting).rejects.toThrow('enough');
      expect(warned).not.toHaveBeenCalled();
    } finally {
      warned.mockRestore();
    }
  });
});

describe('waitForCacheSync', () => {
  test('waits for handlers, too, and for nothing that was not started', async () => {
    await using setting = setUp({}, configMap('a'));
    const { factory } = setting;
    await factory.waitForCacheSync();
    const told: (string | undefined)[] = [];
    factory.informer(configMaps).addEventHandler({ onAdd: ({ metadata }) => told.push(metadata?.name) });
    factory.start();
    factory.informer(secrets);
    await factory.waitForCacheSync();
    expect(told).toEqual(['a']);
  });

  test('rejects with the reason of its signal, before and while it waits', async () => {
    await using setting = setUp();
    const { factory } = setting;
    factory.informer(configMaps);
    factory.start();
    const abort = new AbortController();
    const waiting = factory.waitForCacheSync({ signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(factory.waitForCacheSync({ signal: abort.signal })).rejects.toThrow('enough');
  });

  test('rejects when the factory is shut down first', async () => {
    await using setting = setUp();
    const { factory } = setting;
    factory.informer(configMaps);
    factory.start();
    const waiting = factory.waitForCacheSync();
    void factory.shutdown();
    await expect(waiting).rejects.toThrow('configmaps: the informer stopped before it had synced');
  });
});

describe('shutdown', () => {
  test.each<[string, (factory: SharedInformerFactory, abort: AbortController) => Promise<void> | void]>([
    ['shutdown()', (factory) => factory.shutdown()],
    ['disposing', (factory) => factory[Symbol.asyncDispose]()],
    ['the signal', (_, abort) => abort.abort()],
  ])('by %s ends all informers; what was cached can still be read', async (_, end) => {
    await using setting = setUp({}, configMap('a'));
    const { factory, server, clock } = setting;
    const informer = factory.informer(configMaps);
    factory.informer(secrets);
    const abort = new AbortController();
    factory.start({ signal: abort.signal });
    await factory.waitForCacheSync();
    await end(factory, abort);
    await factory.shutdown();
    expect(clock.pending).toBe(0);
    expect(informer.indexer.listKeys()).toEqual(['default/a']);
    const asked = server.actions().length;
    factory.start();
    await clock.advance(60_000);
    expect(server.actions()).toHaveLength(asked);
    expect(() => factory.informer(configMaps)).toThrow('the informer factory has been shut down');
  });

  test('waits until no handler is running', async () => {
    await using setting = setUp({}, ...Array.from({ length: 100 }, (_, n) => configMap(`o${n}`)));
    const { factory, clock } = setting;
    let told = 0;
    const now = clock.now.bind(clock);
    clock.now = () => now() + told * 10;
    factory.informer(configMaps).addEventHandler({ onAdd: () => told++ });
    factory.start();
    await settle();
    expect(told, 'the handler is between two slices').toBeLessThan(100);
    let ended = false;
    void factory.shutdown().then(() => (ended = true));
    const before = told;
    await settle();
    expect(ended).toBe(false);
    await clock.advance(0);
    expect([ended, told]).toEqual([true, before]);
  });

  test('may come before the start, and twice', async () => {
    const { factory, server } = setUp();
    factory.informer(configMaps);
    await Promise.all([factory.shutdown(), factory.shutdown()]);
    factory.start({ signal: AbortSignal.abort() });
    expect(server.actions()).toEqual([]);
  });

  test('by a signal that has aborted before the start starts nothing', async () => {
    const { factory, server } = setUp();
    factory.informer(configMaps);
    factory.start({ signal: AbortSignal.abort() });
    await settle();
    expect(server.actions()).toEqual([]);
    expect(() => factory.informer(secrets)).toThrow('the informer factory has been shut down');
  });
});
