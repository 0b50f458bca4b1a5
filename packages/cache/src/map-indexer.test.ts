import { describe, expect, test, vi } from 'vitest';
import { type IndexError, newIndexer } from './map-indexer.js';
import type { WritableIndexer } from './store.js';

interface Thing {
  readonly id: string;
  readonly tags: readonly string[];
}

function thing(id: string, ...tags: string[]): Thing {
  return { id, tags };
}

/** What every indexer has to do; add an implementation here to prove it. */
describe.each([['newIndexer', newIndexer<Thing, 'byTag'>]] as const)('%s', (_, make) => {
  function setUp(...things: Thing[]): WritableIndexer<Thing, 'byTag'> {
    const indexer = make({ indexers: { byTag: ({ tags }) => tags } });
    for (const object of things) indexer.set(object.id, object);
    return indexer;
  }
  const idsOf = (things: readonly Thing[]): string[] => things.map(({ id }) => id).toSorted();

  test('gives back what was set, and what was there before', () => {
    const indexer = setUp();
    const [first, second] = [thing('a', 'x'), thing('a', 'y')];
    expect(indexer.set('a', first)).toBeUndefined();
    expect(indexer.set('a', second)).toBe(first);
    expect(indexer.getByKey('a')).toBe(second);
    expect(indexer.delete('a')).toBe(second);
    expect(indexer.delete('a')).toBeUndefined();
    expect([indexer.size, indexer.list(), indexer.listKeys()]).toEqual([0, [], []]);
  });

  test('finds objects by every value of an index', () => {
    const indexer = setUp(thing('a', 'x', 'y'), thing('b', 'y'), thing('c'));
    expect(idsOf(indexer.byIndex('byTag', 'x'))).toEqual(['a']);
    expect(idsOf(indexer.byIndex('byTag', 'y'))).toEqual(['a', 'b']);
    expect(indexer.indexKeys('byTag', 'y').toSorted()).toEqual(['a', 'b']);
    expect(indexer.byIndex('byTag', 'z')).toEqual([]);
  });

  test('follows an object whose values change, and one that goes', () => {
    const indexer = setUp(thing('a', 'x', 'y'), thing('b', 'x'));
    indexer.set('a', thing('a', 'y', 'z'));
    expect(idsOf(indexer.byIndex('byTag', 'x'))).toEqual(['b']);
    expect(idsOf(indexer.byIndex('byTag', 'z'))).toEqual(['a']);
    indexer.delete('a');
    expect(indexer.byIndex('byTag', 'y')).toEqual([]);
  });

  test('gives the newest object through an index whose values stay', () => {
    const indexer = setUp(thing('a', 'x'));
    const newer = thing('a', 'x');
    indexer.set('a', newer);
    expect(indexer.byIndex('byTag', 'x')[0]).toBe(newer);
  });

  test('replaces everything at once', () => {
    const indexer = setUp(thing('a', 'x'), thing('b', 'y'));
    indexer.replace(new Map([['c', thing('c', 'x')]]));
    expect(indexer.listKeys()).toEqual(['c']);
    expect(idsOf(indexer.byIndex('byTag', 'x'))).toEqual(['c']);
    expect(indexer.byIndex('byTag', 'y')).toEqual([]);
  });

  test('takes new indexes over what it holds, and refuses a name that is taken', () => {
    const indexer = setUp(thing('a', 'x'));
    indexer.addIndexers({ byId: ({ id }: Thing) => [id] });
    expect((indexer as WritableIndexer<Thing, string>).byIndex('byId', 'a')).toHaveLength(1);
    expect(() => indexer.addIndexers({ byTag: () => [] })).toThrow(/indexer conflict/);
  });

  test('refuses an index that does not exist', () => {
    expect(() => (setUp() as WritableIndexer<Thing, string>).byIndex('byNothing', 'x')).toThrow(
      /"byNothing" does not exist/,
    );
  });

  test('a value that an object gives twice finds it once', () => {
    expect(setUp(thing('a', 'x', 'x')).byIndex('byTag', 'x')).toHaveLength(1);
  });

  test('values named as members of Object are values', () => {
    const indexer = setUp(thing('a', '__proto__', 'constructor'));
    expect(indexer.byIndex('byTag', '__proto__')).toHaveLength(1);
    expect(indexer.byIndex('byTag', 'toString')).toEqual([]);
  });
});

test('an index function that throws is reported with index and key, and keeps nothing else from working', () => {
  const onError = vi.fn<(error: IndexError) => void>();
  const indexer = newIndexer<Thing, 'byTag' | 'broken'>({
    indexers: {
      byTag: ({ tags }) => tags,
      broken: ({ id }) => {
        if (id === 'bad') throw new Error('poison');
        return [id];
      },
    },
    onError,
  });
  indexer.set('bad', thing('bad', 'x'));
  indexer.set('good', thing('good', 'x'));
  expect(indexer.byIndex('byTag', 'x').map(({ id }) => id)).toEqual(['bad', 'good']);
  expect(indexer.byIndex('broken', 'good')).toHaveLength(1);
  expect(onError).toHaveBeenCalledOnce();
  expect(onError.mock.calls[0]?.[0]).toMatchObject({ index: 'broken', key: 'bad', cause: new Error('poison') });
});
