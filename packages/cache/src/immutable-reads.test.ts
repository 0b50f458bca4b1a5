import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { deepFreeze } from './deep-freeze.js';
import type { DeepReadonly } from './deep-readonly.js';
import type { ResourceEventHandler } from './event-handler.js';
import { metaNamespaceKey } from './key.js';
import { mutableCopy } from './mutable-copy.js';
import { SharedIndexInformer } from './shared-informer.js';
import { setUp, type Thing, thing } from './shared-informer.test.kit.js';
import type { Indexer } from './store.js';
import { FakeSource } from './testing/fake-source.js';

afterEach(() => vi.unstubAllEnvs());

describe('what is cached', () => {
  test.each([
    ['test', undefined, true],
    ['development', undefined, true],
    ['production', undefined, false],
    ['', undefined, false],
    ['production', true, true],
    ['test', false, false],
  ])('with NODE_ENV=%s and freeze: %s is frozen: %s', async (mode, freeze, frozen) => {
    vi.stubEnv('NODE_ENV', mode);
    const { informer, start } = setUp({ freeze, objects: [{ ...thing('a'), spec: { tags: ['x'] } }] });
    await start();
    expect(Object.isFrozen(informer.indexer.getByKey('ns/a')?.spec?.tags)).toBe(frozen);
  });

  test('is of a type that cannot be changed where it was frozen by project, and can be copied to be changed', async () => {
    const source = new FakeSource<Thing>();
    source.set({ ...thing('a', 'red'), spec: { tags: ['x'] } });
    const informer = new SharedIndexInformer(source, { project: deepFreeze, clock: new FakeClock(0) });
    const keys: string[] = [];
    informer.addEventHandler({ onAdd: (object) => keys.push(metaNamespaceKey(object)) });
    void informer.run({ signal: new AbortController().signal });
    await settle();
    const [found] = informer.indexer.list();
    expectTypeOf(found).toEqualTypeOf<DeepReadonly<Thing> | undefined>();
    expect(() => {
      // @ts-expect-error -- a shared object is not to be changed
      found?.spec?.tags?.push('y');
    }).toThrow(TypeError);
    const copy: Thing | undefined = found && mutableCopy(found);
    copy?.spec?.tags?.push('y');
    expect([found?.spec?.tags, copy?.spec?.tags, keys]).toEqual([['x'], ['x', 'y'], ['ns/a']]);
  });

  test('is of a type that cannot be changed for whoever names one, and cannot be passed off as one that can', () => {
    const source = new FakeSource<Thing>();
    const informer: SharedIndexInformer<DeepReadonly<Thing>, 'byColor'> = new SharedIndexInformer(source, {
      indexers: { byColor: ({ spec }) => [spec?.color ?? ''] },
    });
    informer.addEventHandler({
      onUpdate(oldObject, newObject) {
        expectTypeOf(newObject).toEqualTypeOf<DeepReadonly<Thing>>();
        // @ts-expect-error -- a shared object is not to be changed
        oldObject.spec = {};
      },
    });
    expectTypeOf(informer.indexer.byIndex('byColor', 'red')).toEqualTypeOf<readonly DeepReadonly<Thing>[]>();
    const plain = new SharedIndexInformer(source);
    const readers: Indexer<DeepReadonly<Thing>> = plain.indexer;
    const handler: ResourceEventHandler<DeepReadonly<Thing>> = { onAdd: () => undefined };
    plain.addEventHandler(handler);
    // @ts-expect-error -- who is given it may not change what is in there
    const writers: Indexer<Thing> = readers;
    expect(writers.size).toBe(0);
  });
});
