import type { KubernetesList, KubernetesObject, Lister, ListOptions } from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import { findInconsistencies } from './find-inconsistencies.js';
import { newIndexer } from './map-indexer.js';
import type { WritableIndexer } from './store.js';

type Versions = Readonly<Record<string, string>>;

function object(name: string, resourceVersion: string): KubernetesObject {
  return { metadata: { name, resourceVersion } };
}

/** Lists one state after the other, and keeps what it was asked. */
class StatesLister implements Lister<KubernetesObject> {
  readonly asked: ListOptions[] = [];
  readonly #states: Versions[];

  constructor(...states: Versions[]) {
    this.#states = states;
  }

  async list(options: ListOptions = {}): Promise<KubernetesList<KubernetesObject>> {
    this.asked.push(options);
    const state = this.#states.length > 1 ? this.#states.shift() : this.#states[0];
    const items = Object.entries(state ?? {}).map(([name, version]) => object(name, version));
    return { metadata: { resourceVersion: options.resourceVersion ?? '' }, items };
  }
}

/** A cache that is as of version 10. */
function cacheOf(versions: Versions): {
  indexer: WritableIndexer<KubernetesObject>;
  lastSyncResourceVersion: () => string;
} {
  const indexer = newIndexer<KubernetesObject>();
  for (const [name, version] of Object.entries(versions)) indexer.set(name, object(name, version));
  return { indexer, lastSyncResourceVersion: () => '10' };
}

describe('a cache that has', () => {
  test.each<[what: string, cached: Versions, listed: Versions, found: string[]]>([
    ['what the server has', { a: '1', b: '2' }, { b: '2', a: '1' }, []],
    ['nothing, as the server', {}, {}, []],
    ['an older state', { a: '1' }, { a: '2' }, ['a: 1 for 2']],
    ['a state that never was', { a: '3' }, { a: '2' }, ['a: 3 for 2']],
    ['missed an object', {}, { a: '2' }, ['a: undefined for 2']],
    ['missed a deletion', { a: '2' }, {}, ['a: 2 for undefined']],
    ['taken a change of later', { a: '11', b: '12' }, { a: '2' }, []],
  ])('%s', async (_, cached, listed, found) => {
    const result = await findInconsistencies(cacheOf(cached), new StatesLister(listed));
    expect(result.map((each) => `${each.key}: ${each.cached} for ${each.listed}`)).toEqual(found);
  });
});

test('what a server has is asked for at the version of the cache, and once when all is well', async () => {
  const lister = new StatesLister({ a: '1' });
  const { signal } = new AbortController();
  await findInconsistencies(cacheOf({ a: '1' }), lister, { signal });
  expect(lister.asked).toMatchObject([{ resourceVersion: '10', resourceVersionMatch: 'Exact', signal }]);
});

test('what the cache was just about to take is no inconsistency', async () => {
  const cache = cacheOf({ a: '1', c: '3' });
  // Of b, the deletion is taken while the server is asked.
  const lister = new StatesLister({ a: '1', b: '2', c: '4' }, { a: '1', c: '4' });
  expect(await findInconsistencies(cache, lister)).toEqual([{ key: 'c', cached: '3', listed: '4' }]);
});

test('a cache without a list, and a server that remembers no such version, cannot be compared', async () => {
  const unsynced = { ...cacheOf({}), lastSyncResourceVersion: () => '' };
  await expect(findInconsistencies(unsynced, new StatesLister({}))).rejects.toThrow('the cache holds no list');
  const error = newResourceExpired('too old');
  await expect(findInconsistencies(cacheOf({}), { list: () => Promise.reject(error) })).rejects.toBe(error);
});
