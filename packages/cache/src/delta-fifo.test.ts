import type { KubernetesObject } from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import { DeltaFIFO } from './delta-fifo.js';
import type { Delta } from './delta.js';
import { newIndexer } from './map-indexer.js';
import { queueCases } from './testing/queue-cases.js';

describe('DeltaFIFO', () => {
  test.each(Object.entries(queueCases))('%s', (_, run) =>
    run((options, knownObjects) => new DeltaFIFO({ ...options, knownObjects })),
  );
});

function object(name: string, version = '1'): KubernetesObject {
  return { metadata: { name, resourceVersion: version } };
}

/** A queue whose reader knows of these objects. */
function knowing(...names: string[]): DeltaFIFO<KubernetesObject> {
  const knownObjects = newIndexer<KubernetesObject>();
  for (const name of names) knownObjects.set(name, object(name));
  return new DeltaFIFO({ knownObjects });
}

/** Pops everything; each row is one pop. */
function typesOf(queue: DeltaFIFO<KubernetesObject>): string[][] {
  const types: string[][] = [];
  while (queue.pop((deltas: readonly Delta<KubernetesObject>[]) => types.push(deltas.map(({ type }) => type))));
  return types;
}

test('gathers the changes of an object, in the place of the first', () => {
  const queue = knowing();
  queue.add(object('a', '1'));
  queue.add(object('b', '2'));
  queue.update(object('a', '3'));
  expect(queue.length).toBe(2);
  expect(typesOf(queue)).toEqual([['Added', 'Updated'], ['Added']]);
});

test('makes one of two deletions in a row, and keeps the one that knows the final state', () => {
  const queue = knowing('a', 'b');
  queue.delete(object('a', '2'));
  queue.delete(object('a', '3'));
  queue.replace([], '4');
  queue.delete(object('b', '5'));
  const deleted: unknown[] = [];
  while (queue.pop((deltas) => void deleted.push(...deltas.filter(({ type }) => type === 'Deleted'))));
  expect(deleted).toEqual([
    { type: 'Deleted', key: 'a', deleted: { finalStateUnknown: false, key: 'a', object: object('a', '2') } },
    { type: 'Deleted', key: 'b', deleted: { finalStateUnknown: false, key: 'b', object: object('b', '5') } },
  ]);
});

test('leaves out the deletion of what nobody knows, except for its version', () => {
  const queue = knowing();
  queue.delete(object('a'));
  expect(typesOf(queue)).toEqual([['Bookmark']]);
});

test('resync leaves out what has changes waiting', () => {
  const queue = knowing('a', 'b');
  queue.update(object('a', '2'));
  queue.resync();
  expect(typesOf(queue)).toEqual([['Updated'], ['Sync']]);
});

test('the version of a bookmark waits until everything before it has been popped, and only the newest is kept', () => {
  const queue = knowing();
  queue.bookmark('5');
  queue.add(object('a', '6'));
  queue.bookmark('7');
  expect(typesOf(queue)).toEqual([['Added'], ['Bookmark']]);
});

test('the first list counts with the deletions that it brings to light', () => {
  const queue = knowing('gone');
  queue.replace([object('a')], '1');
  const synced: boolean[] = [];
  while (queue.pop(() => synced.push(queue.hasSynced())));
  expect(synced).toEqual([false, false, true]);
});
