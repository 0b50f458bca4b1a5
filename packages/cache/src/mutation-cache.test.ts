import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { metaNamespaceKey } from './key.js';
import { newIndexer } from './map-indexer.js';
import { MutationCache, type MutationCacheOptions } from './mutation-cache.js';
import { NamespaceIndex, type WritableIndexer } from './store.js';

interface Thing extends KubernetesObject {
  color?: string;
}

function thing(name: string, version: string, color = 'red', uid = 'u1'): Thing {
  return { metadata: { namespace: 'ns', name, resourceVersion: version, uid }, color };
}

const byColor = ({ color }: Thing): string[] => (color === undefined ? [] : [color]);

interface Setting {
  readonly clock: FakeClock;
  readonly indexer: WritableIndexer<Thing, 'byColor' | typeof NamespaceIndex>;
  readonly mutations: MutationCache<Thing, 'byColor'>;
  readonly versionOf: (name: string) => string | undefined;
  readonly named: (value: string) => (string | undefined)[];
}

function setUp(things: readonly Thing[], options: MutationCacheOptions<Thing, 'byColor'> = {}): Setting {
  const clock = new FakeClock();
  const byNamespace = ({ metadata }: Thing): string[] => [metadata?.namespace ?? ''];
  const indexer = newIndexer({ indexers: { byColor, [NamespaceIndex]: byNamespace } });
  for (const object of things) indexer.set(metaNamespaceKey(object), object);
  const mutations = new MutationCache<Thing, 'byColor'>(indexer, { clock, ...options });
  return {
    clock,
    indexer,
    mutations,
    versionOf: (name) => mutations.getByKey(`ns/${name}`)?.metadata?.resourceVersion,
    named: (value) => mutations.byIndex('byColor', value).map(({ metadata }) => metadata?.name),
  };
}

test.each<[cached: string, mutated: string, given: string]>([
  ['2', '3', '3'],
  ['3', '3', '3'],
  ['4', '3', '4'],
  ['9', '10', '10'],
  ['v1', 'v2', 'v1'],
])('of version %s cached and %s written, %s is given', (cached, mutated, given) => {
  const { mutations, versionOf } = setUp([thing('a', cached)]);
  mutations.mutation(thing('a', mutated));
  expect(versionOf('a')).toBe(given);
});

test('a mutation that was overtaken is forgotten, and not given when the cache goes back', () => {
  const { mutations, indexer, versionOf } = setUp([thing('a', '4')]);
  mutations.mutation(thing('a', '3'));
  expect(versionOf('a')).toBe('4');
  indexer.set('ns/a', thing('a', '2'));
  expect(versionOf('a')).toBe('2');
});

test('of two mutations the newer one counts, in whatever order they come', () => {
  const { mutations, versionOf } = setUp([thing('a', '1')]);
  for (const version of ['3', '2']) mutations.mutation(thing('a', version));
  expect(versionOf('a')).toBe('3');
  mutations.mutation(thing('a', '4'));
  expect(versionOf('a')).toBe('4');
});

test.each([
  [false, undefined],
  [true, '3'],
])('with includeAdds %s an object that the cache does not have is given as %s', (includeAdds, given) => {
  const { mutations, versionOf } = setUp([], { includeAdds });
  mutations.mutation(thing('a', '3'));
  expect(versionOf('a')).toBe(given);
});

test('a mutation is believed for five minutes, or for as long as was said', async () => {
  for (const ttlMs of [undefined, 1000]) {
    const { mutations, versionOf, clock } = setUp([thing('a', '1')], { ttlMs });
    mutations.mutation(thing('a', '2'));
    await clock.advance(ttlMs ?? 300_000);
    expect(versionOf('a')).toBe('2');
    await clock.advance(1);
    expect(versionOf('a')).toBe('1');
    mutations.mutation(thing('a', '0'));
    expect(versionOf('a')).toBe('1');
  }
});

test('a hundred mutations are remembered, or as many as was said: those that were used last', () => {
  for (const maxSize of [undefined, 2]) {
    const { mutations, versionOf } = setUp([], { includeAdds: true, maxSize });
    const count = maxSize ?? 100;
    for (let n = 0; n < count; n++) mutations.mutation(thing(`o${n}`, '2'));
    expect(versionOf('o0')).toBe('2');
    mutations.mutation(thing('last', '2'));
    expect([versionOf('o0'), versionOf('o1'), versionOf('last')]).toEqual(['2', undefined, '2']);
  }
});

describe('by index', () => {
  test('objects are given as they were written', () => {
    const { mutations } = setUp([thing('a', '1'), thing('b', '1')]);
    mutations.mutation(thing('a', '2'));
    const found = mutations.byIndex('byColor', 'red').map(({ metadata }) => metadata?.resourceVersion);
    expect(found).toEqual(['2', '1']);
    expect(mutations.byIndex(NamespaceIndex, 'ns')).toHaveLength(2);
  });

  test('an object whose value has changed is found by the new one only', () => {
    const { mutations, named } = setUp([thing('a', '1')], { includeAdds: true, indexers: { byColor } });
    mutations.mutation(thing('a', '2', 'blue'));
    expect([named('red'), named('blue')]).toEqual([[], ['a']]);
  });

  test('objects that the cache does not have are found with includeAdds, and others not twice', () => {
    for (const includeAdds of [false, true]) {
      const { mutations, named } = setUp([thing('a', '1')], { includeAdds, indexers: { byColor } });
      mutations.mutation(thing('a', '2'));
      mutations.mutation(thing('new', '2'));
      mutations.mutation(thing('other', '2', 'blue'));
      expect(named('red')).toEqual(includeAdds ? ['a', 'new'] : ['a']);
    }
  });

  test('a mutation that the cache has overtaken, or that is too old, finds nothing', async () => {
    const { mutations, named, clock } = setUp([thing('a', '3', 'blue')], { includeAdds: true, indexers: { byColor } });
    mutations.mutation(thing('a', '2'));
    mutations.mutation(thing('new', '2'));
    expect(named('red')).toEqual(['new']);
    await clock.advance(300_001);
    expect(named('red')).toEqual([]);
  });

  test('an index that does not exist is refused; with includeAdds also one whose function is not known', () => {
    const { mutations } = setUp([], { includeAdds: true });
    expect(() => mutations.byIndex('byColor', 'red')).toThrow('"byColor" is not in the indexers of the mutation cache');
    expect(() => mutations.byIndex('toString' as 'byColor', 'red')).toThrow(RangeError);
  });
});

describe('as a handler', () => {
  test('forgets what the cache has overtaken', () => {
    const { mutations, indexer, versionOf } = setUp([thing('a', '1')]);
    for (const tell of [
      (object: Thing) => mutations.onAdd(object),
      (object: Thing) => mutations.onUpdate(thing('a', '1'), object),
    ]) {
      mutations.mutation(thing('a', '2'));
      tell(thing('a', '3'));
      indexer.set('ns/a', thing('a', '1'));
      expect(versionOf('a')).toBe('1');
    }
  });

  test.each<[what: string, mutation: Thing, given: string | undefined]>([
    ['older', thing('a', '4'), undefined],
    ['newer, as of the write that deleted it', thing('a', '6'), undefined],
    ['of another object of that name, but older', thing('a', '4', 'red', 'u2'), undefined],
    ['of another object of that name', thing('a', '6', 'red', 'u2'), '6'],
  ])('takes no mutation of what was deleted: one that is %s', (_, mutation, given) => {
    const { mutations, versionOf } = setUp([], { includeAdds: true, indexers: { byColor } });
    mutations.mutation(thing('a', '3'));
    mutations.onDelete({ finalStateUnknown: false, key: 'ns/a', object: thing('a', '5') });
    expect(versionOf('a')).toBeUndefined();
    mutations.mutation(mutation);
    expect(versionOf('a')).toBe(given);
    expect(mutations.byIndex('byColor', 'red')).toHaveLength(given === undefined ? 0 : 1);
  });

  test('gives what the cache has, and never what it remembers of a deletion', () => {
    const { mutations, versionOf } = setUp([thing('a', '4')]);
    mutations.onDelete({ finalStateUnknown: false, key: 'ns/a', object: thing('a', '5') });
    expect(versionOf('a')).toBe('4');
  });

  test('knows that an object which came after the deleted one is there', () => {
    const { mutations, versionOf } = setUp([], { includeAdds: true });
    mutations.mutation(thing('a', '6', 'red', 'u2'));
    mutations.onDelete({ finalStateUnknown: false, key: 'ns/a', object: thing('a', '5') });
    expect(versionOf('a')).toBe('6');
  });

  test('remembers mutations, however many others are deleted', () => {
    const { mutations, versionOf } = setUp([thing('a', '1')]);
    mutations.mutation(thing('a', '2'));
    for (let n = 0; n < 200; n++) {
      const object = thing(`o${n}`, '5', 'red', `u${n}`);
      mutations.onDelete({ finalStateUnknown: false, key: `ns/o${n}`, object });
    }
    expect(versionOf('a')).toBe('2');
  });

  test('of a deletion of which nothing is known forgets the mutation', () => {
    const { mutations, versionOf } = setUp([], { includeAdds: true });
    mutations.mutation(thing('a', '3'));
    mutations.onDelete({ finalStateUnknown: true, key: 'ns/a', object: undefined });
    expect(versionOf('a')).toBeUndefined();
    mutations.mutation(thing('a', '4'));
    expect(versionOf('a')).toBe('4');
  });
});
