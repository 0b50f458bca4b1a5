import { FairQueue, PriorityQueue, RateLimitingQueue } from '@client-ts/workqueue';
import { type Benchmark, type Contender, type Contest, contest, type Outcome } from './benchmark.js';
import { buildClientGo, missingGo } from './client-go.js';
import { collectGarbage } from './collect-garbage.js';
import { timed } from './measure.js';

/** Which part of the way of keys through a queue is measured. */
type Part = 'add' | 'take';

interface Line {
  readonly name: string;
  readonly newQueue: () => RateLimitingQueue;
  readonly takeAll: (queue: RateLimitingQueue) => Promise<number>;
}

const fair = (): FairQueue<string> => new FairQueue({ classOf: (key) => key.slice(0, key.indexOf('/')) });

const lines: readonly [Line, ...Line[]] = [
  { name: 'RateLimitingQueue, get()', newQueue: () => new RateLimitingQueue(), takeAll: getAll },
  { name: 'RateLimitingQueue, for await', newQueue: () => new RateLimitingQueue(), takeAll: loopOverAll },
  {
    name: 'PriorityQueue, get()',
    newQueue: () => new RateLimitingQueue({ queue: new PriorityQueue<string>() }),
    takeAll: getAll,
  },
  { name: 'FairQueue, get()', newQueue: () => new RateLimitingQueue({ queue: fair() }), takeAll: getAll },
];

/** One of each kind, held: V8 drops what it has compiled for a kind of object when there is none left of it. */
const held = new Set<RateLimitingQueue>();

/** All keys are added, and then each is taken, forgotten, and done with; with client-go beside it where there is Go. */
export function workqueue(part: Part, thousands: number): Benchmark {
  return {
    name: `workqueue-${part}-${thousands}k`,
    title: part === 'add' ? 'keys added to a work queue' : 'keys taken from a work queue, forgotten, and done with',
    unit: 'key',
    size: thousands * 1000,
    heavy: thousands > 100,
    async prepare(size) {
      const keys = keysOf(size);
      for (const { newQueue } of lines) held.add(newQueue());
      const [line, ...others] = lines;
      const own: Contest['contenders'] = [
        contender(line, keys, part),
        ...others.map((other) => contender(other, keys, part)),
      ];
      if (missingGo() !== undefined) return contest(...own);
      const peer = await buildClientGo();
      const run = async (): Promise<Outcome> => {
        const { items, heapBytes, ...spent } = await peer.workqueue({ items: size });
        return { units: items, spent: spent[part], counts: heldBy(part, heapBytes, size) };
      };
      return contest({ name: 'peer: client-go', run }, ...own);
    },
  };
}

/** Keys that are added with delays of one to two seconds, until the last has been taken. */
export const workqueueDelayed: Benchmark = {
  name: 'workqueue-delayed',
  title: 'keys added to a work queue with delays of 1 s to 2 s, until all have been taken',
  unit: 'key',
  size: 100_000,
  heavy: true,
  missing: missingGo,
  async prepare(size) {
    const peer = await buildClientGo();
    const keys = keysOf(size);
    const delayMs = size < 1000 ? 1 : 1000;
    return contest(
      {
        name: 'peer: client-go',
        async run() {
          const { items, add, take } = await peer.workqueue({ items: size, delayMs });
          const spent = { wallMs: add.wallMs + take.wallMs, cpuMs: add.cpuMs + take.cpuMs, stallMs: NaN };
          return { units: items, spent, counts: { 'ms to add all': add.wallMs } };
        },
      },
      {
        name: 'RateLimitingQueue',
        async run() {
          const queue = new RateLimitingQueue();
          const started = performance.now();
          for (const [at, key] of keys.entries()) queue.addAfter(key, delayMs * (1 + scatter(at)));
          const addedMs = performance.now() - started;
          let units = 0;
          for await (const { item } of queue) {
            queue.forget(item);
            if (++units === size) queue.shutDown();
          }
          return { units, counts: { 'ms to add all': addedMs } };
        },
      },
    );
  },
};

function contender({ name, newQueue, takeAll }: Line, keys: readonly string[], part: Part): Contender {
  return {
    name,
    async run() {
      const before = heapUsed(part);
      const queue = newQueue();
      const add = await timed(() => {
        for (const key of keys) queue.add(key);
      });
      const held = heapUsed(part) - before;
      queue.shutDown();
      const take = await timed(() => takeAll(queue));
      return { units: take.result, spent: part === 'add' ? add : take, counts: heldBy(part, held, keys.length) };
    },
  };
}

async function getAll(queue: RateLimitingQueue): Promise<number> {
  let units = 0;
  for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
    queue.forget(key);
    queue.done(key);
    units++;
  }
  return units;
}

/** Without `using`, which is translated for older runtimes: an item is done when the loop asks for the next. */
async function loopOverAll(queue: RateLimitingQueue): Promise<number> {
  let units = 0;
  for await (const { item } of queue) {
    queue.forget(item);
    units++;
  }
  return units;
}

function keysOf(size: number): string[] {
  return Array.from({ length: size }, (_, number) => `team-${number % 50}/pod-${number}`);
}

/** Spreads numbers over [0, 1) as the peer does, by the golden ratio. */
function scatter(number: number): number {
  return (number * 0.618_033_988_749_895) % 1;
}

/** To look takes a collection of garbage, which is only worth it where it is shown. */
function heapUsed(part: Part): number {
  if (part === 'take') return NaN;
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function heldBy(part: Part, bytes: number, size: number): Record<string, number> {
  return part === 'add' ? { 'bytes/key': bytes / size } : {};
}
