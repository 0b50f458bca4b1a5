import type { Clock } from './clock.js';
import { ExponentialFailureRateLimiter } from './exponential-failure-rate-limiter.js';
import { RateLimitingQueue } from './rate-limiting-queue.js';

/** Time that passes when it is told to. */
export interface VirtualClock extends Clock {
  /** Resolves when what follows from it has settled. */
  advance(ms: number): Promise<void>;
  readonly pending: number;
}

/** How often each is chosen: more often those that keep a queue going. */
const weights = {
  add: 2,
  addAfter: 2,
  addRateLimited: 1,
  forget: 1,
  get: 3,
  done: 3,
  advance: 2,
  shutDown: 1,
  drain: 1,
  dispose: 1,
};

type Verb = keyof typeof weights;

/** To choose from at random. */
export const StepVerbs: readonly Verb[] = Object.entries(weights).flatMap(([verb, weight]) =>
  Array.from({ length: weight }, () => verb as Verb),
);

/** What is done to a queue; `key` and `ms` are for the verbs that need them. */
export interface Step {
  readonly verb: Verb;
  readonly key: string;
  readonly ms: number;
}

interface Item {
  readonly key: string;
  /** Tells apart what was added under one key. */
  readonly version: number;
}

/** What both sides show of themselves. `heard` are the answers since the step before; their order among each other is open. */
interface Shown {
  readonly length: number;
  readonly delayed: number;
  readonly failures: readonly number[];
  readonly closed: boolean;
  readonly heard: readonly string[];
}

const Keys = ['a', 'b', 'c', 'd'];
const [BaseDelayMs, MaxDelayMs] = [2, 20];

/**
 * Does the steps to a queue and to a model of it, and compares what both show after each.
 *
 * @throws Error with the step after which they differ.
 */
export async function runQueueSteps(steps: readonly Step[], clock: VirtualClock): Promise<void> {
  const queue = new QueueUnderTest(clock);
  const model = new QueueModel();
  const end = [{ verb: 'shutDown', key: '', ms: 0 }, ...Keys.map((key) => ({ verb: 'done', key, ms: 0 }))] as Step[];
  for (const [number, step] of [...steps, ...end].entries()) {
    queue.step(step, number);
    model.step(step, number);
    await clock.advance(step.verb === 'advance' ? step.ms : 0);
    const [actual, expected] = [JSON.stringify(queue.shown()), JSON.stringify(model.shown())];
    if (actual !== expected)
      throw new Error(`after step ${number} (${JSON.stringify(step)}) the queue shows ${actual}, expected ${expected}`);
  }
  if (clock.pending > 0) throw new Error(`${clock.pending} timers are left after the shutdown`);
}

class QueueUnderTest {
  readonly #queue: RateLimitingQueue<Item>;
  readonly #heard: string[] = [];

  constructor(clock: Clock) {
    const rateLimiter = new ExponentialFailureRateLimiter<Item | string>(BaseDelayMs, MaxDelayMs);
    this.#queue = new RateLimitingQueue<Item>({ clock, rateLimiter, keyFunc: ({ key }) => key });
  }

  step({ verb, key, ms }: Step, number: number): void {
    const queue = this.#queue;
    const item = { key, version: number };
    const hear = (what: Promise<Item | undefined | void>): void => {
      void what.then((answer) => this.#heard.push(describeAnswer(number, answer ?? undefined)));
    };
    switch (verb) {
      case 'add':
        return queue.add(item);
      case 'addAfter':
        return queue.addAfter(item, ms);
      case 'addRateLimited':
        return queue.addRateLimited(item);
      case 'forget':
        return queue.forget(item);
      case 'get':
        return hear(queue.get());
      case 'done':
        return queue.done(item);
      case 'shutDown':
        return queue.shutDown();
      case 'drain':
        return hear(queue.shutDownWithDrain());
      case 'dispose':
        return hear(queue[Symbol.asyncDispose]());
      case 'advance':
    }
  }

  shown(): Shown {
    return {
      length: this.#queue.length,
      delayed: this.#queue.delayedLength,
      failures: Keys.map((key) => this.#queue.numRequeues({ key, version: 0 })),
      closed: this.#queue.shuttingDown,
      heard: this.#heard.splice(0).toSorted(),
    };
  }
}

/** What a queue is meant to do, in arrays that are searched and sorted. It always shows the state in which nothing is left to do. */
class QueueModel {
  #now = 0;
  #closed = false;
  #ready: string[] = [];
  readonly #dirty = new Map<string, Item>();
  readonly #processing = new Set<string>();
  #delayed: { item: Item; at: number }[] = [];
  readonly #failures = new Map<string, number>();
  #gets: number[] = [];
  #drains: number[] = [];
  readonly #heard: string[] = [];

  step({ verb, key, ms }: Step, number: number): void {
    const item = { key, version: number };
    switch (verb) {
      case 'add':
        this.#add(item);
        break;
      case 'addAfter':
        this.#addAfter(item, ms);
        break;
      case 'addRateLimited': {
        const failures = this.#failures.get(key) ?? 0;
        this.#failures.set(key, failures + 1);
        this.#addAfter(item, Math.min(BaseDelayMs * 2 ** failures, MaxDelayMs));
        break;
      }
      case 'forget':
        this.#failures.delete(key);
        break;
      case 'get':
        this.#gets.push(number);
        break;
      case 'done':
        if (this.#processing.delete(key) && this.#dirty.has(key)) this.#ready.push(key);
        break;
      case 'shutDown':
        this.#close();
        this.#answer(this.#drains.splice(0));
        break;
      case 'dispose':
        this.#ready = [];
        this.#dirty.clear();
        this.#close();
        this.#drains.push(number);
        break;
      case 'drain':
        this.#close();
        this.#drains.push(number);
        break;
      case 'advance':
        this.#now += ms;
    }
    this.#settle();
  }

  #add(item: Item): void {
    if (this.#closed) return;
    if (!this.#dirty.has(item.key) && !this.#processing.has(item.key)) this.#ready.push(item.key);
    this.#dirty.set(item.key, item);
  }

  #addAfter(item: Item, ms: number): void {
    const at = this.#now + ms;
    const known = this.#delayed.find((entry) => entry.item.key === item.key);
    if (this.#closed) return;
    if (ms === 0) this.#add(item);
    else if (known) Object.assign(known, { item, at: Math.min(known.at, at) });
    else this.#delayed.push({ item, at });
  }

  #close(): void {
    this.#closed = true;
    this.#delayed = [];
  }

  #settle(): void {
    const due = this.#delayed.filter((entry) => entry.at <= this.#now).toSorted((one, other) => one.at - other.at);
    this.#delayed = this.#delayed.filter((entry) => entry.at > this.#now);
    for (const { item } of due) this.#add(item);
    while (this.#gets.length > 0 && this.#ready.length > 0) {
      const item = this.#dirty.get(this.#ready.shift() ?? '') as Item;
      this.#dirty.delete(item.key);
      this.#processing.add(item.key);
      this.#answer(this.#gets.splice(0, 1), item);
    }
    if (this.#closed) this.#answer(this.#gets.splice(0));
    if (this.#processing.size === 0) this.#answer(this.#drains.splice(0));
  }

  #answer(steps: number[], item?: Item): void {
    for (const step of steps) this.#heard.push(describeAnswer(step, item));
  }

  shown(): Shown {
    return {
      length: this.#ready.length,
      delayed: this.#delayed.length,
      failures: Keys.map((key) => this.#failures.get(key) ?? 0),
      closed: this.#closed,
      heard: this.#heard.splice(0).toSorted(),
    };
  }
}

function describeAnswer(step: number, item: Item | undefined): string {
  return `${step}: ${item ? `${item.key} of step ${item.version}` : 'the end'}`;
}
