import type { ObjectKey } from '../key.js';
import type { Indexers, WritableIndexer } from '../store.js';
import { expectEqual, expectThrows } from './expect-equal.js';

/** What the cases keep in the indexer; its `tags` are the values of the index `byTag`. */
export interface Thing {
  readonly id: string;
  readonly tags: readonly string[];
}

/** Makes an empty indexer with these indexes. */
export type MakeIndexer = (indexers: Indexers<Thing, string>) => WritableIndexer<Thing, string>;

/** One thing that holds for every indexer; throws where it does not. */
export type IndexerCase = (make: MakeIndexer) => void;

function thing(id: string, ...tags: string[]): Thing {
  return { id, tags };
}

function setUp(make: MakeIndexer, ...things: Thing[]): WritableIndexer<Thing, string> {
  const indexer = make({ byTag: ({ tags }) => tags });
  for (const object of things) indexer.set(object.id, object);
  return indexer;
}

function idsOf(things: readonly Thing[]): string[] {
  return things.map(({ id }) => id).toSorted();
}

/**
 * What every `WritableIndexer` has to do, by name. Objects may be kept in any form, so what is read is compared by value.
 *
 * ```ts
 * for (const [name, run] of Object.entries(indexerCases)) test(name, () => run(make));
 * ```
 */
export const indexerCases: Readonly<Record<string, IndexerCase>> = {
  'gives back what was set, and what was there before': (make) => {
    const indexer = setUp(make);
    expectEqual(indexer.set('a', thing('a', 'x')) === undefined, true);
    expectEqual(indexer.set('a', thing('a', 'y')), thing('a', 'x'));
    expectEqual(indexer.getByKey('a'), thing('a', 'y'));
    expectEqual(indexer.delete('a'), thing('a', 'y'));
    expectEqual(indexer.delete('a') === undefined, true);
    expectEqual([indexer.size, indexer.list(), indexer.listKeys()], [0, [], []]);
  },

  'finds objects by every value of an index': (make) => {
    const indexer = setUp(make, thing('a', 'x', 'y'), thing('b', 'y'), thing('c'));
    expectEqual(idsOf(indexer.byIndex('byTag', 'x')), ['a']);
    expectEqual(idsOf(indexer.byIndex('byTag', 'y')), ['a', 'b']);
    expectEqual(indexer.indexKeys('byTag', 'y').toSorted(), ['a', 'b']);
    expectEqual(indexer.byIndex('byTag', 'z'), []);
  },

  'knows the values that find something, and no others': (make) => {
    const indexer = setUp(make, thing('a', 'x', 'y'), thing('b', 'y'), thing('c'));
    expectEqual(indexer.indexValues('byTag').toSorted(), ['x', 'y']);
    indexer.set('a', thing('a', 'z'));
    indexer.delete('b');
    expectEqual(indexer.indexValues('byTag'), ['z']);
    indexer.replace(new Map());
    expectEqual(indexer.indexValues('byTag'), []);
  },

  'follows an object whose values change, and one that goes': (make) => {
    const indexer = setUp(make, thing('a', 'x', 'y'), thing('b', 'x'));
    indexer.set('a', thing('a', 'y', 'z'));
    expectEqual(idsOf(indexer.byIndex('byTag', 'x')), ['b']);
    expectEqual(idsOf(indexer.byIndex('byTag', 'z')), ['a']);
    indexer.delete('a');
    expectEqual(indexer.byIndex('byTag', 'y'), []);
    expectEqual(indexer.indexKeys('byTag', 'z'), []);
  },

  'gives the newest object through an index whose values stay': (make) => {
    const indexer = make({ byId: ({ id }) => [id] });
    indexer.set('a', thing('a', 'older'));
    indexer.set('a', thing('a', 'newer'));
    expectEqual(indexer.byIndex('byId', 'a'), [thing('a', 'newer')]);
  },

  'replaces everything at once, in the order given': (make) => {
    const indexer = setUp(make, thing('a', 'x'), thing('b', 'y'));
    indexer.replace(new Map<ObjectKey, Thing>(['d', 'c'].map((id) => [id, thing(id, 'x')])));
    expectEqual([indexer.size, indexer.listKeys(), idsOf(indexer.list())], [2, ['d', 'c'], ['c', 'd']]);
    expectEqual(idsOf(indexer.byIndex('byTag', 'x')), ['c', 'd']);
    expectEqual(indexer.byIndex('byTag', 'y'), []);
  },

  'a list that comes object by object is not seen before its commit, and then alone': (make) => {
    const indexer = setUp(make, thing('a', 'x'), thing('b', 'y'));
    const replacement = indexer.startReplacement?.();
    if (!replacement) return;
    for (const id of ['d', 'c']) replacement.set(id, thing(id, 'x'));
    expectEqual([indexer.listKeys(), idsOf(indexer.byIndex('byTag', 'x'))], [['a', 'b'], ['a']]);
    replacement.commit();
    expectEqual([indexer.size, indexer.listKeys(), idsOf(indexer.list())], [2, ['d', 'c'], ['c', 'd']]);
    expectEqual([idsOf(indexer.byIndex('byTag', 'x')), indexer.byIndex('byTag', 'y')], [['c', 'd'], []]);
  },

  'a list that comes object by object can be dropped': (make) => {
    const indexer = setUp(make, thing('a', 'x'));
    indexer.startReplacement?.().set('b', thing('b', 'x'));
    expectEqual([indexer.listKeys(), idsOf(indexer.byIndex('byTag', 'x'))], [['a'], ['a']]);
  },

  'a list that was read does not change': (make) => {
    const indexer = setUp(make, thing('a', 'x'));
    const [all, byTag, keys] = [indexer.list(), indexer.byIndex('byTag', 'x'), indexer.listKeys()];
    indexer.set('b', thing('b', 'x'));
    indexer.replace(new Map());
    expectEqual([all.length, byTag.length, keys], [1, 1, ['a']]);
  },

  'takes new indexes over what it holds, and follows them': (make) => {
    const indexer = setUp(make, thing('a', 'x'));
    indexer.addIndexers<string>({ byId: ({ id }: Thing) => [id] });
    indexer.set('b', thing('b'));
    expectEqual([indexer.indexKeys('byId', 'a'), indexer.indexKeys('byId', 'b')], [['a'], ['b']]);
  },

  'refuses an index whose name is taken, and takes none beside it': (make) => {
    const indexer = setUp(make);
    expectThrows(() => indexer.addIndexers<string>({ fresh: () => [], byTag: () => [] }), 'byTag');
    expectThrows(() => indexer.byIndex('fresh', ''), 'fresh');
  },

  'refuses to read an index that does not exist': (make) => {
    expectThrows(() => setUp(make).byIndex('byNothing', 'x'), 'byNothing');
    expectThrows(() => setUp(make).indexKeys('byNothing', 'x'), 'byNothing');
    expectThrows(() => setUp(make).indexValues('byNothing'), 'byNothing');
  },

  'a value that an object gives twice finds it once': (make) => {
    const indexer = setUp(make, thing('a', 'x', 'x'));
    expectEqual(indexer.indexKeys('byTag', 'x'), ['a']);
    indexer.set('a', thing('a'));
    expectEqual(indexer.indexKeys('byTag', 'x'), []);
  },

  'counts what it holds, if it tells': (make) => {
    const indexer = setUp(make, thing('a', 'x'), thing('b', 'y'));
    const before = indexer.stats?.();
    indexer.delete('b');
    indexer.set('a', thing('a', 'z'));
    const after = indexer.stats?.();
    if (before && after) expectEqual([before.objects, after.objects, after.bytes > 0], [2, 1, true]);
  },

  'keys and values named as members of Object are keys and values': (make) => {
    const indexer = setUp(make, thing('__proto__', '__proto__', 'constructor'));
    expectEqual(indexer.getByKey('__proto__'), thing('__proto__', '__proto__', 'constructor'));
    expectEqual(indexer.indexKeys('byTag', 'constructor'), ['__proto__']);
    expectEqual([indexer.getByKey('toString') === undefined, indexer.byIndex('byTag', 'toString')], [true, []]);
  },
};
