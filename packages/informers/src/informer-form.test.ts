import { type ConfigMap, configMaps, type Secret, secrets } from '@client-ts/api/core/v1';
import type { KubernetesObject, PartialObjectMetadata } from '@client-ts/apimachinery';
import { settle } from '@client-ts/apimachinery/testing';
import { type CompactObject, deepFreeze, type DeepReadonly, mutableCopy } from '@client-ts/cache';
import { RestClient } from '@client-ts/rest';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { compact } from './compact.js';
import { configMap, setUp } from './factory.test.kit.js';
import type { InformerForm } from './informer-form.js';
import { metadata } from './metadata.js';

describe('an informer that projects', () => {
  const project = ({ metadata, data }: ConfigMap) => ({ metadata, size: Object.keys(data ?? {}).length });

  test('caches what project returns, which types store, indexes, handlers and lister', async () => {
    await using setting = setUp({}, { ...configMap('a'), data: { x: '1', y: '2' } } as ConfigMap);
    const { factory } = setting;
    const informer = factory.informer(configMaps, { project, indexers: { bySize: ({ size }) => [String(size)] } });
    const told: number[] = [];
    informer.addEventHandler({ onAdd: ({ size }) => told.push(size) });
    factory.start();
    await factory.waitForCacheSync();
    expect([informer.indexer.byIndex('bySize', '2').length, told]).toEqual([1, [2]]);
    const found = factory.lister(configMaps, { project }).namespace('default').get('a');
    expectTypeOf(found.size).toEqualTypeOf<number>();
    expect(Object.keys(found)).toEqual(['metadata', 'size']);
    // @ts-expect-error -- what was not kept cannot be read
    expect(found.data).toBeUndefined();
  });

  test('may have objects that cannot be changed, by their type and in fact', async () => {
    await using setting = setUp({ freeze: false }, configMap('a'));
    const { factory } = setting;
    const lister = factory.lister(configMaps, { project: deepFreeze });
    factory.start();
    await factory.waitForCacheSync();
    const found = lister.get('default/a');
    expectTypeOf(found).toEqualTypeOf<DeepReadonly<ConfigMap>>();
    expect(Object.isFrozen(found.metadata)).toBe(true);
    const mine: ConfigMap = mutableCopy(found);
    mine.data = { x: 'mine' };
    expect(found.data).toBeUndefined();
  });

  test('types indexes by what a function of any kind returns, if that stands before them', async () => {
    await using setting = setUp();
    const { factory } = setting;
    const informers = [
      factory.informer(configMaps, {
        project: (object) => ({ metadata: object.metadata, size: Object.keys(object.data ?? {}).length }),
        indexers: { bySize: ({ size }) => [size.toFixed()] },
      }),
      factory.informer(secrets, {
        project: (object) => deepFreeze(object),
        indexers: { byType: ({ type }) => [type ?? ''] },
      }),
    ] as const;
    expectTypeOf(informers[0].indexer.getByKey('')?.size).toEqualTypeOf<number | undefined>();
    expectTypeOf(informers[1].indexer.getByKey('')).toEqualTypeOf<DeepReadonly<Secret> | undefined>();
    expect([informers[0].indexer.indexValues('bySize'), informers[1].indexer.indexValues('byType')]).toEqual([[], []]);
  });

  test('is given to nobody who expects whole objects, or another projection', async () => {
    await using setting = setUp();
    const { factory } = setting;
    const informer = factory.informer(configMaps, { project });
    expect(factory.informer(configMaps, { project })).toBe(informer);
    const message = 'the informer of configmaps exists already: its project cannot change';
    expect(() => factory.informer(configMaps)).toThrow(message);
    expect(() => factory.lister(configMaps)).toThrow(message);
    expect(() => factory.informer(configMaps, { project: ({ metadata }) => ({ metadata }) })).toThrow(message);
  });
});

describe('an informer of metadata', () => {
  test('stands beside that of whole objects, asks for metadata, and keeps nothing else', async () => {
    await using setting = setUp({}, { ...configMap('a'), data: { x: '1' } } as ConfigMap);
    const { factory, server } = setting;
    const informer = factory.informer(metadata(configMaps), {
      indexers: { byName: ({ metadata: { name = '' } }) => [name] },
    });
    expectTypeOf(informer.indexer.list()).toEqualTypeOf<readonly PartialObjectMetadata[]>();
    expect(factory.informer(metadata(configMaps))).toBe(informer);
    expect(factory.informer(configMaps)).not.toBe(informer);
    factory.start();
    await factory.waitForCacheSync();
    const [found] = factory.lister(metadata(configMaps)).namespace('default').list();
    expect(Object.keys(found ?? {})).toEqual(['apiVersion', 'kind', 'metadata']);
    expect(informer.indexer.byIndex('byName', 'a')).toEqual([found]);
    expect(found).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } });
    expect(factory.lister(configMaps).list()).toMatchObject([{ data: { x: '1' } }]);
    const client = new RestClient(server.config()).resource(configMaps, 'default');
    await client.patch('a', { type: 'merge', patch: { metadata: { labels: { new: 'yes' } } } });
    await settle();
    expect(informer.indexer.getByKey('default/a')?.metadata.labels).toEqual({ new: 'yes' });
  });

  test('takes a form of one’s own, and refuses what that does not take', async () => {
    await using setting = setUp({}, configMap('a'));
    const { factory } = setting;
    const names: InformerForm<KubernetesObject, PartialObjectMetadata> = {
      ...metadata(configMaps),
      name: 'names',
      project: ({ metadata: { name = '', namespace = '' } }) => ({ metadata: { name, namespace } }),
      refuses: ['keepManagedFields'],
    };
    expect(() => factory.informer(names, { keepManagedFields: true })).toThrow(
      'configmaps (names): the option keepManagedFields cannot be combined with this form',
    );
    const projecting = { project: (object: KubernetesObject) => object } as object;
    expect(() => factory.informer(names, projecting)).toThrow('the option project cannot be combined');
    const informer = factory.informer(names, { indexers: { byName: ({ metadata }) => [metadata?.name ?? ''] } });
    factory.start();
    await factory.waitForCacheSync();
    expect(informer.indexer.list()).toEqual([{ metadata: { name: 'a', namespace: 'default' } }]);
  });
});

test('a compact informer keeps bytes, of lists and watches, and decodes them when they are read', async () => {
  await using setting = setUp({}, { ...configMap('a', 'default', { app: 'web' }), data: { x: '1' } } as ConfigMap);
  const { factory, server, errors } = setting;
  const informer = factory.informer(compact(configMaps), {
    indexers: {
      byApp: ({ metadata }) => [metadata.labels?.['app'] ?? ''],
      byData: (object) => Object.keys(object.object().data ?? {}),
    },
  });
  expectTypeOf(informer.indexer.list()).toEqualTypeOf<readonly CompactObject<ConfigMap>[]>();
  const told: unknown[] = [];
  informer.addEventHandler({
    onAdd: (object) => told.push([object.key, object.kind, object.object().data]),
    onUpdate: (before, after) => told.push([before.object().data, after.object().data]),
  });
  factory.start();
  await factory.waitForCacheSync();
  const client = new RestClient(server.config()).resource(configMaps, 'default');
  await client.patch('a', { type: 'merge', patch: { data: { y: '2' } } });
  await settle();
  expect(told).toEqual([
    ['default/a', 'ConfigMap', { x: '1' }],
    [{ x: '1' }, { x: '1', y: '2' }],
  ]);
  expect(informer.indexer.byIndex('byApp', 'web')).toHaveLength(1);
  const lister = factory.lister(compact(configMaps)).namespace('default');
  expect(lister.list({ labelSelector: 'app=web' }).map((object) => object.object().data)).toEqual([{ x: '1', y: '2' }]);
  expect(informer.indexer.byIndex('byData', 'y')[0]?.object()).toEqual({
    ...(await client.get('a')),
    metadata: expect.not.objectContaining({ managedFields: expect.anything() }),
  });
  // Of bytes, no more than a block beside what is needed.
  const { objects = 0, bytes = Infinity } = informer.indexer.stats?.() ?? {};
  expect([objects, bytes < 1024 * 1024]).toEqual([1, true]);
  expect(errors).toEqual([]);
  expect(() => factory.informer(compact(secrets), { transform: (object) => object })).toThrow(
    'secrets (compact): the option transform cannot be combined with this form',
  );
});
