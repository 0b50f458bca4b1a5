import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import type { DroppedItem } from './dropped-item.js';
import { RateLimitingQueue, type RateLimitingQueueOptions } from './rate-limiting-queue.js';

function newQueue(options: RateLimitingQueueOptions = {}): {
  clock: FakeClock;
  queue: RateLimitingQueue;
  reports: string[][];
} {
  const clock = new FakeClock();
  const reports: string[][] = [];
  const onDropped = (dropped: readonly DroppedItem[]): void => {
    reports.push(dropped.map(({ item, priority, reasons, was }) => `${item} ${priority} ${reasons.join('+')} ${was}`));
  };
  return { clock, reports, queue: new RateLimitingQueue({ ...options, clock, onDropped }) };
}

describe('what is dropped is told', () => {
  test('by a shutdown: what was delayed, in its order, and not what is ready', () => {
    const { queue, reports } = newQueue();
    queue.add('a');
    queue.addAfter('b', 20, { priority: 2, reasons: ['timeout'] });
    queue.addRateLimited('c');
    queue.shutDown();
    queue.shutDown();
    expect(reports).toEqual([['c 0  delayed', 'b 2 timeout delayed']]);
  });

  test('by a drain, and by an abort', async () => {
    const controller = new AbortController();
    for (const shutDown of [
      ({ queue }: ReturnType<typeof newQueue>) => queue.shutDownWithDrain(),
      async () => controller.abort(),
    ]) {
      const made = newQueue({ signal: controller.signal });
      made.queue.addAfter('a', 10);
      await shutDown(made);
      expect(made.reports).toEqual([['a 0  delayed']]);
    }
  });

  test('by a disposal: what was ready, or was to come again, too', async () => {
    const { queue, reports } = newQueue();
    queue.add('a');
    await queue.get();
    queue.add('a', { reasons: ['changed'] });
    queue.add('b');
    queue.addAfter('c', 10);
    const disposed = queue[Symbol.asyncDispose]();
    expect(reports).toEqual([['c 0  delayed', 'b 0  ready', 'a 0 changed ready']]);
    queue.done('a');
    await disposed;
    await queue[Symbol.asyncDispose]();
    expect(reports.length).toBe(1);
  });

  test('of what is added after the shutdown, each time', () => {
    const { queue, reports } = newQueue();
    queue.shutDown();
    queue.add('a');
    queue.addAfter('b', 10, { reasons: ['timeout'] });
    queue.addRateLimited('c', { priority: 1 });
    expect(reports).toEqual([['a 0  refused'], ['b 0 timeout refused'], ['c 1  refused']]);
  });

  test('not, when nothing is', async () => {
    const { queue, reports } = newQueue();
    queue.add('a');
    queue.done((await queue.get()) ?? '');
    await queue[Symbol.asyncDispose]();
    expect(reports).toEqual([]);
  });
});

test('an exception of whoever is told reaches who shut down, and the queue is shut down', async () => {
  const queue = new RateLimitingQueue({
    clock: new FakeClock(),
    onDropped: () => {
      throw new Error('no');
    },
  });
  queue.addAfter('a', 10);
  const waiting = queue.get();
  expect(() => queue.shutDown()).toThrow('no');
  expect([await waiting, queue.shuttingDown, queue.delayedLength]).toEqual([undefined, true, 0]);
});

describe('a drain that includes what is queued', () => {
  test('waits for workers that come late', async () => {
    const { clock, queue } = newQueue();
    queue.add('a');
    let drained = false;
    const drain = queue.shutDownWithDrain({ includeQueued: true }).then(() => (drained = true));
    await clock.advance(1000);
    expect(drained).toBe(false);
    queue.done((await queue.get()) ?? '');
    await drain;
  });

  test.each([
    ['a later shutdown', ({ queue }: ReturnType<typeof newQueue>) => queue.shutDown()],
    ['a disposal', ({ queue }: ReturnType<typeof newQueue>) => void queue[Symbol.asyncDispose]()],
  ])('ends with %s', async (_, end) => {
    const made = newQueue();
    made.queue.add('a');
    const drain = made.queue.shutDownWithDrain({ includeQueued: true });
    end(made);
    await drain;
  });
});

describe('the signal of a drain', () => {
  test('ends the wait with its reason, and the queue stays shut down', async () => {
    const { queue } = newQueue();
    queue.add('a');
    await queue.get();
    const controller = new AbortController();
    const drain = queue.shutDownWithDrain({ signal: controller.signal });
    const other = queue.shutDownWithDrain();
    controller.abort(new Error('too long'));
    await expect(drain).rejects.toThrow('too long');
    queue.done('a');
    await other;
    expect(queue.shuttingDown).toBe(true);
  });

  test('that was aborted before: the queue is shut down all the same', async () => {
    const { queue } = newQueue();
    await expect(queue.shutDownWithDrain({ signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    expect(queue.shuttingDown).toBe(true);
  });

  test('does nothing once it has drained', async () => {
    const { queue } = newQueue();
    const controller = new AbortController();
    await queue.shutDownWithDrain({ signal: controller.signal });
    controller.abort();
    await settle();
  });
});
