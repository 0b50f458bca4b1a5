import { FakeClock } from '@client-ts/apimachinery/testing';
import * as fc from 'fast-check';
import type { Clock } from './clock.js';
import { ExponentialFailureRateLimiter } from './exponential-failure-rate-limiter.js';
import { FairQueue } from './fair-queue.js';
import {
  BaseDelayMs,
  classOf,
  concurrencyOf,
  describe,
  describeDrop,
  describeItem,
  Keys,
  MaxDelayMs,
  type ModelItem,
  ModelQueue,
  type QueueKind,
  type Shown,
  type Step,
  type Verb,
} from './model-queue.test.kit.js';
import { PriorityQueue } from './priority-queue.js';
import { RateLimitingQueue } from './rate-limiting-queue.js';

/** How often each is chosen: more often those that keep a queue going. */
const Weights: Readonly<Record<Verb, number>> = {
  add: 4,
  addAfter: 4,
  addRateLimited: 2,
  retry: 2,
  forget: 2,
  get: 3,
  loop: 3,
  done: 6,
  advance: 4,
  shutDown: 1,
  drain: 1,
  drainAll: 1,
  dispose: 1,
};

export interface QueueStory {
  readonly kind: QueueKind;
  readonly steps: readonly Step[];
}

/** What can happen to a queue. */
export const queueStories: fc.Arbitrary<QueueStory> = fc.record({
  kind: fc.record({ order: fc.constantFrom('fifo', 'priority', 'fair'), mergeDelays: fc.boolean() }),
  steps: fc.array(
    fc.record({
      verb: fc.constantFrom(
        ...(Object.keys(Weights) as Verb[]).flatMap((verb) => Array.from({ length: Weights[verb] }, () => verb)),
      ),
      key: fc.constantFrom(...Keys),
      ms: fc.nat(30),
      priority: fc.integer({ min: -1, max: 1 }),
      reasons: fc.subarray(['x', 'y', 'z']),
    }),
    { size: 'medium' },
  ),
});

/**
 * Does the steps to a queue and to a model of it, and compares what both show after each.
 *
 * @throws Error with the step after which they differ.
 */
export async function tellQueueStory({ kind, steps }: QueueStory): Promise<void> {
  const clock = new FakeClock(0);
  const queue = new QueueUnderTest(kind, clock);
  const model = new ModelQueue(kind);
  const nothing = { ms: 0, priority: 0, reasons: [] };
  const end: Step[] = [
    { verb: 'shutDown', key: '', ...nothing },
    ...Keys.map((key): Step => ({ verb: 'done', key, ...nothing })),
  ];
  for (const [number, step] of [...steps, ...end].entries()) {
    queue.step(step, number);
    model.step(step, number);
    await clock.advance(step.verb === 'advance' ? step.ms : 0);
    const [actual, expected] = [queue.shown(), model.shown()].map((shown) => JSON.stringify(shown));
    if (actual !== expected)
      throw new Error(`after step ${number} (${JSON.stringify(step)}) the queue shows ${actual}, expected ${expected}`);
  }
  if (clock.pending > 0) throw new Error(`${clock.pending} timers are left after the shutdown`);
}

class QueueUnderTest {
  readonly #kind: QueueKind;
  readonly #queue: RateLimitingQueue<ModelItem>;
  readonly #heard: string[] = [];

  constructor(kind: QueueKind, clock: Clock) {
    this.#kind = kind;
    this.#queue = new RateLimitingQueue<ModelItem>({
      clock,
      keyFunc: ({ key }) => key,
      mergeDelays: kind.mergeDelays,
      rateLimiter: new ExponentialFailureRateLimiter<ModelItem | string>(BaseDelayMs, MaxDelayMs),
      queue: {
        fifo: undefined,
        priority: new PriorityQueue<ModelItem | string, ModelItem>(),
        fair: new FairQueue<ModelItem | string, ModelItem>({ classOf, concurrency: concurrencyOf }),
      }[kind.order],
      onDropped: (dropped) => this.#heard.push(...dropped.map((each) => describeDrop(each, each.was))),
    });
  }

  step({ verb, key, ms, priority, reasons }: Step, number: number): void {
    const queue = this.#queue;
    const item = { key, version: number };
    const hear = (answer: Promise<string | undefined | void>): void => {
      void answer.then((text) => this.#heard.push(`${number}: ${text ?? 'the end'}`));
    };
    switch (verb) {
      case 'add':
        return queue.add(item, { priority, reasons });
      case 'addAfter':
        return queue.addAfter(item, ms, { priority, reasons });
      case 'addRateLimited':
        return queue.addRateLimited(item, { priority, reasons });
      case 'retry': {
        const tried = queue.snapshot().processing.find((each) => each.item.key === key);
        return queue.addAfter(tried?.item ?? item, ms, { priority, reasons });
      }
      case 'forget':
        return queue.forget(item);
      case 'get':
        return hear(queue.get().then((item) => item && describeItem(item)));
      case 'loop':
        return hear(
          queue[Symbol.asyncIterator]()
            .next()
            .then(({ value }) => value && describe(value)),
        );
      case 'done':
        return queue.done(item);
      case 'shutDown':
        return queue.shutDown();
      case 'drain':
        return hear(queue.shutDownWithDrain());
      case 'drainAll':
        return hear(queue.shutDownWithDrain({ includeQueued: true }));
      case 'dispose':
        return hear(queue[Symbol.asyncDispose]());
      case 'advance':
    }
  }

  shown(): Shown {
    const { ready, processing, delayed, shuttingDown } = this.#queue.snapshot();
    const lengths = [this.#queue.length, this.#queue.processingLength, this.#queue.delayedLength];
    if (String(lengths) !== String([ready.length, processing.length, delayed.length]))
      throw new Error(`the queue says that it holds ${lengths.join(', ')}, and its snapshot shows others`);
    const described = ready.map(describe);
    return {
      ready: this.#kind.order === 'fair' ? described.toSorted() : described,
      processing: processing.map((each) => `${describe(each)}${each.again ? `, again ${describe(each.again)}` : ''}`),
      delayed: delayed.map((each) => `${describe(each)} in ${each.dueInMs}`),
      failures: Keys.map((key) => this.#queue.numRequeues({ key, version: 0 })),
      closed: shuttingDown,
      heard: this.#heard.splice(0).toSorted(),
    };
  }
}
