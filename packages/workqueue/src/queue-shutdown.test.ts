import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test, vi } from 'vitest';
import { RateLimitingQueue } from './rate-limiting-queue.js';

/** Says whether a promise has resolved, once everything has settled. */
function watch(promise: Promise<unknown>): () => Promise<boolean> {
  let resolved = false;
  void promise.then(() => (resolved = true));
  return async () => {
    await settle();
    return resolved;
  };
}

describe('shutDown', () => {
  test('takes nothing more, gives what is ready, and then ends whoever asks', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.add('a');
    queue.shutDown();
    expect(queue.shuttingDown).toBe(true);
    queue.add('b');
    queue.addAfter('c', 0);
    queue.addAfter('d', 10);
    queue.addRateLimited('e');
    expect([queue.length, queue.delayedLength, clock.pending]).toEqual([1, 0, 0]);
    expect(await queue.get()).toBe('a');
    expect(await queue.get()).toBeUndefined();
  });

  test('ends all who wait', async () => {
    const queue = new RateLimitingQueue();
    const waiting = [queue.get(), queue.get(), queue[Symbol.asyncIterator]().next()];
    await settle();
    queue.shutDown();
    expect(await Promise.all(waiting)).toEqual([undefined, undefined, { done: true, value: undefined }]);
  });

  test('drops what is delayed, with its timer', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.addAfter('a', 10);
    queue.shutDown();
    expect([queue.delayedLength, clock.pending]).toEqual([0, 0]);
    expect(await queue.get()).toBeUndefined();
  });

  test('gives once more what was added while it was processed', async () => {
    const queue = new RateLimitingQueue();
    queue.add('a');
    await queue.get();
    queue.add('a');
    queue.shutDown();
    queue.done('a');
    expect(await queue.get()).toBe('a');
    queue.done('a');
    expect(await queue.get()).toBeUndefined();
  });
});

describe('shutDownWithDrain', () => {
  test('waits for all that is being processed', async () => {
    const queue = new RateLimitingQueue();
    queue.add('a');
    queue.add('b');
    await queue.get();
    await queue.get();
    const drained = watch(queue.shutDownWithDrain());
    expect(queue.shuttingDown).toBe(true);
    queue.done('a');
    expect(await drained()).toBe(false);
    queue.done('b');
    expect(await drained()).toBe(true);
  });

  test('resolves at once when nothing is', async () => {
    await new RateLimitingQueue().shutDownWithDrain();
  });

  test('waits for the second processing of what was added during the first', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.add('a');
    await queue.get();
    queue.add('a');
    const drained = watch(queue.shutDownWithDrain());
    queue.done('a');
    expect(await queue.get()).toBe('a');
    await clock.advance(0);
    expect(await drained()).toBe(false);
    queue.done('a');
    expect(await drained()).toBe(true);
    expect(await queue.get()).toBeUndefined();
  });

  test.each([
    ['a loop', 1],
    ['several loops', 3],
  ])('waits for what %s still takes: when it resolves, nothing is being processed', async (_, count) => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue<number>({ clock });
    let busy = 0;
    let processed = 0;
    const worker = async (): Promise<void> => {
      for await (using _ of queue) {
        busy++;
        await new Promise<void>((resolve) => clock.setTimeout(resolve, 10));
        busy--;
        processed++;
      }
    };
    const workers = Array.from({ length: count }, worker);
    for (let item = 0; item < 8; item++) queue.add(item);
    const drained = queue.shutDownWithDrain().then(() => [busy, processed]);
    await clock.advance(1000);
    expect(await drained).toEqual([0, 8]);
    await Promise.all(workers);
    expect(clock.pending).toBe(0);
  });

  test('waits for a worker that takes its time between two items, as long as that is no turn of the event loop', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.add('a');
    queue.add('b');
    const processed: string[] = [];
    const processNext = async (): Promise<boolean> => {
      const item = await queue.get();
      if (item === undefined) return false;
      await Promise.resolve();
      processed.push(item);
      queue.done(item);
      return true;
    };
    const worker = (async () => {
      while (await processNext());
    })();
    const drained = queue.shutDownWithDrain().then(() => [...processed]);
    await clock.advance(0);
    expect(await drained).toEqual(['a', 'b']);
    await worker;
  });

  test.each([
    ['what was ready', false],
    ['what came back', true],
  ])('is not held up by items that no worker takes: %s', async (_, processed) => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.add('a');
    if (processed) {
      await queue.get();
      queue.add('a');
    }
    const drained = watch(queue.shutDownWithDrain());
    queue.done('a');
    await clock.advance(0);
    expect(await drained()).toBe(true);
    expect([queue.length, clock.pending]).toEqual([1, 0]);
  });

  test('ends early with a shutDown that comes later', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.add('a');
    await queue.get();
    const drained = watch(queue.shutDownWithDrain());
    expect(await drained()).toBe(false);
    queue.shutDown();
    expect(await drained()).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('may be called again, and does not end the wait of the first', async () => {
    const queue = new RateLimitingQueue();
    queue.add('a');
    await queue.get();
    const first = watch(queue.shutDownWithDrain());
    const second = watch(queue.shutDownWithDrain());
    expect([await first(), await second()]).toEqual([false, false]);
    queue.done('a');
    expect([await first(), await second()]).toEqual([true, true]);
  });
});

describe('a signal', () => {
  test('shuts down when it aborts', async () => {
    const controller = new AbortController();
    const queue = new RateLimitingQueue({ signal: controller.signal });
    const waiting = queue.get();
    controller.abort(new Error('enough'));
    expect(await waiting).toBeUndefined();
    expect(queue.shuttingDown).toBe(true);
  });

  test('that was aborted before makes a queue that is shut down', async () => {
    const queue = new RateLimitingQueue({ signal: AbortSignal.abort() });
    queue.add('a');
    expect([queue.shuttingDown, queue.length]).toEqual([true, 0]);
  });

  test('is let go of by a shutdown', () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const add = vi.spyOn(signal, 'addEventListener');
    new RateLimitingQueue({ signal }).shutDown();
    expect(remove.mock.calls[0]?.[1]).toBe(add.mock.calls[0]?.[1]);
  });
});

describe('disposing', () => {
  test('drops what is ready, and waits for what is being processed', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    for (const item of ['a', 'b', 'c']) queue.add(item);
    await queue.get();
    queue.add('a');
    queue.addAfter('d', 10);
    const disposed = watch(queue[Symbol.asyncDispose]());
    expect([queue.shuttingDown, queue.length, queue.delayedLength, clock.pending]).toEqual([true, 0, 0, 0]);
    expect(await disposed()).toBe(false);
    queue.done('a');
    expect(await disposed()).toBe(true);
    expect(await queue.get()).toBeUndefined();
  });

  test('cannot hang for want of workers, and may be done twice', async () => {
    const queue = new RateLimitingQueue();
    queue.add('a');
    await queue[Symbol.asyncDispose]();
    await queue[Symbol.asyncDispose]();
    expect(await queue.get()).toBeUndefined();
  });

  test('ends a drain that waits for workers', async () => {
    const clock = new FakeClock();
    const queue = new RateLimitingQueue({ clock });
    queue.add('a');
    const drained = watch(queue.shutDownWithDrain());
    await queue[Symbol.asyncDispose]();
    expect(await drained()).toBe(true);
    expect(clock.pending).toBe(0);
  });
});
