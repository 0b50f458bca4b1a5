import type { KubernetesList, KubernetesObject, ListOptions } from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { Reflector } from './reflector.js';
import type { ReflectorOptions } from './reflector-options.js';
import { named, RecordingStore, run } from './reflector.test.kit.js';
import { FakeSource } from './testing/fake-source.js';

function sourceOf(...names: string[]): FakeSource {
  const source = new FakeSource();
  for (const name of names) source.set(named(name));
  return source;
}

describe('a reflector', () => {
  test('lists, and watches from there', async () => {
    const { source, store, reflector, requests } = run({ source: sourceOf('a', 'b') });
    await settle();
    expect(store.calls).toEqual(['replace [a, b] at 3']);
    source.set(named('c'));
    source.set(named('a'));
    source.delete('b');
    await settle();
    expect(store.calls.slice(1)).toEqual(['add c', 'update a', 'delete b']);
    expect(requests()).toEqual(['list "0"', 'watch "3"']);
    expect([reflector.state.name, reflector.lastSyncResourceVersion]).toEqual(['watch', '6']);
  });

  test.each([
    { after: '5 to 10 minutes', minWatchTimeoutMs: undefined, least: 300 },
    { after: 'a time from that asked for to its double', minWatchTimeoutMs: 3_600_000, least: 3600 },
  ])('asks for watches with bookmarks that end after $after, each after its own', async (row) => {
    const { minWatchTimeoutMs, least } = row;
    const { source } = run({ minWatchTimeoutMs });
    for (let i = 0; i < 20; i++) {
      await settle();
      source.set(named('a'));
      await settle();
      source.closeWatches();
    }
    const timeouts = source.watches.map(({ timeoutSeconds }) => timeoutSeconds ?? 0);
    expect(new Set(timeouts).size).toBeGreaterThan(15);
    expect(Math.min(...timeouts)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...timeouts)).toBeLessThan(2 * least);
    expect(source.watches.every((options) => options.allowWatchBookmarks)).toBe(true);
    expect(source.watches.some((options) => 'sendInitialEvents' in options)).toBe(false);
  });

  test('a watch that ends is followed by one from the last version seen, bookmarks included', async () => {
    const { source, requests, errors } = run({ source: sourceOf('a') });
    await settle();
    source.set(named('a'));
    await settle();
    source.closeWatches();
    await settle();
    expect(requests()).toEqual(['list "0"', 'watch "2"', 'watch "3"']);
    source.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '17' } } });
    await settle();
    source.closeWatches();
    await settle();
    expect([requests(), errors]).toEqual([['watch "17"'], []]);
  });

  test('hands bookmarks on, but none without a version', async () => {
    const { source, store, reflector } = run();
    await settle();
    source.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '17' } } });
    source.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '' } } });
    await settle();
    expect(store.calls.slice(1)).toEqual(['bookmark 17']);
    expect(reflector.lastSyncResourceVersion).toBe('17');
  });
});

describe('with initial events', () => {
  test('the list is a stream, and the same watch goes on', async () => {
    const { source, store, requests, reflector } = run({ watchList: true, source: sourceOf('a', 'b') });
    await settle();
    source.set(named('c'));
    await settle();
    expect(store.calls).toEqual(['replace [a, b] at 3', 'add c']);
    expect(requests()).toEqual(['watchList ""']);
    expect(source.watches).toMatchObject([
      { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan', allowWatchBookmarks: true },
    ]);
    expect([reflector.state.name, reflector.lastSyncResourceVersion]).toEqual(['watchList', '4']);
  });

  test('nothing is stored before they have ended, and then what is true in the end', async () => {
    const source = new FakeSource();
    source.silent = true;
    const { store } = run({ watchList: true, source });
    await settle();
    source.silent = false;
    source.send({ type: 'ADDED', object: named('a', '1') });
    source.send({ type: 'ADDED', object: named('b', '2') });
    source.send({ type: 'MODIFIED', object: named('a', '3') });
    source.send({ type: 'DELETED', object: named('b', '4') });
    await settle();
    expect(store.calls).toEqual([]);
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    source.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '4', annotations } } });
    await settle();
    expect(store.calls).toEqual(['replace [a] at 4']);
    expect(store.objects.get('a')).toEqual(named('a', '3'));
  });

  test('a version that is too old is read anew as a stream', async () => {
    const { source, clock, requests } = run({ watchList: true, source: sourceOf('a') });
    await settle();
    source.closeWatches(newResourceExpired('too old'));
    await clock.advance(2000);
    expect(requests()).toEqual(['watchList ""', 'watchList ""']);
  });
});

describe('pages', () => {
  /** Answers with pages of one object where a limit is given, as a server without cache does. */
  function paging(source: FakeSource, honours: (options: ListOptions) => boolean): FakeSource {
    const whole = source.list.bind(source);
    const list = async (options: ListOptions = {}): Promise<KubernetesList<KubernetesObject>> => {
      const { metadata, items } = await whole(options);
      if (!options.limit || !honours(options)) return { metadata, items };
      const at = Number(options.continue ?? 0);
      const rest = at + 1 < items.length ? { continue: String(at + 1) } : {};
      return { metadata: { ...metadata, ...rest }, items: items.slice(at, at + 1) };
    };
    return Object.assign(source, { list });
  }
  const limitsOf = (source: FakeSource): unknown[] => source.lists.splice(0).map(({ limit }) => limit);

  test('are of 500, but not where the cache of the server can answer', async () => {
    const { source, clock } = run({ source: paging(sourceOf('a', 'b'), ({ resourceVersion }) => !resourceVersion) });
    await settle();
    expect(limitsOf(source)).toEqual([500]);
    source.failLists(newResourceExpired('too old'));
    source.closeWatches(new Error('odd'));
    await clock.advance(2000);
    expect(limitsOf(source), 'the last version from the cache, then the newest').toEqual([0, 500, 500]);
  });

  test('are kept to where the server has no cache', async () => {
    const { source, store, clock } = run({ source: paging(sourceOf('a', 'b'), () => true) });
    await settle();
    expect(store.calls).toEqual(['replace [a, b] at 3']);
    source.closeWatches(new Error('odd'));
    await clock.advance(2000);
    expect(limitsOf(source)).toEqual([500, 500, 500, 500]);
  });

  test('are of the size that was asked for, whoever can answer', async () => {
    const { source, store, clock } = run({ source: paging(sourceOf('a', 'b'), () => true), pageSize: 7 });
    await settle();
    source.failLists(newResourceExpired('too old'));
    source.closeWatches(new Error('odd'));
    await clock.advance(2000);
    expect(limitsOf(source)).toEqual([7, 7, 7, 7, 7]);
    expect(store.calls).toEqual(['replace [a, b] at 3', 'replace [a, b] at 3']);
  });
});

test.each<[ReflectorOptions, string]>([
  [{ pageSize: 0 }, 'pageSize must be a whole number from 1 on, got 0'],
  [{ pageSize: 1.5 }, 'pageSize must be a whole number from 1 on, got 1.5'],
  [{ minWatchTimeoutMs: 999 }, 'minWatchTimeoutMs must be at least 1000, and finite, got 999'],
  [{ minWatchTimeoutMs: Infinity }, 'minWatchTimeoutMs must be at least 1000, and finite, got Infinity'],
  [{ maxInternalErrorRetryMs: -1 }, 'maxInternalErrorRetryMs must be at least 0, got -1'],
  [{ backoff: { durationMs: 0 } }, 'backoff.durationMs must be greater than 0, got 0'],
])('%o is refused', (options, message) => {
  expect(() => new Reflector(new FakeSource(), new RecordingStore(), options)).toThrow(new RangeError(message));
});

test('asks for other options where it was told so, and loses none of its own', async () => {
  const asked: ListOptions[] = [];
  const source = sourceOf('a');
  source.watchList = false;
  const { clock } = run({
    source,
    watchList: true,
    tweakListOptions: (options) => {
      asked.push(options);
      return { labelSelector: 'app=web' };
    },
  });
  await clock.advance(31_000);
  const signal: unknown = expect.any(AbortSignal);
  expect(source.watches).toMatchObject([
    { labelSelector: 'app=web', sendInitialEvents: true, signal },
    { labelSelector: 'app=web', resourceVersion: '2', allowWatchBookmarks: true },
  ]);
  expect(source.lists).toMatchObject([{ labelSelector: 'app=web', resourceVersion: '0', limit: 500 }]);
  expect(asked).toHaveLength(3);
});

describe('objects that cannot be taken', () => {
  const nameless: KubernetesObject = { metadata: { namespace: 'ns' } };

  test.each([true, false])(
    'are reported, and keep no other out of the first list (watchList: %s)',
    async (watchList) => {
      const source = sourceOf('a', 'b');
      const list = source.list.bind(source);
      source.list = async (options) => {
        const { metadata, items } = await list(options);
        return { metadata, items: [nameless, ...items] };
      };
      if (watchList) source.silent = true;
      const { store, errors } = run({ watchList, source });
      await settle();
      if (watchList) {
        source.silent = false;
        for (const object of [nameless, named('a'), named('b')]) source.send({ type: 'ADDED', object });
        const annotations = { 'k8s.io/initial-events-end': 'true' };
        source.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '3', annotations } } });
        await settle();
      }
      expect(store.calls).toEqual(['replace [a, b] at 3']);
      expect(errors).toMatchObject([{ stage: 'object', key: undefined }]);
    },
  );

  test('are reported, and keep no later change from being taken', async () => {
    const { source, store, errors, reflector } = run({ name: 'pods' });
    await settle();
    source.send({ type: 'ADDED', object: { metadata: { namespace: 'ns', resourceVersion: '8' } } });
    source.send({ type: 'ADDED', object: named('a', '9') });
    await settle();
    expect(store.calls.slice(1)).toEqual(['bookmark 8', 'add a']);
    expect(errors).toMatchObject([{ message: 'pods: cannot store: object has no metadata.name' }]);
    expect(reflector.lastSyncResourceVersion).toBe('9');
  });

  test.each([
    ['metadata that is null', { metadata: null }],
    ['metadata that is text', { metadata: 'text' }],
    ['a name that is a number', { metadata: { namespace: 'ns', name: 5 } }],
    ['a namespace that is none', { metadata: { namespace: {}, name: 'b' } }],
    ['a version that is none', { metadata: { resourceVersion: 8 } }],
  ])('with %s are reported, in lists and in watches', async (_, object) => {
    const poison = object as unknown as KubernetesObject;
    const lister = {
      list: () => Promise.resolve({ metadata: { resourceVersion: '3' }, items: [named('a'), poison] }),
    };
    const { source, store, errors, reflector } = run({
      through: (inner) => ({ ...lister, watch: (options) => inner.watch(options) }),
    });
    await settle();
    source.send({ type: 'ADDED', object: poison });
    source.send({ type: 'ADDED', object: named('c', '9') });
    await settle();
    expect(store.calls).toEqual(['replace [a] at 3', 'add c']);
    expect(errors).toMatchObject([
      { stage: 'object', key: undefined },
      { stage: 'object', key: undefined },
    ]);
    expect(reflector.lastSyncResourceVersion).toBe('9');
  });

  test.each([true, false])(
    'are deleted, and nobody can read what: a list tells, after a pause (watchList: %s)',
    async (watchList) => {
      const { source, clock, store, errors, requests, reflector } = run({ watchList, source: sourceOf('a', 'b') });
      await settle();
      requests();
      source.send({ type: 'DELETED', object: { metadata: { namespace: 'ns', resourceVersion: '8' } } });
      await clock.advance(12_000);
      expect(requests()).toEqual(watchList ? ['watchList "3"'] : ['list "3"', 'watch "3"']);
      expect(errors.map(({ stage }) => stage)).toEqual(['object', 'watch']);
      expect(errors[1]?.message).toBe('objects: watch failed: an object was deleted whose key cannot be read');
      expect(reflector.health()).toMatchObject({ state: 'watching', relists: { protocol: 1 } });
      expect(store.objects.size).toBe(2);
    },
  );

  test('keep what is gone no longer than until a watch ends after five minutes', async () => {
    const source = sourceOf('a');
    const list = source.list.bind(source);
    let poisoned = true;
    source.list = async (options) => {
      const { metadata, items } = await list(options);
      return { metadata, items: poisoned ? [...items, nameless] : items };
    };
    const { clock, requests } = run({ source });
    const pass = async (minutes: number): Promise<string[]> => {
      for (let minute = 0; minute < minutes; minute++) {
        await clock.advance(60_000);
        source.bookmark();
      }
      source.closeWatches();
      await clock.advance(0);
      return requests();
    };
    expect(await pass(4), 'soon').toEqual(['list "0"', 'watch "2"', 'watch "2"']);
    expect(await pass(1), 'later').toEqual(['list "2"', 'watch "2"']);
    poisoned = false;
    expect(await pass(5)).toEqual(['list "2"', 'watch "2"']);
    expect(await pass(5), 'no more').toEqual(['watch "2"']);
  });

  test('are deleted among initial events, and nobody can read what: they are listed instead', async () => {
    const source = sourceOf('a', 'b');
    source.silent = true;
    const { clock, store, requests } = run({ watchList: true, source });
    await settle();
    source.silent = false;
    source.send({ type: 'DELETED', object: nameless });
    await clock.advance(1600);
    expect(requests()).toEqual(['watchList ""', 'list "0"', 'watch "3"']);
    expect(store.calls).toEqual(['replace [a, b] at 3']);
  });
});
