import { indexerCases, type Thing } from '@client-ts/cache/testing';
import { describe, expect, test } from 'vitest';
import { SqliteIndexer } from './sqlite-indexer.js';

describe('as every indexer', () => {
  test.each(Object.entries(indexerCases))('%s', (_, run) => {
    const made: SqliteIndexer<Thing, string>[] = [];
    try {
      run((indexers) => {
        const indexer = new SqliteIndexer<Thing, string>({ indexers });
        made.push(indexer);
        return indexer;
      });
    } finally {
      for (const indexer of made) indexer[Symbol.dispose]();
    }
  });
});

test('what fails half-way leaves nothing behind', () => {
  using indexer = new SqliteIndexer<Thing, 'byTag'>({ indexers: { byTag: ({ tags }) => tags } });
  indexer.set('a', { id: 'a', tags: ['x'] });
  const cyclic = { id: 'c', tags: [], self: {} };
  cyclic.self = cyclic;
  const objects = new Map<string, Thing>([
    ['b', { id: 'b', tags: ['x'] }],
    ['c', cyclic],
  ]);
  expect(() => indexer.replace(objects)).toThrow('circular');
  expect([indexer.listKeys(), indexer.indexKeys('byTag', 'x')]).toEqual([['a'], ['a']]);
});

test('an index that comes while a list is prepared knows all of the list', () => {
  using indexer = new SqliteIndexer<Thing, 'byId'>();
  const replacement = indexer.startReplacement();
  replacement.set('a', { id: 'a', tags: ['x'] });
  indexer.addIndexers({ byId: ({ id }: Thing) => [id] });
  replacement.set('b', { id: 'b', tags: [] });
  replacement.commit();
  expect([indexer.indexKeys('byId', 'a'), indexer.indexKeys('byId', 'b')]).toEqual([['a'], ['b']]);
});

test('an object that breaks an index is stored, and reported', () => {
  const errors: unknown[] = [];
  const byTag = ({ id, tags }: Thing): readonly string[] => {
    if (id === 'poison') throw new Error('poison');
    return tags;
  };
  using indexer = new SqliteIndexer<Thing, 'byTag'>({ indexers: { byTag }, onError: (error) => errors.push(error) });
  for (const id of ['poison', 'good']) indexer.set(id, { id, tags: ['x'] });
  expect([indexer.size, indexer.indexKeys('byTag', 'x'), errors]).toEqual([2, ['good'], [new Error('poison')]]);
});
