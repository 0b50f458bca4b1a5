import {
  type Metric,
  type MetricLabels,
  type MetricSample,
  type MetricsProvider,
  sleep,
} from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { controllerMetrics } from './controller-metrics.js';
import { deferred, Loop } from './loop.test.kit.js';
import { TerminalError } from './terminal-error.js';

/** All values by their names and labels, as they are now. */
class Recorder implements MetricsProvider {
  readonly values: Record<string, number> = {};
  readonly #gauges = new Map<() => readonly MetricSample[], string>();

  counter({ name }: Metric, labels: MetricLabels): { inc(): void } {
    const series = seriesOf(name, labels);
    this.values[series] ??= 0;
    return { inc: () => (this.values[series] = (this.values[series] ?? 0) + 1) };
  }

  histogram({ name }: Metric, labels: MetricLabels): { observe(value: number): void } {
    return { observe: (value) => (this.values[`${seriesOf(name, labels)} last`] = value) };
  }

  gauge({ name }: Metric, read: () => readonly MetricSample[]): Disposable {
    this.#gauges.set(read, name);
    return { [Symbol.dispose]: () => this.#gauges.delete(read) };
  }

  all(): Record<string, number> {
    const samples = [...this.#gauges].flatMap(([read, name]) =>
      read().map(({ labels, value }): [string, number] => [seriesOf(name, labels), value]),
    );
    const all = Object.entries({ ...this.values, ...Object.fromEntries(samples) });
    return Object.fromEntries(all.filter(([series]) => series.startsWith('controller_runtime')));
  }
}

function seriesOf(name: string, labels: MetricLabels): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join()}}`;
}

test('the names and labels of controller-runtime', async () => {
  const recorder = new Recorder();
  const idle = {
    'controller_runtime_reconcile_errors_total{controller=test}': 0,
    'controller_runtime_reconcile_panics_total{controller=test}': 0,
    'controller_runtime_reconcile_timeouts_total{controller=test}': 0,
    'controller_runtime_reconcile_total{controller=test,result=error}': 0,
    'controller_runtime_reconcile_total{controller=test,result=requeue_after}': 0,
    'controller_runtime_reconcile_total{controller=test,result=requeue}': 0,
    'controller_runtime_reconcile_total{controller=test,result=success}': 0,
    'controller_runtime_terminal_reconcile_errors_total{controller=test}': 0,
  };
  {
    await using loop = new Loop();
    const gate = deferred();
    const results = [
      () => {
        throw new TypeError('a mistake');
      },
      () => {
        throw new Error('not yet');
      },
      () => ({ requeue: true }) as const,
      () => ({ requeueAfterMs: 1 }),
      () => {
        throw new TerminalError('never');
      },
      () => gate.promise,
    ];
    await loop.run({
      concurrency: 3,
      reconcileTimeoutMs: 5000,
      metrics: controllerMetrics(recorder),
      reconcile: () => results.shift()?.(),
    });
    const gauges = {
      'controller_runtime_active_workers{controller=test}': 0,
      'controller_runtime_max_concurrent_reconciles{controller=test}': 3,
    };
    expect(recorder.all()).toEqual({ ...idle, ...gauges });
    await loop.create('a');
    await loop.clock.advance(1000);
    await loop.touch('a');
    await loop.clock.advance(5000);
    expect(recorder.all()['controller_runtime_active_workers{controller=test}']).toBe(1);
    gate.resolve();
    await loop.clock.advance(0);
    expect(recorder.all()).toEqual({
      ...gauges,
      'controller_runtime_reconcile_errors_total{controller=test}': 3,
      'controller_runtime_reconcile_panics_total{controller=test}': 1,
      'controller_runtime_reconcile_timeouts_total{controller=test}': 1,
      'controller_runtime_reconcile_time_seconds{controller=test} last': 5,
      'controller_runtime_reconcile_total{controller=test,result=error}': 3,
      'controller_runtime_reconcile_total{controller=test,result=requeue_after}': 1,
      'controller_runtime_reconcile_total{controller=test,result=requeue}': 1,
      'controller_runtime_reconcile_total{controller=test,result=success}': 1,
      'controller_runtime_terminal_reconcile_errors_total{controller=test}': 1,
    });
    expect(recorder.values['workqueue_adds_total{name=test}']).toBe(6);
  }
  expect(Object.keys(recorder.all()).some((series) => series.includes('workers'))).toBe(false);
});

test('a provider that throws neither ends a worker, nor keeps a reconcile from being told to end', async () => {
  const failed = new Set<string>();
  const told: string[] = [];
  const fail =
    ({ name }: Metric) =>
    (): never => {
      failed.add(name);
      throw new Error('mine');
    };
  const provider: MetricsProvider = {
    counter: (metric) => ({ inc: fail(metric) }),
    histogram: (metric) => ({ observe: fail(metric) }),
    gauge: (metric) => ({ [Symbol.dispose]: fail(metric) }),
  };
  const reconciled: string[] = [];
  {
    await using loop = new Loop();
    await loop.run({
      reconcileTimeoutMs: 5000,
      metrics: controllerMetrics(provider, { onError: (_, { name }) => told.push(name) }),
      reconcile: async ({ name }, { signal, attempt }) => {
        reconciled.push(name);
        if (name === 'a' && attempt === 0) await sleep(loop.clock, 60_000, signal);
      },
    });
    await loop.create('a', 'b');
    await loop.clock.advance(6000);
    await loop.touch('b');
    expect(reconciled).toEqual(['a', 'b', 'a', 'b']);
    expect(loop.errors).toEqual([expect.stringContaining('could not reconcile')]);
  }
  expect(failed).toContain('controller_runtime_reconcile_timeouts_total');
  expect(told).toEqual([...failed]);
});
