import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test, vi } from 'vitest';
import { newIndexer } from './map-indexer.js';
import { queues, Recorder, setUp, thing, type Thing } from './shared-informer.test.kit.js';
import type { WritableIndexer } from './store.js';

describe.each(queues)('an informer on %s', (_, newQueue) => {
  test('holds what the server has', async () => {
    const { informer, source, start } = setUp({ newQueue, objects: [thing('a'), thing('b')] });
    await start();
    expect(informer.indexer.listKeys()).toEqual(['ns/a', 'ns/b']);
    source.set(thing('c', 'red'));
    source.set(thing('a', 'blue'));
    source.delete('ns/b');
    await settle();
    expect(informer.indexer.list()).toEqual(source.objects);
    expect(informer.indexer.byIndex('namespace', 'ns')).toHaveLength(2);
  });

  test('tells of each change once, in order', async () => {
    const { informer, source, start } = setUp({ newQueue, objects: [thing('a'), thing('b')] });
    const recorder = new Recorder();
    informer.addEventHandler(recorder);
    await start();
    expect(recorder.since()).toEqual(['add a initially', 'add b initially']);
    source.set(thing('c'));
    source.set(thing('a', 'blue'));
    source.delete('ns/b');
    await settle();
    expect(recorder.since()).toEqual(['add c', 'update a', 'delete ns/b']);
  });

  test('has changed when handlers are told', async () => {
    const { informer, source, start } = setUp({ newQueue, objects: [thing('a', 'red')] });
    const seen: unknown[] = [];
    const look = (): void => void seen.push(informer.indexer.getByKey('ns/a')?.spec?.color);
    informer.addEventHandler({ onAdd: look, onUpdate: look, onDelete: look });
    await start();
    source.set(thing('a', 'blue'));
    await settle();
    source.delete('ns/a');
    await settle();
    expect(seen).toEqual(['red', 'blue', undefined]);
  });

  test('gives handlers the objects that it holds and held', async () => {
    const { informer, source, start } = setUp({ newQueue, objects: [thing('a', 'red')] });
    const updates: [Thing, Thing][] = [];
    informer.addEventHandler({ onUpdate: (before, after) => updates.push([before, after]) });
    await start();
    const before = informer.indexer.getByKey('ns/a');
    source.set(thing('a', 'blue'));
    await settle();
    expect(updates[0]?.[0]).toBe(before);
    expect(updates[0]?.[1]).toBe(informer.indexer.getByKey('ns/a'));
  });

  test('after a relist tells of what was missed, deletions with the last state seen', async () => {
    const { informer, source, start, clock } = setUp({
      newQueue,
      objects: [thing('a'), thing('b', 'red'), thing('c')],
    });
    const recorder = new Recorder();
    const deleted: unknown[] = [];
    informer.addEventHandler(recorder);
    informer.addEventHandler({ onDelete: (gone) => deleted.push(gone) });
    await start();
    const last = informer.indexer.getByKey('ns/b');
    recorder.since();
    source.closeWatches(newResourceExpired('too old'));
    source.set(thing('a', 'blue'));
    source.delete('ns/b');
    source.set(thing('d'));
    await clock.advance(2000);
    expect(recorder.since().toSorted()).toEqual(['add d', 'delete ns/b unseen', 'update a']);
    expect(deleted).toEqual([{ finalStateUnknown: true, key: 'ns/b', object: last }]);
    expect(informer.indexer.listKeys().toSorted()).toEqual(['ns/a', 'ns/c', 'ns/d']);
  });

  test('knows a version that it has reached', async () => {
    const { informer, source, start } = setUp({ newQueue, objects: [thing('a')] });
    expect(informer.lastSyncResourceVersion()).toBe('');
    await start();
    expect(informer.lastSyncResourceVersion()).toBe('2');
    source.set(thing('a'));
    source.set(thing('b'));
    source.set(thing('a'));
    await settle();
    expect(informer.lastSyncResourceVersion()).toBe('5');
    source.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '17' } } });
    await settle();
    expect(informer.lastSyncResourceVersion()).toBe('17');
  });

  test('claims no version before all changes up to it are there', async () => {
    const { informer, source, start, clock } = setUp({ newQueue });
    await start();
    const at: [string, number][] = [];
    informer.addEventHandler({ onAdd: () => at.push([informer.lastSyncResourceVersion(), informer.indexer.size]) });
    // Every look at the clock takes so long that the changes are taken in slices.
    clock.now = (() => {
      let now = 0;
      return () => (now += 10);
    })();
    for (let i = 0; i < 50; i++) source.set(thing(`o${i}`));
    await settle();
    expect(informer.indexer.size, 'the event loop goes on in between').toBeLessThan(50);
    for (let i = 0; i < 20; i++) {
      if (Number(informer.lastSyncResourceVersion()) > 1 + informer.indexer.size) expect.fail('claims too much');
      await clock.advance(0);
    }
    expect(informer.lastSyncResourceVersion()).toBe('51');
    for (const [version, size] of at) expect(Number(version)).toBeLessThanOrEqual(1 + size);
  });

  test('takes indexes while it runs, and none once it has stopped', async () => {
    const { informer, source, stop, start } = setUp({ newQueue, objects: [thing('a', 'red')] });
    const { ended } = await start();
    informer.addIndexers({ byColor: ({ spec }) => [spec?.color ?? ''] });
    source.set(thing('b', 'red'));
    await settle();
    expect(informer.indexer.byIndex('byColor', 'red')).toHaveLength(2);
    expect(() => informer.addIndexers({ byColor: () => [] })).toThrow(/indexer conflict/);
    stop.abort();
    await ended;
    expect(() => informer.addIndexers({ byName: () => [] })).toThrow(/the informer has stopped/);
  });
});

describe.each(queues)('transform, on %s', (_, newQueue) => {
  test('runs once for each object, before indexes and handlers see it', async () => {
    const transform = vi.fn<(object: Thing) => Thing>((object) => ({ ...object, spec: { color: 'grey' } }));
    const indexers = { byColor: ({ spec }: Thing) => [spec?.color ?? ''] };
    const { informer, source, start } = setUp({ newQueue, transform, indexers, objects: [thing('a', 'red')] });
    const colors: unknown[] = [];
    informer.addEventHandler({ onAdd: ({ spec }) => colors.push(spec?.color) });
    await start();
    source.set(thing('b', 'blue'));
    await settle();
    expect(transform).toHaveBeenCalledTimes(2);
    expect(colors).toEqual(['grey', 'grey']);
    expect(informer.indexer.byIndex('byColor', 'grey')).toHaveLength(2);
  });

  test('that throws is reported with the key; the cache keeps what it had, and can let go of it', async () => {
    const transform = (object: Thing): Thing => {
      if (object.spec?.color === 'poison') throw new Error('mine');
      return object;
    };
    const objects = [thing('a', 'red'), thing('b', 'poison')];
    const { informer, source, start, errors, clock } = setUp({ newQueue, transform, objects });
    const recorder = new Recorder();
    informer.addEventHandler(recorder);
    await start();
    expect(recorder.since()).toEqual(['add a initially']);
    source.set(thing('a', 'poison'));
    source.set(thing('c', 'red'));
    await settle();
    expect(recorder.since()).toEqual(['add c']);
    source.closeWatches(newResourceExpired('too old'));
    await clock.advance(2000);
    expect(recorder.since(), 'a list does not make a deletion of it').toEqual([]);
    expect(informer.indexer.getByKey('ns/a')?.spec?.color).toBe('red');
    source.delete('ns/a');
    await settle();
    expect(recorder.since()).toEqual(['delete ns/a unseen']);
    const reported = errors.map(({ stage, key }) => `${stage} ${key}`);
    expect(reported.toSorted()).toEqual(['a', 'a', 'a', 'b', 'b'].map((name) => `transform ns/${name}`));
    expect(errors[0]?.message).toBe('things: cannot take "ns/b": mine');
  });

  test('that returns nothing is reported', async () => {
    const transform = (() => undefined) as unknown as (object: Thing) => Thing;
    const { informer, start, errors } = setUp({ newQueue, transform, objects: [thing('a')] });
    await start();
    expect(errors).toMatchObject([
      { stage: 'transform', key: 'ns/a', cause: { message: 'transform returned undefined' } },
    ]);
    expect([informer.hasSynced(), informer.indexer.size]).toEqual([true, 0]);
  });
});

describe('what goes wrong', () => {
  test('with an index function is reported, and the object is there', async () => {
    const indexers = { broken: ({ spec }: Thing) => spec?.tags as string[] };
    const { informer, start, errors } = setUp({ indexers, objects: [thing('a')] });
    await start();
    expect(errors).toMatchObject([{ stage: 'index', key: 'ns/a' }]);
    expect(informer.indexer.listKeys()).toEqual(['ns/a']);
  });

  test('with an object without name is reported, and the rest is there', async () => {
    const { informer, source, start, errors } = setUp({ objects: [thing('a')] });
    await start();
    source.send({ type: 'ADDED', object: { metadata: { namespace: 'ns' } } });
    source.set(thing('b'));
    await settle();
    expect(errors).toMatchObject([{ stage: 'object', key: undefined }]);
    expect(informer.indexer.listKeys()).toEqual(['ns/a', 'ns/b']);
  });

  test.each(queues)('with the store is reported, and the rest goes on (%s)', async (_, newQueue) => {
    const store = newIndexer<Thing, string>();
    const set = store.set.bind(store);
    const refusing = (key: string, object: Thing): Thing | undefined => {
      if (object.metadata?.name === 'refused') throw new Error('disk full');
      return set(key, object);
    };
    const indexer: WritableIndexer<Thing, string> = Object.assign(store, { set: refusing });
    const { informer, source, start, errors } = setUp({ newQueue, indexer });
    await start();
    source.set(thing('refused'));
    source.set(thing('a'));
    await settle();
    expect(errors).toMatchObject([{ stage: 'store', message: 'things: the store refused a change: disk full' }]);
    expect(informer.indexer.listKeys()).toEqual(['ns/a']);
    expect(informer.indexer).toBe(indexer);
  });
});

describe.each(queues)('a store that refuses a change for a while, on %s', (_, newQueue) => {
  /** Refuses to set what is named so, for as long as it is full. */
  function refusingStore(): { readonly indexer: WritableIndexer<Thing, string>; full: boolean } {
    const store = newIndexer<Thing, string>();
    const check = (object: Thing): void => {
      if (refusing.full && object.metadata?.name === 'refused') throw new Error('disk full');
    };
    const set = store.set.bind(store);
    const start = store.startReplacement!.bind(store);
    const indexer: WritableIndexer<Thing, string> = Object.assign(store, {
      set: (key: string, object: Thing) => (check(object), set(key, object)),
      startReplacement: () => {
        const replacement = start();
        return {
          set: (key: string, object: Thing) => (check(object), replacement.set(key, object)),
          commit: () => replacement.commit(),
        };
      },
    });
    const refusing = { indexer, full: true };
    return refusing;
  }

  test('gets it with a new list; meanwhile nobody is told that it was reached', async () => {
    const store = refusingStore();
    const { informer, source, start, errors, clock } = setUp({ newQueue, indexer: store.indexer });
    const told = new Recorder();
    informer.addEventHandler(told);
    await start();
    const before = informer.lastSyncResourceVersion();
    source.set(thing('refused'));
    source.set(thing('a'));
    await settle();
    expect(told.since()).toEqual(['add a']);
    expect(informer.lastSyncResourceVersion()).toBe(before);
    await clock.advance(5000);
    expect(errors.length).toBeGreaterThan(1);
    expect(informer.lastSyncResourceVersion()).toBe(before);
    store.full = false;
    await clock.advance(30_000);
    expect(told.since()).toEqual(['add refused']);
    expect(informer.lastSyncResourceVersion()).toBe('3');
    expect(new Set(errors.map(({ stage }) => stage))).toEqual(new Set(['store']));
    expect(informer.health().relists.store).toBeGreaterThan(1);
    const lists = informer.health().relists.store;
    await clock.advance(60_000);
    expect(informer.health().relists.store).toBe(lists);
  });

  test('has not synced before it has taken all of a list', async () => {
    const store = refusingStore();
    const objects = [thing('a'), thing('refused')];
    const { informer, start, clock } = setUp({ newQueue, indexer: store.indexer, objects });
    await start();
    expect([informer.hasSynced(), informer.health().synced, informer.lastSyncResourceVersion()]).toEqual([
      false,
      false,
      '',
    ]);
    store.full = false;
    await clock.advance(30_000);
    expect([informer.hasSynced(), informer.lastSyncResourceVersion()]).toEqual([true, '3']);
    expect(informer.indexer.listKeys().toSorted()).toEqual(['ns/a', 'ns/refused']);
  });
});

describe('health', () => {
  test('is told to whoever asks, until they do not any more', async () => {
    const options: string[] = [];
    const { informer, source, start, stop, clock, errors } = setUp({
      onHealth: ({ state, synced }) => options.push(`${state} ${synced}`),
    });
    const states: string[] = [];
    const registration = informer.addHealthHandler(({ state }) => states.push(state));
    informer.addHealthHandler(() => {
      throw new Error('mine');
    });
    expect(informer.health()).toMatchObject({ state: 'new', synced: false, lastEventAgeMs: undefined });
    const { ended } = await start();
    expect(informer.health()).toMatchObject({ state: 'watching', synced: true, lastSyncResourceVersion: '1' });
    await clock.advance(2000);
    source.closeWatches(new Error('not JSON'));
    await settle();
    registration[Symbol.dispose]();
    registration[Symbol.dispose]();
    stop.abort();
    await ended;
    expect(states).toEqual(['syncing', 'watching', 'retrying']);
    expect(options.at(-1)).toBe('stopped true');
    expect(informer.health().state).toBe('stopped');
    expect(errors.filter(({ stage }) => stage === 'handler')).toHaveLength(4);
  });
});

describe('freeze', () => {
  const tagged = (): Thing => ({ metadata: { namespace: 'ns', name: 'a' }, spec: { tags: ['x'] } });

  test('makes changing a cached object throw, at any depth', async () => {
    const transform = (object: Thing): Thing => ({ ...object, spec: { ...object.spec, color: 'grey' } });
    const { informer, start } = setUp({ freeze: true, transform, objects: [tagged()] });
    await start();
    const cached = informer.indexer.getByKey('ns/a');
    expect(() => cached?.spec?.tags?.push('y')).toThrow(TypeError);
    expect(() => Object.assign(cached?.metadata ?? {}, { name: 'b' })).toThrow(TypeError);
    expect(cached?.spec?.color).toBe('grey');
  });
});
