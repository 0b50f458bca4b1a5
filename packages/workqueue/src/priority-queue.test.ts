import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { LowPriority, PriorityQueue } from './priority-queue.js';
import { RateLimitingQueue } from './rate-limiting-queue.js';

type Added = readonly [item: string, priority?: number];

/** Everything in the order in which it goes out. */
async function drain(queue: RateLimitingQueue): Promise<string[]> {
  const shown = queue.snapshot().ready.map(({ item }) => item);
  queue.shutDown();
  const items: string[] = [];
  for await (using work of queue) items.push(work.item);
  expect(shown).toEqual(items);
  return items;
}

test.each<[what: string, added: readonly Added[], order: string[]]>([
  ['higher ones go first, and equal ones in their order', [['a'], ['b', 1], ['c', -1], ['d', 1]], ['b', 'd', 'a', 'c']],
  ['what is changed goes before an initial list', [['a', LowPriority], ['b', LowPriority], ['c']], ['c', 'a', 'b']],
  [
    'one that is raised keeps its age',
    [
      ['a', LowPriority],
      ['b', 5],
      ['c', 5],
      ['a', 5],
    ],
    ['a', 'b', 'c'],
  ],
  ['a lower priority changes nothing', [['a', 5], ['b', 5], ['a', LowPriority], ['a']], ['a', 'b']],
  ['adding without one is adding with 0', [['a', LowPriority], ['b', -1], ['a']], ['a', 'b']],
])('%s', async (_, added, order) => {
  const queue = new RateLimitingQueue({ queue: new PriorityQueue<string>() });
  for (const [item, priority] of added) queue.add(item, priority === undefined ? undefined : { priority });
  expect(await drain(queue)).toEqual(order);
});

test('an item comes with the highest priority that was asked for since it was handed out', async () => {
  const queue = new RateLimitingQueue({ queue: new PriorityQueue<string>() });
  const loop = queue[Symbol.asyncIterator]();
  queue.add('a', { priority: LowPriority });
  queue.add('a', { priority: 3 });
  expect((await loop.next()).value?.priority).toBe(3);
  queue.add('a', { priority: LowPriority });
  queue.add('a', { priority: -1 });
  expect((await loop.next()).value?.priority).toBe(-1);
});

test('a delayed item has the highest of its priorities when its time has come', async () => {
  const clock = new FakeClock();
  const queue = new RateLimitingQueue({ clock, queue: new PriorityQueue<string>() });
  queue.addAfter('a', 20, { priority: LowPriority });
  queue.addAfter('a', 30, { priority: 2 });
  queue.addAfter('b', 10, { priority: 1 });
  await clock.advance(20);
  expect(await drain(queue)).toEqual(['a', 'b']);
});

test('an item that failed keeps its place among the others by the priority with which it is added again', async () => {
  const clock = new FakeClock();
  const queue = new RateLimitingQueue({ clock, queue: new PriorityQueue<string>() });
  queue.add('a', { priority: LowPriority });
  for await (using work of queue) {
    queue.addRateLimited(work.item, work);
    break;
  }
  queue.add('b', { priority: -1 });
  await clock.advance(5);
  expect(queue.snapshot().ready.map(({ item, priority }) => [item, priority])).toEqual([
    ['b', -1],
    ['a', LowPriority],
  ]);
});

test('no number is no priority', () => {
  const queue = new RateLimitingQueue({ queue: new PriorityQueue<string>() });
  for (const add of [() => queue.add('a', { priority: NaN }), () => queue.addAfter('a', 5, { priority: NaN })])
    expect(add).toThrow(new RangeError('priority: expected a number, got NaN'));
  expect([queue.length, queue.delayedLength]).toEqual([0, 0]);
});
