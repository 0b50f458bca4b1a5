import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { deepFreeze } from './deep-freeze.js';
import type { DeepReadonly } from './deep-readonly.js';
import type { CacheError } from './error-handler.js';
import type { SharedIndexInformerOptions } from './shared-informer-options.js';
import { SharedIndexInformer } from './shared-informer.js';
import { queues, type NewQueue, type Thing, thing } from './shared-informer.test.kit.js';
import { FakeSource } from './testing/fake-source.js';

interface Colored extends KubernetesObject {
  readonly color: string;
}

type NewColoredQueue = SharedIndexInformerOptions<Colored, string, Thing>['newQueue'];

function project({ metadata, spec }: Thing): Colored {
  if (spec?.color === 'poison') throw new Error('poison');
  return { metadata, color: spec?.color ?? 'none' };
}

function setUp(newQueue: NewQueue, convert: (object: Thing) => Colored = project) {
  const clock = new FakeClock(0);
  const source = new FakeSource<Thing>();
  const errors: CacheError[] = [];
  const informer = new SharedIndexInformer(source, {
    project: convert,
    indexers: { byColor: ({ color }) => [color] },
    newQueue: newQueue as unknown as NewColoredQueue,
    clock,
    onError: (error) => errors.push(error),
  });
  const stop = new AbortController();
  const start = async (): Promise<void> => {
    void informer.run({ signal: stop.signal });
    await settle();
  };
  return { source, informer, errors, start };
}

describe.each(queues)('on %s', (_, newQueue) => {
  test('store, indexes and handlers have what project makes of each object, and nothing else', async () => {
    const { source, informer, start } = setUp(newQueue);
    expectTypeOf(informer).toExtend<SharedIndexInformer<Colored, 'byColor'>>();
    expectTypeOf(informer.indexer.list()).toEqualTypeOf<readonly Colored[]>();
    const told: unknown[] = [];
    informer.addEventHandler({
      onAdd: (object) => told.push(object.color),
      onUpdate: (before, after) => told.push([before.color, after.color]),
      onDelete: ({ object }) => told.push(object?.color),
    });
    source.set(thing('a', 'red'));
    await start();
    source.set(thing('a', 'blue'));
    await settle();
    expect(informer.indexer.getByKey('ns/a')).toEqual({ metadata: expect.anything(), color: 'blue' });
    expect(informer.indexer.byIndex('byColor', 'blue')).toHaveLength(1);
    expect(informer.indexer.byIndex('namespace', 'ns')).toHaveLength(1);
    source.delete('ns/a');
    await settle();
    expect(told).toEqual(['red', ['red', 'blue'], 'blue']);
  });

  test('an object that cannot be projected is reported with its key, and the others are stored', async () => {
    const { source, informer, errors, start } = setUp(newQueue);
    source.set(thing('a', 'red'));
    source.set(thing('b', 'poison'));
    await start();
    source.set(thing('a', 'poison'));
    await settle();
    expect(informer.indexer.list().map(({ color }) => color)).toEqual(['red']);
    expect(errors.map(({ stage, key }) => [stage, key])).toEqual([
      ['transform', 'ns/b'],
      ['transform', 'ns/a'],
    ]);
  });

  test.each<[string, (object: Thing) => unknown]>([
    ['without metadata', () => ({ color: 'red' })],
    ['of another name', () => ({ metadata: { namespace: 'ns', name: 'other' } })],
    ['of another namespace', () => ({ metadata: { name: 'a' } })],
    ['that is none', () => undefined],
  ])('an object %s is refused', async (_what, convert) => {
    const { source, informer, errors, start } = setUp(newQueue, convert as typeof project);
    source.set(thing('a'));
    await start();
    expect([informer.indexer.size, errors.map(({ key }) => key)]).toEqual([0, ['ns/a']]);
  });
});

test('transform comes before project', async () => {
  const source = new FakeSource<Thing>();
  source.set(thing('a', 'red'));
  const informer = new SharedIndexInformer(source, {
    transform: (object) => ({ ...object, spec: { color: 'blue' } }),
    project,
    clock: new FakeClock(0),
  });
  void informer.run({ signal: new AbortController().signal });
  await settle();
  expect(informer.indexer.list().map(({ color }) => color)).toEqual(['blue']);
});

test('what index functions are given is what project returns, whatever its function looks like', () => {
  const source = new FakeSource<Thing>();
  const { indexer } = new SharedIndexInformer(source, {
    project: ({ metadata, spec }) => ({ metadata, tags: spec?.tags ?? [] }),
    indexers: { byTag: ({ tags }) => tags },
  });
  const frozen = new SharedIndexInformer(source, {
    transform: (object) => object,
    project: (object) => deepFreeze(object),
    indexers: { byColor: ({ spec }) => [spec?.color ?? ''] },
  });
  const generic = new SharedIndexInformer(source, { project: deepFreeze });
  expectTypeOf(indexer.getByKey('')?.tags).toEqualTypeOf<string[] | undefined>();
  expectTypeOf(frozen.indexer.getByKey('')).toEqualTypeOf<DeepReadonly<Thing> | undefined>();
  expectTypeOf(generic.indexer.getByKey('')).toEqualTypeOf<DeepReadonly<Thing> | undefined>();
  // @ts-expect-error -- an index that there is not
  expect(() => frozen.indexer.byIndex('byTag', '')).toThrow(RangeError);
  expect(indexer.byIndex('byTag', '')).toEqual([]);
});
