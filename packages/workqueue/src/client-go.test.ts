// What client-go's own tests of its queues say, under their names. What it proves by sleeping is on virtual time here.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { expect, test, vi } from 'vitest';
import { ExponentialFailureRateLimiter } from './exponential-failure-rate-limiter.js';
import { FifoQueue } from './fifo-queue.js';
import { DelayingQueue } from './delaying-queue.js';
import { RateLimitingQueue } from './rate-limiting-queue.js';
import { WorkQueue } from './work-queue.js';

const shutdowns = ['shutDown', 'shutDownWithDrain'] as const;

/** A queue whose order tells what was added to it again while it was there, which client-go calls a touch. */
function tracedQueue(): { queue: WorkQueue; touched: string[] } {
  const touched: string[] = [];
  const order = new FifoQueue<string>();
  const add = order.add.bind(order);
  order.add = (key) => {
    const isNew = add(key);
    if (!isNew) touched.push(key);
    return isNew;
  };
  return { queue: new WorkQueue({ queue: order }), touched };
}

test.each(shutdowns)('TestBasic: %s', async (shutDown) => {
  const clock = new FakeClock();
  const queue = new WorkQueue<number | string>({ clock });
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => clock.setTimeout(resolve, ms));
  const producers = Array.from({ length: 50 }, async (_, producer) => {
    for (let i = 0; i < 50; i++) {
      queue.add(producer);
      await sleep(1);
    }
  });
  const seen = new Set<number | string>();
  const consumers = Array.from({ length: 10 }, async () => {
    for (let item = await queue.get(); item !== undefined; item = await queue.get()) {
      seen.add(item);
      await sleep(3);
      queue.done(item);
    }
  });
  await clock.advance(50);
  await Promise.all(producers);
  const down = queue[shutDown]();
  queue.add('added after shutdown!');
  await clock.advance(1000);
  await Promise.all([down, ...consumers]);
  expect(queue.length).toBe(0);
  expect(seen).toEqual(new Set(Array.from({ length: 50 }, (_, producer) => producer)));
});

test.each(shutdowns)('TestAddWhileProcessing: %s', async (shutDown) => {
  const clock = new FakeClock();
  const queue = new WorkQueue<number>({ clock });
  const counts = new Map<number, number>();
  const consumers = Array.from({ length: 10 }, async () => {
    for (let item = await queue.get(); item !== undefined; item = await queue.get()) {
      const count = (counts.get(item) ?? 0) + 1;
      counts.set(item, count);
      if (count < 2) queue.add(item);
      queue.done(item);
    }
  });
  for (let item = 0; item < 50; item++) queue.add(item);
  await settle();
  const down = queue[shutDown]();
  await clock.advance(0);
  await Promise.all([down, ...consumers]);
  expect(queue.length).toBe(0);
  expect([...counts.values()]).toEqual(new Array(50).fill(2));
});

test('TestLen', () => {
  const queue = new WorkQueue();
  const lengths = ['foo', 'bar', 'foo'].map((item) => {
    queue.add(item);
    return queue.length;
  });
  expect(lengths).toEqual([1, 2, 2]);
});

test('TestReinsert', async () => {
  const queue = new WorkQueue();
  queue.add('foo');
  expect(await queue.get()).toBe('foo');
  queue.add('foo');
  queue.done('foo');
  expect(await queue.get()).toBe('foo');
  queue.done('foo');
  expect(queue.length).toBe(0);
});

test('TestCollapse', async () => {
  const { queue, touched } = tracedQueue();
  queue.add('bar');
  queue.add('bar');
  expect(await queue.get()).toBe('bar');
  queue.done('bar');
  expect([queue.length, touched]).toEqual([0, ['bar']]);
});

test('TestCollapseWhileProcessing', async () => {
  const { queue, touched } = tracedQueue();
  queue.add('foo');
  await queue.get();
  queue.add('foo');
  queue.add('foo');
  const again = vi.fn<(item: string | undefined) => void>();
  const other = queue.get().then(again);
  await settle();
  expect(again).not.toHaveBeenCalled();
  queue.done('foo');
  await other;
  queue.done('foo');
  expect(again).toHaveBeenCalledExactlyOnceWith('foo');
  expect([queue.length, touched]).toEqual([0, []]);
});

/** A queue of which two items are being processed. */
async function busyQueue(): Promise<WorkQueue> {
  const queue = new WorkQueue({ clock: new FakeClock() });
  queue.add('foo');
  queue.add('bar');
  await queue.get();
  await queue.get();
  return queue;
}

/** Resolves with whether the promise has, once everything has settled. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await settle();
  return settled;
}

test('TestQueueDrainageUsingShutDownWithDrain', async () => {
  const queue = await busyQueue();
  const drained = queue.shutDownWithDrain();
  expect(await queue.get()).toBeUndefined();
  queue.done('foo');
  expect(await isSettled(drained)).toBe(false);
  queue.done('bar');
  await drained;
});

test('TestNoQueueDrainageUsingShutDown', async () => {
  const queue = await busyQueue();
  queue.shutDown();
  expect(await queue.get()).toBeUndefined();
});

test('TestForceQueueShutdownUsingShutDown', async () => {
  const queue = await busyQueue();
  const drained = queue.shutDownWithDrain();
  expect(await isSettled(drained)).toBe(false);
  queue.shutDown();
  await drained;
});

test('TestQueueDrainageUsingShutDownWithDrainWithDirtyItem', async () => {
  const queue = new WorkQueue({ clock: new FakeClock() });
  queue.add('foo');
  await queue.get();
  queue.add('foo');
  const drained = queue.shutDownWithDrain();
  expect(await queue.get()).toBeUndefined();
  queue.done('foo');
  expect(await queue.get()).toBe('foo');
  queue.done('foo');
  expect(await queue.get()).toBeUndefined();
  await drained;
});

test('TestGarbageCollection', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const queue = new WorkQueue<object>();
  const weak = await (async () => {
    const item = { data: 'hello' };
    queue.add(item);
    queue.done((await queue.get()) ?? {});
    return new WeakRef(item);
  })();
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect([weak.deref(), queue.length]).toEqual([undefined, 0]);
});

test('TestSimpleQueue', async () => {
  const clock = new FakeClock();
  const queue = new DelayingQueue({ clock });
  queue.addAfter('foo', 50);
  expect(queue.length).toBe(0);
  await clock.advance(60);
  expect(queue.length).toBe(1);
  queue.done((await queue.get()) ?? '');
  await clock.advance(10_000);
  expect(queue.length).toBe(0);
});

test('TestDeduping', async () => {
  const clock = new FakeClock();
  const queue = new DelayingQueue({ clock });
  for (const delays of [
    [50, 70],
    [50, 30],
  ]) {
    for (const delayMs of delays) queue.addAfter('foo', delayMs);
    expect(queue.length).toBe(0);
    await clock.advance(Math.min(...delays) + 10);
    expect(queue.length).toBe(1);
    queue.done((await queue.get()) ?? '');
    await clock.advance(20);
    expect(queue.length).toBe(0);
  }
});

test('TestAddTwoFireEarly', async () => {
  const clock = new FakeClock();
  const queue = new DelayingQueue({ clock });
  queue.addAfter('foo', 1000);
  queue.addAfter('bar', 50);
  expect(queue.length).toBe(0);
  await clock.advance(60);
  expect([queue.length, await queue.get()]).toEqual([1, 'bar']);
  queue.addAfter('baz', 2000);
  await clock.advance(1000);
  expect([queue.length, await queue.get()]).toEqual([1, 'foo']);
  await clock.advance(2000);
  expect([queue.length, await queue.get()]).toEqual([1, 'baz']);
});

test('TestCopyShifting', async () => {
  const clock = new FakeClock();
  const queue = new DelayingQueue({ clock });
  for (const [item, delayMs] of [
    ['foo', 1000],
    ['bar', 500],
    ['baz', 250],
  ] as const)
    queue.addAfter(item, delayMs);
  expect(queue.length).toBe(0);
  await clock.advance(2000);
  expect([await queue.get(), await queue.get(), await queue.get()]).toEqual(['baz', 'bar', 'foo']);
});

test('TestRateLimitingQueue', () => {
  const clock = new FakeClock();
  const rateLimiter = new ExponentialFailureRateLimiter<string>(1, 1000);
  const when = vi.spyOn(rateLimiter, 'when');
  const queue = new RateLimitingQueue({ clock, rateLimiter });
  for (const item of ['one', 'one', 'two', 'two']) queue.addRateLimited(item);
  expect(queue.numRequeues('one')).toBe(2);
  queue.forget('one');
  expect(queue.numRequeues('one')).toBe(0);
  queue.addRateLimited('one');
  expect(when.mock.results.map(({ value }) => value as number)).toEqual([1, 2, 1, 2, 1]);
});
