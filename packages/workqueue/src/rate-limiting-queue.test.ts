import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test, vi } from 'vitest';
import { RateLimitingQueue } from './rate-limiting-queue.js';

/** Takes all that is ready, and is done with it. */
async function drain<T>(queue: RateLimitingQueue<T>): Promise<T[]> {
  const items: T[] = [];
  while (queue.length > 0) {
    const item = (await queue.get()) as T;
    items.push(item);
    queue.done(item);
  }
  return items;
}

describe('an item', () => {
  test('comes in the order in which it was added, once, and as often as it is added again', async () => {
    const queue = new RateLimitingQueue();
    for (const item of ['a', 'b', 'a', 'c', 'b']) queue.add(item);
    expect(queue.length).toBe(3);
    expect(await drain(queue)).toEqual(['a', 'b', 'c']);
    queue.add('a');
    expect(await drain(queue)).toEqual(['a']);
  });

  test('that is added while it is processed comes back when it is done, once, after what was ready', async () => {
    const queue = new RateLimitingQueue();
    queue.add('a');
    const item = await queue.get();
    queue.add('a');
    queue.add('a');
    queue.add('b');
    expect(item).toBe('a');
    expect(queue.length).toBe(1);
    queue.done('a');
    expect(await drain(queue)).toEqual(['b', 'a']);
  });

  test('is not given away twice at the same time', async () => {
    const queue = new RateLimitingQueue();
    queue.add('a');
    await queue.get();
    queue.add('a');
    const again = vi.fn<(item: string | undefined) => void>();
    void queue.get().then(again);
    await settle();
    expect(again).not.toHaveBeenCalled();
    queue.done('a');
    await settle();
    expect(again).toHaveBeenCalledExactlyOnceWith('a');
  });

  test('may be done when it was never taken, and twice', async () => {
    const queue = new RateLimitingQueue();
    queue.done('a');
    queue.add('a');
    queue.done('a');
    expect(await drain(queue)).toEqual(['a']);
    queue.done('a');
    expect(queue.length).toBe(0);
  });

  test.each([[undefined], [NaN], [0], ['']])('may be %s', async (item) => {
    const queue = new RateLimitingQueue<unknown>();
    queue.add(item);
    queue.add(item);
    expect(queue.length).toBe(1);
    expect(await queue.get()).toBe(item);
  });
});

describe('get', () => {
  test('waits, and whoever waits longest is served first', async () => {
    const queue = new RateLimitingQueue();
    const first = queue.get();
    const second = queue.get();
    queue.add('a');
    queue.add('b');
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
  });

  test('loses nothing to one that comes between', async () => {
    const queue = new RateLimitingQueue();
    const waiting = queue.get();
    queue.add('a');
    // The waiting one has been woken and has not run yet.
    expect(await queue.get()).toBe('a');
    queue.add('b');
    expect(await waiting).toBe('b');
  });
});

describe('items with a keyFunc', () => {
  interface Item {
    id: string;
    version?: number;
  }
  const options = { keyFunc: ({ id }: Item) => id };

  test('are the same when their keys are, and the newest counts', async () => {
    const queue = new RateLimitingQueue<Item>(options);
    queue.add({ id: 'a', version: 1 });
    queue.add({ id: 'b', version: 2 });
    queue.add({ id: 'a', version: 3 });
    expect(await drain(queue)).toEqual([
      { id: 'a', version: 3 },
      { id: 'b', version: 2 },
    ]);
  });

  test('are told apart by identity without it', async () => {
    const queue = new RateLimitingQueue<Item>();
    const item = { id: 'a' };
    for (const each of [item, { id: 'a' }, item]) queue.add(each);
    expect(queue.length).toBe(2);
  });

  test('of a delay: the newest counts, at the earliest time', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue<Item>({ ...options, clock });
    queue.addAfter({ id: 'a', version: 1 }, 10);
    queue.addAfter({ id: 'a', version: 2 }, 20);
    await clock.advance(10);
    expect(await drain(queue)).toEqual([{ id: 'a', version: 2 }]);
  });

  test('of a delay that ends while a newer one is ready: the newest counts', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue<Item>({ ...options, clock });
    queue.addAfter({ id: 'a', version: 1 }, 10);
    queue.add({ id: 'a', version: 2 });
    await clock.advance(10);
    expect(await drain(queue)).toEqual([{ id: 'a', version: 2 }]);
  });

  test('of a delay that ends after a newer one was taken: nothing older comes back', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue<Item>({ ...options, clock });
    queue.addAfter({ id: 'a', version: 1 }, 10);
    queue.add({ id: 'a', version: 2 });
    queue.done((await queue.get()) ?? { id: '' });
    await clock.advance(10);
    expect(await drain(queue)).toEqual([{ id: 'a', version: 2 }]);
  });

  describe.each([[false], [true]])('that are tried again, with mergeDelays %s', (mergeDelays) => {
    test.each([
      ['added', (queue: RateLimitingQueue<Item>, item: Item) => queue.add(item)],
      ['delayed', (queue: RateLimitingQueue<Item>, item: Item) => queue.addAfter(item, 50)],
    ])('stand for the newer one that was %s meanwhile', async (_, addNewer) => {
      const clock = new FakeClock();
      const queue = new RateLimitingQueue<Item>({ ...options, clock, mergeDelays });
      queue.add({ id: 'a', version: 1 });
      const taken: Item[] = [];
      void (async () => {
        for await (using work of queue) {
          taken.push(work.item);
          if (taken.length > 1) continue;
          addNewer(queue, { id: 'a', version: 2 });
          queue.addRateLimited(work.item, work);
        }
      })();
      await clock.advance(100);
      queue.shutDown();
      expect(taken.map(({ version }) => version).slice(0, 2)).toEqual([1, 2]);
      expect(taken.slice(1).every(({ version }) => version === 2)).toBe(true);
    });
  });

  test('share the failures of their key', () => {
    const queue = new RateLimitingQueue<Item>({ ...options, clock: new FakeClock() });
    queue.addRateLimited({ id: 'a' });
    queue.addRateLimited({ id: 'a' });
    expect(queue.numRequeues({ id: 'a' })).toBe(2);
    queue.forget({ id: 'a' });
    expect(queue.numRequeues({ id: 'a' })).toBe(0);
  });

  test('may change while they are delayed and processed: the key is that of when they were added', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue<Item>({ ...options, clock });
    const item = { id: 'a' };
    queue.addAfter(item, 10);
    item.id = 'b';
    await clock.advance(10);
    queue.add({ id: 'a' });
    expect(queue.length).toBe(1);
    for await (using work of queue) {
      work.item.id = 'c';
      queue.shutDown();
    }
    // Not held for ever under a key that is gone.
    await queue.shutDownWithDrain();
  });
});

describe('a delay', () => {
  test('holds an item back until its time, and not in the length', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.addAfter('a', 50);
    await clock.advance(49);
    expect([queue.length, queue.delayedLength]).toEqual([0, 1]);
    await clock.advance(1);
    expect([queue.length, queue.delayedLength]).toEqual([1, 0]);
    expect(clock.pending).toBe(0);
  });

  test.each([0, -1, NaN])('of %d is none', (delayMs) => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.addAfter('a', delayMs);
    expect([queue.length, clock.pending]).toEqual([1, 0]);
  });

  test.each([
    ['the second', [50, 30]],
    ['the first', [30, 50]],
  ])('is the shortest of several: %s', async (_, delays) => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    for (const delayMs of delays) queue.addAfter('a', delayMs);
    expect(queue.delayedLength).toBe(1);
    await clock.advance(30);
    expect(await drain(queue)).toEqual(['a']);
    await clock.advance(30);
    expect(queue.length).toBe(0);
  });

  test('does not keep an item from being added at once, and is over later', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.addAfter('a', 10);
    queue.add('a');
    expect(await drain(queue)).toEqual(['a']);
    await clock.advance(10);
    expect(await drain(queue)).toEqual(['a']);
  });

  test('ends in no second processing while the item is processed', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.add('a');
    await queue.get();
    queue.addAfter('a', 10);
    await clock.advance(10);
    expect(queue.length).toBe(0);
    queue.done('a');
    expect(await drain(queue)).toEqual(['a']);
  });

  test('of many items takes one timer', async () => {
    const clock = new FakeClock(0);
    const queue = new RateLimitingQueue<number>({ clock });
    for (const delayMs of [50, 20, 70, 20, 90]) {
      queue.addAfter(delayMs, delayMs);
      expect(clock.pending).toBe(1);
    }
    expect(clock.untilNext).toBe(20);
    const taken: [at: number, item: number][] = [];
    while (clock.untilNext !== undefined) {
      await clock.advance(clock.untilNext);
      for (const item of await drain(queue)) taken.push([clock.now(), item]);
      expect(clock.pending).toBe(queue.delayedLength > 0 ? 1 : 0);
    }
    expect(taken).toEqual([20, 50, 70, 90].map((time) => [time, time]));
  });

  test('goes on when the timer fires early, as timers of runtimes do', async () => {
    const clock = new FakeClock();
    const early = {
      now: () => clock.now(),
      setTimeout: (callback: () => void, ms: number) => clock.setTimeout(callback, Math.min(ms, 100)),
      clearTimeout: (timer: unknown) => clock.clearTimeout(timer),
    };
    const queue = new RateLimitingQueue({ clock: early });
    queue.addAfter('a', 250);
    await clock.advance(249);
    expect([queue.length, clock.pending]).toEqual([0, 1]);
    await clock.advance(1);
    expect([queue.length, clock.pending]).toEqual([1, 0]);
  });

  test('without end is none that comes', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.addAfter('a', Infinity);
    queue.addAfter('b', 10);
    await clock.advance(1e9);
    expect(await drain(queue)).toEqual(['b']);
    expect(queue.delayedLength).toBe(1);
  });
});

describe('the rate limiter', () => {
  test('says when an item comes back, and starts over when it is forgotten', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    for (const delayMs of [5, 10, 20]) {
      queue.addRateLimited('a');
      expect(clock.untilNext).toBe(delayMs);
      await clock.advance(delayMs);
      expect(await drain(queue)).toEqual(['a']);
    }
    expect(queue.numRequeues('a')).toBe(3);
    queue.forget('a');
    expect(queue.numRequeues('a')).toBe(0);
    queue.addRateLimited('a');
    expect(clock.untilNext).toBe(5);
  });

  test('can be one of your own', () => {
    const clock = new FakeClock();
    const rateLimiter = {
      when: vi.fn<(item: string) => number>(() => 7),
      forget: vi.fn<(item: string) => void>(),
      numRequeues: vi.fn<(item: string) => number>(() => 3),
    };
    const queue = new RateLimitingQueue({ clock, rateLimiter });
    queue.addRateLimited('a');
    expect(clock.untilNext).toBe(7);
    queue.forget('b');
    expect(queue.numRequeues('c')).toBe(3);
    expect([rateLimiter.when, rateLimiter.forget, rateLimiter.numRequeues].map((each) => each.mock.calls)).toEqual([
      [['a']],
      [['b']],
      [['c']],
    ]);
  });
});

test('has the name that it was given', () => {
  expect([new RateLimitingQueue({ name: 'pods' }).name, new RateLimitingQueue().name]).toEqual(['pods', '']);
});
