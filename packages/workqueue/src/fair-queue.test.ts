import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test, vi } from 'vitest';
import { FairQueue } from './fair-queue.js';
import { PriorityQueue } from './priority-queue.js';
import { RateLimitingQueue } from './rate-limiting-queue.js';

const namespaceOf = (key: string): string | undefined => key.split('/')[0];

describe('classes take turns', () => {
  test('one with many items does not keep others waiting', async () => {
    const queue = new RateLimitingQueue({ queue: new FairQueue<string>({ classOf: namespaceOf }) });
    for (const item of ['a/1', 'a/2', 'a/3', 'a/4', 'b/1', 'b/2', 'c/1']) queue.add(item);
    const shown = queue.snapshot().ready.map(({ item }) => item);
    queue.shutDown();
    const items: string[] = [];
    for await (using work of queue) items.push(work.item);
    expect(items).toEqual(['a/1', 'b/1', 'c/1', 'a/2', 'b/2', 'a/3', 'a/4']);
    expect(shown).toEqual(items);
  });

  test('one that is added again and again waits for the others each time', async () => {
    const queue = new RateLimitingQueue({ queue: new FairQueue<string>({ classOf: namespaceOf }) });
    for (const item of ['a/1', 'b/1', 'b/2', 'b/3']) queue.add(item);
    const items: string[] = [];
    for await (using work of queue) {
      items.push(work.item);
      if (items.length < 5) queue.add('a/1');
      else queue.shutDown();
    }
    expect(items.slice(0, 6)).toEqual(['a/1', 'b/1', 'a/1', 'b/2', 'a/1', 'b/3']);
  });

  test.each<[string, (queue: RateLimitingQueue) => Promise<string | undefined>]>([
    ['calls of get()', (queue) => queue.get()],
    ['loops', async (queue) => (await queue[Symbol.asyncIterator]().next()).value?.item],
  ])('%s that were woken for what has to wait keep their places', async (_, take) => {
    const queue = new RateLimitingQueue({ queue: new FairQueue<string>({ classOf: namespaceOf, concurrency: 1 }) });
    const taken: string[] = [];
    for (const who of ['first', 'second', 'third', 'fourth'])
      void take(queue).then((item) => taken.push(`${who}: ${item}`));
    // Each wakes somebody, but only one of them can be worked on.
    for (const item of ['a/1', 'a/2', 'a/3']) queue.add(item);
    for (const item of ['a/1', 'a/2', 'a/3']) {
      await settle();
      queue.done(item);
    }
    queue.shutDown();
    await settle();
    expect(taken).toEqual(['first: a/1', 'second: a/2', 'third: a/3', 'fourth: undefined']);
  });

  test('and each can have an order of its own', async () => {
    const queue = new RateLimitingQueue({
      queue: new FairQueue<string>({ classOf: namespaceOf, queue: () => new PriorityQueue() }),
    });
    for (const [item, priority] of [
      ['a/1', 0],
      ['a/2', 1],
      ['b/1', 0],
      ['a/1', 2],
    ] as const)
      queue.add(item, { priority });
    expect([await queue.get(), await queue.get(), await queue.get()]).toEqual(['a/1', 'b/1', 'a/2']);
  });
});

describe('a limit', () => {
  const limited = (): RateLimitingQueue =>
    new RateLimitingQueue({
      clock: new FakeClock(),
      queue: new FairQueue<string>({ classOf: namespaceOf, concurrency: (name) => (name === 'a' ? 1 : 2) }),
    });

  test('holds back what is beyond it, and lets others by', async () => {
    const queue = limited();
    for (const item of ['a/1', 'a/2', 'b/1', 'b/2', 'b/3']) queue.add(item);
    expect([await queue.get(), await queue.get(), await queue.get()]).toEqual(['a/1', 'b/1', 'b/2']);
    expect(queue.length).toBe(2);
    const given: (string | undefined)[] = [];
    const worker = async (): Promise<void> => {
      given.push(await queue.get());
    };
    void worker();
    void worker();
    await settle();
    expect(given).toEqual([]);
    queue.done('b/1');
    await settle();
    expect(given).toEqual(['b/3']);
    queue.done('a/1');
    await settle();
    expect(given).toEqual(['b/3', 'a/2']);
  });

  test('holds an item that comes again, too', async () => {
    const queue = limited();
    queue.add('a/1');
    await queue.get();
    queue.add('a/2');
    queue.add('a/1');
    queue.done('a/1');
    expect(await queue.get()).toBe('a/2');
    expect(await Promise.race([queue.get(), settle()])).toBeUndefined();
    queue.done('a/2');
    await settle();
    expect(queue.snapshot().processing.map(({ item }) => item)).toEqual(['a/1']);
  });

  test('holds during a shutdown: workers wait for what is held back, and end when nothing is left', async () => {
    const queue = limited();
    queue.add('a/1');
    queue.add('a/2');
    await queue.get();
    const waiting = [queue.get(), queue.get()];
    queue.shutDown();
    queue.done('a/1');
    expect(await Promise.all(waiting)).toEqual(['a/2', undefined]);
  });

  test('does not end with a disposal, which drops what is held back', async () => {
    const queue = limited();
    queue.add('a/1');
    queue.add('a/2');
    await queue.get();
    const disposed = queue[Symbol.asyncDispose]();
    expect([queue.length, await queue.get()]).toEqual([0, undefined]);
    queue.done('a/1');
    await disposed;
  });

  test.each([0, -1, NaN])('of %d is refused, and nothing is added', (concurrency) => {
    const queue = new RateLimitingQueue({ queue: new FairQueue<string>({ classOf: namespaceOf, concurrency }) });
    expect(() => queue.add('a/1', { reasons: ['x'] })).toThrow(
      new RangeError(`concurrency: expected at least 1, got ${concurrency} for class a`),
    );
    expect(queue.snapshot()).toMatchObject({ ready: [], processing: [] });
  });
});

test('an item whose class changes is still there once, in the class in which it was added', async () => {
  interface Item {
    readonly id: string;
    readonly tenant?: string;
  }
  const queue = new RateLimitingQueue<Item>({
    keyFunc: ({ id }) => id,
    queue: new FairQueue<Item | string, Item>({ classOf: ({ tenant }) => tenant, concurrency: 1 }),
  });
  queue.add({ id: '1', tenant: 'a' });
  queue.add({ id: '1' });
  queue.add({ id: '2', tenant: 'a' });
  expect([queue.length, await queue.get()]).toEqual([2, { id: '1' }]);
  queue.add({ id: '1', tenant: 'b' });
  queue.done({ id: '1' });
  expect([await queue.get(), await queue.get()]).toEqual([
    { id: '2', tenant: 'a' },
    { id: '1', tenant: 'b' },
  ]);
});

test('classes that have nothing are not kept', async () => {
  const concurrency = vi.fn<(name: string | undefined) => number>(() => 1);
  const order = new FairQueue<string>({ classOf: namespaceOf, concurrency });
  const queue = new RateLimitingQueue({ queue: order });
  for (let round = 0; round < 2; round++) {
    queue.add('a/1');
    queue.done((await queue.get()) ?? '');
  }
  // A class that is made anew is asked for anew.
  expect(concurrency.mock.calls).toEqual([['a'], ['a']]);
});
