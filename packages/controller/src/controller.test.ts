import { FairQueue, LowPriority, PriorityQueue } from '@client-ts/workqueue';
import { describe, expect, test } from 'vitest';
import { deferred, Loop } from './loop.test.kit.js';
import type { ReconcileRequest } from './object-ref.js';
import { ReconcileTimeoutError } from './reconcile-timeout-error.js';
import { TerminalError } from './terminal-error.js';

describe('what is reconciled', () => {
  test('what is there at the start, what is added, changed and deleted, each with why, and as the cache has it', async () => {
    await using loop = new Loop();
    await loop.create('a');
    const seen: unknown[] = [];
    await loop.run({
      reconcile: ({ key, namespace, name }, { object, reasons }) =>
        void seen.push([key, namespace, name, object !== undefined, ...reasons]),
    });
    await loop.create('b');
    await loop.touch('a');
    await loop.client.delete('b');
    await loop.clock.advance(0);
    expect(seen).toEqual([
      ['default/a', 'default', 'a', true, 'configmaps add default/a'],
      ['default/b', 'default', 'b', true, 'configmaps add default/b'],
      ['default/a', 'default', 'a', true, 'configmaps update default/a'],
      ['default/b', 'default', 'b', false, 'configmaps delete default/b'],
    ]);
    expect(loop.errors).toEqual([]);
  });

  test('one at a time of each, and as many as there are workers', async () => {
    await using loop = new Loop();
    await loop.create('a', 'b', 'c');
    const running: string[] = [];
    const gate = deferred();
    const controller = await loop.run({
      concurrency: 2,
      reconcile: async ({ name }) => {
        running.push(name);
        await gate.promise;
      },
    });
    expect(running).toEqual(['a', 'b']);
    await loop.touch('a');
    await loop.touch('a');
    expect(running).toEqual(['a', 'b']);
    expect(controller.snapshot().processing.map(({ item, again }) => [item.key, again?.item.key])).toEqual([
      ['default/a', 'default/a'],
      ['default/b', undefined],
    ]);
    gate.resolve();
    await loop.clock.advance(0);
    expect(running).toEqual(['a', 'b', 'a', 'c']);
  });

  test('what changes now before what was there, and before a resync', async () => {
    await using loop = new Loop();
    await loop.create('old-1', 'old-2');
    const seen: string[] = [];
    const first = deferred();
    await loop.run({
      reconcile: async ({ name }) => {
        seen.push(name);
        if (seen.length === 1) await first.promise;
      },
    });
    await loop.create('new');
    first.resolve();
    await loop.clock.advance(0);
    expect(seen).toEqual(['old-1', 'new', 'old-2']);
  });
});

test('by choice, classes of objects take turns', async () => {
  await using loop = new Loop();
  await loop.create('a1', 'a2', 'a3', 'b1');
  const seen: string[] = [];
  const classOf = ({ name }: ReconcileRequest): string => name.charAt(0);
  await loop.run({
    queue: new FairQueue({ classOf, queue: () => new PriorityQueue() }),
    reconcile: ({ name }) => void seen.push(name),
  });
  expect(seen).toEqual(['a1', 'b1', 'a2', 'a3']);
});

test('a thrown value that cannot be shown, and a rate limiter that throws, are survived and told; nothing is lost', async () => {
  await using loop = new Loop();
  const broken = (): never => {
    throw new Error('out of order');
  };
  const tried: string[] = [];
  await loop.run({
    rateLimiter: { when: broken, forget: broken, numRequeues: broken },
    reconcile: ({ key }, { attempt }) => {
      tried.push(`${key} ${attempt}`);
      if (tried.length < 3) throw Object.create(null);
    },
  });
  await loop.create('a');
  await loop.clock.advance(15);
  expect(tried).toEqual(['default/a 0', 'default/a 1', 'default/a 2']);
  expect(new Set(loop.errors)).toEqual(
    new Set([
      'test: cannot tell when to try again "default/a": out of order',
      'test: could not reconcile "default/a": object without a text',
    ]),
  );
});

test('what is no object, and what no error is, is survived; all that was thrown is told', async () => {
  await using loop = new Loop();
  const thrown: unknown[] = [];
  const recorder = { event: () => {} };
  await loop.run({
    recorder,
    onError: ({ cause, stage, key, retryInMs }) => {
      thrown.push([cause, stage, key, retryInMs]);
    },
    reconcile: async (_, context) => {
      expect(context.recorder).toBe(recorder);
      const text: unknown = await Promise.resolve('text');
      throw text;
    },
  });
  await loop.create('a');
  expect(thrown).toEqual([['text', 'reconcile', 'default/a', 5]]);
});

describe('what comes of a reconcile', () => {
  test('one that failed comes again later and later, as urgent and for the same reasons, until it goes well', async () => {
    await using loop = new Loop();
    await loop.create('a');
    const tries: unknown[] = [];
    let left = 4;
    const controller = await loop.run({
      reconcile: (_, { attempt, reasons }) => {
        tries.push([loop.clock.now(), attempt, ...reasons]);
        if (left-- > 0) throw new Error('not yet');
      },
    });
    const started = loop.clock.now();
    expect(controller.snapshot().delayed).toEqual([
      expect.objectContaining({ priority: LowPriority, dueInMs: 5, reasons: ['configmaps add default/a'] }),
    ]);
    await loop.clock.advance(1000);
    const why = 'configmaps add default/a';
    expect(tries).toEqual([0, 5, 15, 35, 75].map((ms, attempt) => [started + ms, attempt, why]));
    expect(loop.errors).toEqual(Array.from({ length: 4 }, () => 'test: could not reconcile "default/a": not yet'));
    left = 1;
    await loop.touch('a');
    await loop.clock.advance(5);
    expect(tries.slice(5).map((each) => (each as unknown[])[1])).toEqual([0, 1]);
  });

  test.each<[what: string, result: object | undefined, at: number[]]>([
    ['nothing', undefined, [0]],
    ['a time', { requeueAfterMs: 100 }, [0, 100, 200]],
    ['no time', { requeueAfterMs: 0 }, [0, 0, 0]],
    ['a time that is over', { requeueAfterMs: -5 }, [0, 0, 0]],
    ['again', { requeue: true }, [0, 5, 15]],
  ])('%s', async (_, result, at) => {
    await using loop = new Loop();
    await loop.create('a');
    const times: number[] = [];
    const started = loop.clock.now();
    await loop.run({
      reconcile: () => {
        times.push(loop.clock.now() - started);
        return times.length < 3 ? (result as undefined) : undefined;
      },
    });
    await loop.clock.advance(1000);
    expect(times).toEqual(at);
  });

  test('a time that is none is a mistake of the program', async () => {
    await using loop = new Loop();
    await loop.create('a');
    await loop.run({ reconcile: () => ({ requeueAfterMs: Number.NaN }) });
    expect(loop.errors).toEqual([
      'test: could not reconcile "default/a": requeueAfterMs: expected milliseconds, got NaN',
    ]);
  });

  test('one that failed for good waits for the next change', async () => {
    await using loop = new Loop();
    await loop.create('a');
    let tries = 0;
    await loop.run({
      reconcile: () => {
        tries++;
        throw new TerminalError('spec.size: expected a number');
      },
    });
    await loop.clock.advance(2_000_000);
    expect(tries).toBe(1);
    await loop.touch('a');
    expect(tries).toBe(2);
  });

  test('one that is to come again comes earlier when something changes, and then once', async () => {
    await using loop = new Loop();
    await loop.create('a');
    const times: number[] = [];
    const started = loop.clock.now();
    await loop.run({
      reconcile: () => {
        times.push(loop.clock.now() - started);
        return { requeueAfterMs: 1000 };
      },
    });
    await loop.clock.advance(600);
    await loop.touch('a');
    await loop.clock.advance(1500);
    expect(times).toEqual([0, 600, 1600]);
  });

  test('one that takes too long is told to end, and is not run beside itself', async () => {
    await using loop = new Loop();
    await loop.create('a');
    const gate = deferred();
    const reasons: unknown[] = [];
    let running = 0;
    await loop.run({
      reconcileTimeoutMs: 100,
      reconcile: async (_, { signal }) => {
        running++;
        await gate.promise;
        if (signal.aborted) reasons.push(signal.reason);
        signal.throwIfAborted();
      },
    });
    await loop.clock.advance(100);
    await loop.touch('a');
    expect(running).toBe(1);
    gate.resolve();
    await loop.clock.advance(0);
    expect(reasons).toEqual([new ReconcileTimeoutError(100)]);
    expect(loop.errors).toEqual(['test: could not reconcile "default/a": the reconcile did not end within 100 ms']);
    expect(running).toBe(2);
  });
});
