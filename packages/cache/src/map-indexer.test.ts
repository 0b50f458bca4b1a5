import { describe, expect, test, vi } from 'vitest';
import { type IndexError, newIndexer } from './map-indexer.js';
import { indexerCases, type Thing } from './testing/indexer-cases.js';

describe('newIndexer', () => {
  test.each(Object.entries(indexerCases))('%s', (_, run) => run((indexers) => newIndexer({ indexers })));
});

function thing(id: string, ...tags: string[]): Thing {
  return { id, tags };
}

test('objects are kept as they are, and not copied', () => {
  const indexer = newIndexer<Thing>();
  const object = thing('a');
  indexer.set('a', object);
  expect(indexer.getByKey('a')).toBe(object);
});

test('an index function that throws is reported with index and key, and keeps nothing else from working', () => {
  const onError = vi.fn<(error: IndexError) => void>();
  const indexer = newIndexer<Thing, 'byTag' | 'broken'>({
    indexers: {
      byTag: ({ tags }) => tags,
      broken: ({ id, tags }) => {
        if (tags.includes('poison')) throw new Error('poison');
        return [id];
      },
    },
    onError,
  });
  indexer.set('bad', thing('bad', 'x', 'poison'));
  indexer.set('good', thing('good', 'x'));
  expect(indexer.byIndex('byTag', 'x').map(({ id }) => id)).toEqual(['bad', 'good']);
  expect(indexer.byIndex('broken', 'good')).toHaveLength(1);
  expect(onError).toHaveBeenCalledOnce();
  expect(onError.mock.calls[0]?.[0]).toMatchObject({ index: 'broken', key: 'bad', cause: new Error('poison') });

  indexer.set('good', thing('good', 'poison'));
  expect(indexer.byIndex('broken', 'good'), 'no longer found through an index that does not know it').toEqual([]);
  indexer.set('good', thing('good'));
  expect(indexer.byIndex('broken', 'good')).toHaveLength(1);
});

test('an index function that returns no array is reported as one that throws', () => {
  const onError = vi.fn<(error: IndexError) => void>();
  const byTag = ({ tags }: Thing): readonly string[] => tags[0] as unknown as string[];
  const indexer = newIndexer<Thing, 'byTag'>({ indexers: { byTag }, onError });
  indexer.set('a', thing('a', 'x'));
  indexer.set('b', thing('b'));
  expect(onError.mock.calls.map(([{ key, cause }]) => [key, (cause as Error).message])).toEqual([
    ['a', 'the index function returned string, not an array'],
    ['b', 'the index function returned undefined, not an array'],
  ]);
  expect(indexer.size).toBe(2);
});
