import { configMaps } from '@client-ts/api/core/v1';
import { watches } from '@client-ts/testing';
import { FaultInjector } from '@client-ts/testing';
import { SharedInformerFactory } from '@client-ts/informers';
import { expect, test } from 'vitest';
import { Controller } from './controller.js';
import { deferred, Loop } from './loop.test.kit.js';

test('nothing is reconciled before all caches are full, those of no source included', async () => {
  await using loop = new Loop();
  await loop.create('a');
  const faults = new FaultInjector(loop.server.transport);
  faults.inject({ kind: 'status', status: 503 }, { times: 3 });
  await using slow = new SharedInformerFactory(
    { ...loop.server.config(), transport: faults },
    { clock: loop.clock, onError: () => {} },
  );
  slow.informer(configMaps);
  let seen = 0;
  const controller = await loop.run({
    informers: {
      start: () => [loop.factory, slow].forEach((each) => each.start()),
      waitForCacheSync: async (options) => {
        await loop.factory.waitForCacheSync(options);
        await slow.waitForCacheSync(options);
      },
    },
    reconcile: () => void seen++,
  });
  expect([controller.ready, controller.snapshot().ready.length, seen]).toEqual([false, 1, 0]);
  await loop.clock.advance(60_000);
  expect([controller.ready, seen]).toEqual([true, 1]);
  expect(faults.cut('reset', watches)).toBe(1);
});

test('what is warm begins at once', async () => {
  await using loop = new Loop();
  await loop.create('a');
  let seen = 0;
  const controller = loop.controller({ reconcile: () => void seen++ });
  const stop = new AbortController();
  const warm = controller.warmUp({ signal: stop.signal });
  await loop.clock.advance(0);
  await warm;
  expect([controller.ready, seen]).toEqual([true, 0]);
  await loop.touch('a');
  const running = controller.run({ signal: stop.signal });
  await loop.clock.advance(0);
  expect(seen).toBe(1);
  stop.abort();
  await running;
});

test('told to end, it begins nothing, waits for what runs, and then tells it to end', async () => {
  await using loop = new Loop();
  await loop.create('a', 'b', 'c');
  const stop = new AbortController();
  const [quick, seen, log] = [deferred(), [] as string[], [] as string[]];
  const controller = loop.controller({
    concurrency: 2,
    shutdownGraceMs: 1000,
    reconcile: async ({ name }, { signal }) => {
      seen.push(name);
      if (name === 'a') return quick.promise;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      log.push((signal.reason as Error).message);
    },
  });
  const running = controller.run({ signal: stop.signal }).then(() => log.push('ended'));
  await loop.clock.advance(0);
  stop.abort(new Error('SIGTERM'));
  quick.resolve();
  await loop.touch('c');
  await loop.clock.advance(999);
  expect([seen, log]).toEqual([['a', 'b'], []]);
  await loop.clock.advance(1);
  await running;
  expect([seen, log]).toEqual([
    ['a', 'b'],
    ['SIGTERM', 'ended'],
  ]);
  expect(loop.errors).toEqual([]);
  controller.enqueue({ namespace: 'default', name: 'a' });
  expect(controller.snapshot().ready).toEqual([]);
});

test('when leadership is lost nothing is begun, and what runs is told to end at once', async () => {
  await using loop = new Loop();
  await loop.create('a', 'b');
  const [stop, leading] = [new AbortController(), new AbortController()];
  const log: string[] = [];
  const controller = loop.controller({
    reconcile: async ({ name }, { signal }) => {
      log.push(name);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      log.push((signal.reason as Error).message);
    },
  });
  const running = controller.run({ signal: stop.signal, leading: leading.signal });
  await loop.clock.advance(0);
  leading.abort(new Error('lost'));
  await running;
  expect(log).toEqual(['a', 'lost']);
});

test('leadership that is lost while it ends is heeded, too', async () => {
  await using loop = new Loop();
  await loop.create('a');
  const [stop, leading] = [new AbortController(), new AbortController()];
  const told = deferred<unknown>();
  const controller = loop.controller({
    reconcile: async (_, { signal }) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      told.resolve(signal.reason);
    },
  });
  const running = controller.run({ signal: stop.signal, leading: leading.signal });
  await loop.clock.advance(0);
  stop.abort();
  const lost = new Error('lost');
  leading.abort(lost);
  expect(await told.promise).toBe(lost);
  await running;
});

test('leadership is looked at whenever a reconcile looks at its signal', async () => {
  await using loop = new Loop();
  await loop.create('a', 'b');
  const leading = new AbortController();
  let isOver = false;
  const watchful = Object.defineProperty(leading.signal, 'aborted', {
    get: () => {
      if (isOver) leading.abort(new Error('the lease is over'));
      return isOver;
    },
  });
  const seen: unknown[] = [];
  const controller = loop.controller({
    reconcile: ({ name }, { signal }) => {
      seen.push(name, signal.aborted);
      isOver = true;
      seen.push(signal.aborted);
      signal.throwIfAborted();
    },
  });
  const running = controller.run({ signal: new AbortController().signal, leading: watchful });
  await loop.clock.advance(0);
  await running;
  expect(seen).toEqual(['a', false, true]);
  expect(loop.errors).toEqual([]);
});

test('it ends well when it is told to before it has begun, and when it is disposed of', async () => {
  await using loop = new Loop();
  const reconcile = (): void => {};
  await loop.controller({ reconcile }).run({ signal: AbortSignal.abort() });
  await loop.controller({ reconcile }).run({ signal: new AbortController().signal, leading: AbortSignal.abort() });
  const controller = loop.controller({ reconcile });
  const running = controller.run({ signal: new AbortController().signal });
  await controller[Symbol.asyncDispose]();
  await running;
  await expect(controller.run({ signal: new AbortController().signal })).rejects.toThrow('can be run once');
  await loop.controller({ reconcile })[Symbol.asyncDispose]();
});

test('it ends when it is told to, whoever began to fill its caches, and until when', async () => {
  await using loop = new Loop();
  const informers = { start: () => {}, waitForCacheSync: () => new Promise<void>(() => {}) };
  const controller = loop.controller({ informers, reconcile: () => {} });
  void controller.warmUp({ signal: new AbortController().signal });
  const stop = new AbortController();
  const running = controller.run({ signal: stop.signal });
  stop.abort();
  await running;
  await expect(loop.controller({ reconcile: () => {} }).warmUp({ signal: stop.signal })).rejects.toBe(
    stop.signal.reason,
  );
});

test('it ends with an error when its informers do before it has begun', async () => {
  await using loop = new Loop();
  const running = loop.controller({ reconcile: () => {} }).run({ signal: new AbortController().signal });
  const [ended] = await Promise.allSettled([running, loop.factory.shutdown()]);
  expect(ended).toMatchObject({ reason: { message: 'configmaps: the informer stopped before it had synced' } });
});

test.each<[options: object, message: string]>([
  [{ name: '' }, 'Controller: name: expected a text that is not empty'],
  [{ concurrency: 0 }, 'Controller test: concurrency: expected a whole number from 1 on, got 0'],
  [{ concurrency: 1.5 }, 'Controller test: concurrency: expected a whole number from 1 on, got 1.5'],
  [{ reconcileTimeoutMs: 0 }, 'Controller test: reconcileTimeoutMs: expected more than 0 milliseconds, got 0'],
  [{ shutdownGraceMs: -1 }, 'Controller test: shutdownGraceMs: expected milliseconds from 0 on, got -1'],
  [{ releaseGraceMs: Number.NaN }, 'Controller test: releaseGraceMs: expected milliseconds from 0 on, got NaN'],
])('refuses %o', (options, message) => {
  expect(() => new Controller({ name: 'test', reconcile: () => {}, ...options })).toThrow(message);
});
