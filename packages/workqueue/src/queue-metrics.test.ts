import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test, vi } from 'vitest';
import type { Metric, MetricSample, MetricsProvider } from './metrics-provider.js';
import { queueMetrics } from './queue-metrics.js';
import { RateLimitingQueue } from './rate-limiting-queue.js';

/** What was measured: counts, observations in order, and what gauges show now. */
class Measured implements MetricsProvider {
  readonly #counts = new Map<string, number>();
  readonly #observed = new Map<string, number[]>();
  readonly #gauges = new Map<string, () => readonly MetricSample[]>();

  counter: MetricsProvider['counter'] = ({ name }, labels) => {
    const key = `${name}{${JSON.stringify(labels)}}`;
    return { inc: () => this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1) };
  };

  histogram: MetricsProvider['histogram'] = ({ name }, labels) => {
    const observed: number[] = [];
    this.#observed.set(`${name}{${JSON.stringify(labels)}}`, observed);
    return { observe: (value) => observed.push(value) };
  };

  gauge: MetricsProvider['gauge'] = ({ name }, read) => {
    this.#gauges.set(name, read);
    return { [Symbol.dispose]: () => this.#gauges.delete(name) };
  };

  /** Of a queue with the name `test`. */
  shown(): Record<string, unknown> {
    const short = (name: string): string => name.replace('{{"name":"test"}}', '').replace('workqueue_', '');
    return Object.fromEntries([
      ...[...this.#counts, ...this.#observed].map(([name, value]) => [short(name), value]),
      ...Array.from(this.#gauges, ([name, read]) => [
        short(name),
        ...read().map(({ labels, value }) => {
          expect(labels).toEqual({ name: 'test' });
          return value;
        }),
      ]),
    ]);
  }
}

test('TestMetrics', async () => {
  const clock = new FakeClock(0);
  const measured = new Measured();
  const queue = new RateLimitingQueue({ name: 'test', clock, metrics: queueMetrics(measured) });
  queue.add('foo');
  expect(measured.shown()).toMatchObject({ adds_total: 1, depth: 1 });
  await clock.advance(50);
  await queue.get();
  expect(measured.shown()).toMatchObject({ depth: 0, queue_duration_seconds: [0.05] });
  // Added while it is processed: many times are one.
  for (let i = 0; i < 5; i++) queue.add('foo');
  expect(measured.shown()).toMatchObject({ adds_total: 2, depth: 1 });
  await clock.advance(25);
  queue.done('foo');
  expect(measured.shown()).toMatchObject({ depth: 1, work_duration_seconds: [0.025] });
  await queue.get();
  expect(measured.shown()).toMatchObject({ depth: 0, queue_duration_seconds: [0.05, 0.025] });
  await clock.advance(1000);
  expect(measured.shown()).toMatchObject({ unfinished_work_seconds: 1, longest_running_processor_seconds: 1 });
  queue.done('foo');
  expect(measured.shown()).toMatchObject({
    work_duration_seconds: [0.025, 1],
    unfinished_work_seconds: 0,
    longest_running_processor_seconds: 0,
  });
});

test('all workers count for what is unfinished, and the slowest for the longest', async () => {
  const clock = new FakeClock();
  const measured = new Measured();
  const queue = new RateLimitingQueue({ name: 'test', clock, metrics: queueMetrics(measured) });
  for (const item of ['a', 'b']) queue.add(item);
  await queue.get();
  await clock.advance(2000);
  await queue.get();
  await clock.advance(1000);
  expect(measured.shown()).toMatchObject({ unfinished_work_seconds: 4, longest_running_processor_seconds: 3 });
});

test('each delay is a retry, and what is delayed is no depth', async () => {
  const clock = new FakeClock();
  const measured = new Measured();
  const queue = new RateLimitingQueue({ name: 'test', clock, metrics: queueMetrics(measured) });
  queue.addAfter('a', 10);
  queue.addAfter('a', 20);
  queue.addRateLimited('b');
  expect(measured.shown()).toMatchObject({ retries_total: 3, depth: 0 });
  queue.addAfter('c', 0);
  await clock.advance(10);
  expect(measured.shown()).toMatchObject({ retries_total: 4, depth: 3, adds_total: 3 });
});

test('TestMetricShutdown: gauges end when there is nothing left to measure', async () => {
  const clock = new FakeClock();
  const measured = new Measured();
  const queue = new RateLimitingQueue({ name: 'test', clock, metrics: queueMetrics(measured) });
  for (const item of ['a', 'b']) queue.add(item);
  queue.shutDown();
  expect(measured.shown()).toMatchObject({ depth: 2 });
  for await (using _ of queue) expect(measured.shown()).toHaveProperty('depth');
  expect(measured.shown()).not.toHaveProperty('depth');
  expect(measured.shown()).toMatchObject({ adds_total: 2, work_duration_seconds: [0, 0] });
});

test('a disposal ends gauges, too', async () => {
  const measured = new Measured();
  const queue = new RateLimitingQueue({ name: 'test', clock: new FakeClock(), metrics: queueMetrics(measured) });
  queue.add('a');
  await queue[Symbol.asyncDispose]();
  expect(measured.shown()).not.toHaveProperty('depth');
});

test('snapshots tell times where there are metrics', async () => {
  const clock = new FakeClock();
  const queue = new RateLimitingQueue({ name: 'test', clock, metrics: queueMetrics(new Measured()) });
  queue.add('a');
  queue.add('b');
  await clock.advance(10);
  await queue.get();
  await clock.advance(5);
  queue.add('a', { reasons: ['changed'] });
  queue.addAfter('c', 7, { priority: 2 });
  expect(queue.snapshot()).toEqual({
    name: 'test',
    shuttingDown: false,
    ready: [{ item: 'b', priority: 0, reasons: [], waitingMs: 15 }],
    processing: [
      {
        item: 'a',
        priority: 0,
        reasons: [],
        runningMs: 5,
        again: { item: 'a', priority: 0, reasons: ['changed'] },
      },
    ],
    delayed: [{ item: 'c', priority: 2, reasons: [], dueInMs: 7 }],
  });
});

test('metrics need a name', () => {
  expect(() => new RateLimitingQueue({ metrics: queueMetrics(new Measured()) })).toThrow(
    new TypeError('name: expected one, since it tells the metrics of queues apart'),
  );
});

/** A provider whose methods throw, or what they return. */
const Broken: readonly (readonly [string, (fail: (metric: Metric) => never) => MetricsProvider])[] = [
  ['has nothing', (fail) => ({ counter: fail, histogram: fail, gauge: fail })],
  [
    'can neither count nor forget',
    (fail) => ({
      counter: (metric) => ({ inc: () => fail(metric) }),
      histogram: (metric) => ({ observe: () => fail(metric) }),
      gauge: (metric) => ({ [Symbol.dispose]: () => fail(metric) }),
    }),
  ],
];

test.each(Broken)('a provider that %s is told once for each metric, and no item is lost', async (_, newProvider) => {
  const failed = new Set<string>();
  const provider = newProvider(({ name }) => {
    failed.add(name);
    throw new Error(`no ${name}`);
  });
  const told: string[] = [];
  const onError = (error: unknown, { name }: Metric): void => void told.push(`${name}: ${String(error)}`);
  const queue = new RateLimitingQueue({
    name: 'test',
    clock: new FakeClock(),
    metrics: queueMetrics(provider, { onError }),
  });
  for (const item of ['a', 'b']) queue.add(item);
  queue.addAfter('a', 0);
  expect([await queue.get(), await queue.get()]).toEqual(['a', 'b']);
  queue.add('a');
  for (const item of ['a', 'b']) queue.done(item);
  expect(queue.snapshot()).toMatchObject({ ready: [{ item: 'a', waitingMs: 0 }], processing: [] });
  const drained = queue.shutDownWithDrain({ includeQueued: true });
  const worked: string[] = [];
  for await (using work of queue) worked.push(work.item);
  await drained;
  expect(worked).toEqual(['a']);
  expect(failed.size).toBe(7);
  expect(told).toEqual(Array.from(failed, (name) => `${name}: Error: no ${name}`));
});

test('who has no handler of errors sees them on the console, and one that throws, too', () => {
  const shown = vi.spyOn(console, 'error').mockImplementation(() => {});
  const [mine, theirs] = [new Error('mine'), new Error('theirs')];
  const fail = (): never => {
    throw mine;
  };
  const provider = { counter: () => ({ inc: fail }), histogram: fail, gauge: () => ({ [Symbol.dispose]: fail }) };
  const throwing = (): never => {
    throw theirs;
  };
  for (const onError of [undefined, throwing]) {
    new RateLimitingQueue({ name: 'test', clock: new FakeClock(), metrics: queueMetrics(provider, { onError }) }).add(
      'a',
    );
  }
  const names = ['workqueue_queue_duration_seconds', 'workqueue_work_duration_seconds', 'workqueue_adds_total'];
  expect(shown.mock.calls).toEqual([
    ...names.map((name) => [`the metric ${name} cannot be kept`, mine]),
    ...names.map(() => [expect.objectContaining({ errors: [theirs, mine] })]),
  ]);
  shown.mockRestore();
});
