import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { MaxReasons } from './queued-item.js';
import { RateLimitingQueue } from './rate-limiting-queue.js';

/** The reasons of the next item. */
async function reasonsOf<R>(queue: RateLimitingQueue<string, R>): Promise<readonly R[] | undefined> {
  const { value } = await queue[Symbol.asyncIterator]().next();
  return value?.reasons;
}

test('reasons of all times that an item was added come with it, each once, the oldest first', async () => {
  const clock = new FakeClock();
  const queue = new RateLimitingQueue({ clock });
  queue.add('a', { reasons: ['created'] });
  queue.add('a');
  queue.addAfter('a', 10, { reasons: ['timeout', 'created'] });
  queue.add('a', { reasons: ['changed', 'created'] });
  await clock.advance(10);
  expect(await reasonsOf(queue)).toEqual(['created', 'changed', 'timeout']);
});

test('reasons that come while the item is worked on are for the next time', async () => {
  const queue = new RateLimitingQueue();
  queue.add('a', { reasons: ['created'] });
  expect(await reasonsOf(queue)).toEqual(['created']);
  queue.add('a', { reasons: ['changed'] });
  queue.done('a');
  expect(await reasonsOf(queue)).toEqual(['changed']);
  queue.done('a');
  queue.add('a');
  expect(await reasonsOf(queue)).toEqual([]);
});

test('work that failed carries on why, and how urgent it is', async () => {
  const clock = new FakeClock();
  const queue = new RateLimitingQueue({ clock });
  queue.add('a', { priority: 7, reasons: ['created'] });
  for await (using work of queue) {
    queue.addRateLimited(work.item, work);
    break;
  }
  await clock.advance(5);
  expect(queue.snapshot().ready).toEqual([{ item: 'a', priority: 7, reasons: ['created'] }]);
});

test('an item that is added for ever more reasons keeps the first of them', async () => {
  const queue = new RateLimitingQueue<string, number>();
  for (let reason = 0; reason < 100; reason++) queue.add('a', { reasons: [reason, reason + 1000] });
  const reasons = await reasonsOf(queue);
  expect(reasons?.length).toBe(MaxReasons);
  expect(reasons?.slice(0, 4)).toEqual([0, 1000, 1, 1001]);
});

test('what was given may change later', async () => {
  const queue = new RateLimitingQueue();
  const reasons = ['created'];
  queue.add('a', { reasons });
  reasons.push('changed');
  expect(await reasonsOf(queue)).toEqual(['created']);
});
