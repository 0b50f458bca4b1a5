import { FakeClock } from '@client-ts/apimachinery/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FairQueue } from './fair-queue.js';
import { FifoQueue } from './fifo-queue.js';
import { PriorityQueue } from './priority-queue.js';
import { queueMetrics } from './queue-metrics.js';
import { RateLimitingQueue } from './rate-limiting-queue.js';

const [Producers, Consumers, AddsOfEach] = [10, 100, 400];
const MostOfClass = 4;
const classOf = (key: string): string => key.slice(0, 1);

/** A source of numbers below one, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** As controller-runtime's TestFuzzPriorityQueue, for every order. */
test.each([
  { order: 'fifo', make: () => new FifoQueue<string>(), mergeDelays: false },
  { order: 'priority', make: () => new PriorityQueue<string>(), mergeDelays: true },
  { order: 'fair', make: () => new FairQueue<string>({ classOf, concurrency: MostOfClass }), mergeDelays: false },
])('ten producers and a hundred consumers: $order', async ({ order, make, mergeDelays }) => {
  const [seed = 0] = fc.sample(fc.integer(), 1);
  const random = randomFrom(seed);
  const clock = new FakeClock(0);
  let depth = (): number => NaN;
  const queue = new RateLimitingQueue({
    name: 'fuzz',
    clock,
    mergeDelays,
    queue: make(),
    metrics: queueMetrics({
      counter: () => ({ inc() {} }),
      histogram: () => ({ observe: (value) => expect(value).toBeGreaterThanOrEqual(0) }),
      gauge({ name }, read) {
        if (name === 'workqueue_depth') depth = () => read()[0]?.value ?? NaN;
        return { [Symbol.dispose]() {} };
      },
    }),
  });
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => clock.setTimeout(resolve, ms));

  /** What was added since it was handed out last, with the highest priority that was asked for. */
  const owed = new Map<string, number>();
  const busy = new Set<string>();
  const busyOfClass = new Map<string, number>();
  let [handedOut, most] = [0, 0];
  const check = (holds: boolean, what: string): void => {
    if (!holds) throw new Error(`seed ${seed}: ${what}`);
  };

  const owe = (key: string, priority: number): void => {
    owed.set(key, Math.max(owed.get(key) ?? -Infinity, priority));
  };

  const producers = Array.from({ length: Producers }, async () => {
    for (let i = 0; i < AddsOfEach; i++) {
      const key = `${'abcd'.charAt(random() * 4)}/${Math.floor(random() * 60)}`;
      const priority = Math.floor(random() * 3) - 1;
      const delayMs = random() < 0.3 ? Math.ceil(random() * 50) : 0;
      owe(key, priority);
      if (random() < 0.1) queue.addRateLimited(key, { priority });
      else queue.addAfter(key, delayMs, { priority });
      check(depth() >= 0, `a depth of ${depth()}`);
      if (random() < 0.2) await sleep(random() * 5);
    }
  });
  const consumers = Array.from({ length: Consumers }, async () => {
    for await (using work of queue) {
      const key = work.item;
      check(!busy.has(key), `${key} was handed out twice`);
      busy.add(key);
      const ofClass = (busyOfClass.get(classOf(key)) ?? 0) + 1;
      busyOfClass.set(classOf(key), ofClass);
      handedOut++;
      most = Math.max(most, ofClass);
      check(!mergeDelays || work.priority === owed.get(key), `${key} at ${work.priority}, not ${owed.get(key)}`);
      owed.delete(key);
      check(depth() >= 0, `a depth of ${depth()}`);
      if (random() < 0.7) await sleep(random() * 20);
      if (random() < 0.1) {
        owe(key, work.priority);
        queue.addRateLimited(key, work);
      } else {
        queue.forget(key);
      }
      busy.delete(key);
      busyOfClass.set(classOf(key), (busyOfClass.get(classOf(key)) ?? 0) - 1);
    }
  });
  const advance = clock.advance(10_000_000);
  await Promise.all([advance, ...producers]);
  check(owed.size === 0, `lost ${[...owed.keys()].join(', ')}`);
  check(queue.length === 0 && queue.delayedLength === 0 && busy.size === 0, 'something is left');
  await queue.shutDownWithDrain();
  await Promise.all(consumers);
  expect(handedOut).toBeGreaterThan(240);
  // Without a limit there are more at the same time: the limit is what holds them back.
  if (order === 'fair') expect(most).toBe(MostOfClass);
  else expect(most).toBeGreaterThan(MostOfClass);
  expect(clock.pending).toBe(0);
});
