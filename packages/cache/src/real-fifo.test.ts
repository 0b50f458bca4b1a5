import type { KubernetesObject } from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import type { Delta } from './delta.js';
import { RealFIFO } from './real-fifo.js';
import { queueCases } from './testing/queue-cases.js';

describe('RealFIFO', () => {
  test.each(Object.entries(queueCases))('%s', (_, run) => run((options) => new RealFIFO(options)));
});

function object(name: string, version: string): KubernetesObject {
  return { metadata: { name, resourceVersion: version } };
}

function typesOf(queue: RealFIFO<KubernetesObject>): string[] {
  const types: string[] = [];
  while (queue.pop((deltas: readonly Delta<KubernetesObject>[]) => types.push(...deltas.map(({ type }) => type))));
  return types;
}

test('every state of an object is a change of its own, and a list is one', () => {
  const queue = new RealFIFO<KubernetesObject>();
  queue.replace([object('a', '1'), object('b', '2')], '2');
  for (const version of ['3', '4', '5']) queue.update(object('a', version));
  queue.delete(object('a', '6'));
  queue.resync();
  queue.bookmark('7');
  expect(queue.length).toBe(7);
  expect(typesOf(queue)).toEqual(['ReplacedAll', 'Updated', 'Updated', 'Updated', 'Deleted', 'SyncAll', 'Bookmark']);
});

test('has synced when the changes before the first list have been popped, too', () => {
  const queue = new RealFIFO<KubernetesObject>();
  queue.replace([], '1');
  queue.add(object('a', '2'));
  expect(queue.hasSynced()).toBe(false);
  queue.pop(() => {});
  expect(queue.hasSynced()).toBe(true);
});
