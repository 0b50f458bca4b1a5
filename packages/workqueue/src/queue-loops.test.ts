import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { RateLimitingQueue } from './rate-limiting-queue.js';

test('a loop takes items until the queue is shut down, and ends when nothing is left', async () => {
  const queue = new RateLimitingQueue();
  const seen: string[] = [];
  const loop = (async () => {
    for await (using work of queue) seen.push(work.item);
  })();
  queue.add('a');
  await settle();
  queue.add('b');
  queue.add('c');
  queue.shutDown();
  await loop;
  expect(seen).toEqual(['a', 'b', 'c']);
});

test.each([
  ['the end of the body with `using`', 'using'],
  ['the next turn without it', 'nothing'],
  ['a done() in the body', 'done'],
])('an item is done with %s', async (_, how) => {
  const queue = new RateLimitingQueue();
  queue.add('a');
  const seen: string[] = [];
  for await (const work of queue) {
    using _ = how === 'using' ? work : undefined;
    seen.push(work.item);
    queue.add('b');
    if (seen.length === 1) queue.add('a'); // comes back only when it is done
    if (how === 'done') queue.done(work.item);
    if (seen.length === 3) queue.shutDown();
  }
  expect(seen.slice(0, 3)).toEqual(['a', 'b', 'a']);
});

test.each([
  ['break', () => 'break'],
  ['an exception', () => Promise.reject(new Error('no'))],
])('%s leaves no item behind', async (_, leave) => {
  const queue = new RateLimitingQueue();
  queue.add('a');
  queue.add('b');
  const loop = async (): Promise<void> => {
    for await (const work of queue) {
      queue.add(work.item);
      if ((await leave()) === 'break') break;
    }
  };
  await loop().catch(() => {});
  expect(queue.length).toBe(2);
  expect(await queue.get()).toBe('b');
  expect(await queue.get()).toBe('a');
});

test('a loop that is left while it waits ends, and takes nothing', async () => {
  const queue = new RateLimitingQueue();
  const loop = queue[Symbol.asyncIterator]();
  const waiting = loop.next();
  const left = loop.return();
  queue.add('a');
  const end = { done: true, value: undefined };
  expect([await waiting, await left, await loop.next()]).toEqual([end, end, end]);
  expect(await queue.get()).toBe('a');
});

test('a loop that is left after it was woken wakes another', async () => {
  const queue = new RateLimitingQueue();
  const [one, other] = [queue[Symbol.asyncIterator](), queue[Symbol.asyncIterator]()];
  const waiting = [one.next(), other.next()];
  queue.add('a');
  await one.return();
  expect((await waiting[1])?.value?.item).toBe('a');
  expect(await waiting[0]).toEqual({ done: true, value: undefined });
});

test('disposing of work late does not end that of another worker', async () => {
  const queue = new RateLimitingQueue();
  queue.add('a');
  const [one, other] = [queue[Symbol.asyncIterator](), queue[Symbol.asyncIterator]()];
  const first = await one.next();
  queue.done('a');
  queue.add('a');
  await other.next();
  queue.add('a');
  first.value?.[Symbol.dispose]();
  expect(queue.length).toBe(0);
  queue.done('a');
  expect(queue.length).toBe(1);
});

test('several workers share the items, and never have the same one at the same time', async () => {
  const clock = new FakeClock();
  const queue = new RateLimitingQueue<number>({ clock });
  const busy = new Set<number>();
  const counts = new Map<number, number>();
  let most = 0;
  const worker = async (): Promise<void> => {
    for await (using work of queue) {
      expect(busy).not.toContain(work.item);
      busy.add(work.item);
      most = Math.max(most, busy.size);
      counts.set(work.item, (counts.get(work.item) ?? 0) + 1);
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 10 + work.item));
      busy.delete(work.item);
    }
  };
  const workers = [worker(), worker(), worker()];
  for (let round = 0; round < 10; round++) {
    for (let item = 0; item < 5; item++) queue.add(item);
    await clock.advance(7);
  }
  queue.shutDown();
  await clock.advance(1000);
  await Promise.all(workers);
  expect(most).toBe(3);
  expect([...counts.keys()].toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4]);
});
