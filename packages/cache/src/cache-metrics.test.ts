import type { KubernetesObject, Metric, MetricLabels, MetricSample, MetricsProvider } from '@client-ts/apimachinery';
import { newInternalError, newResourceExpired } from '@client-ts/apimachinery/errors';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { cacheMetrics } from './cache-metrics.js';
import { named, run, type Running } from './reflector.test.kit.js';
import { SharedIndexInformer } from './shared-informer.js';
import { FakeSource } from './testing/fake-source.js';

/** Keeps what it is told, as `name{label="value"}`. Checks that values have the labels that their metric names. */
class Registry implements MetricsProvider {
  readonly #values = new Map<string, number[]>();
  readonly #gauges = new Map<() => readonly MetricSample[], Metric>();

  counter(metric: Metric, labels: MetricLabels): { inc(): void } {
    const id = idOf(metric, labels);
    return { inc: () => this.#values.set(id, [(this.#values.get(id)?.[0] ?? 0) + 1]) };
  }

  histogram(metric: Metric, labels: MetricLabels): { observe(value: number): void } {
    const id = idOf(metric, labels);
    return { observe: (value) => this.#values.set(id, [...(this.#values.get(id) ?? []), value]) };
  }

  gauge(metric: Metric, read: () => readonly MetricSample[]): Disposable {
    this.#gauges.set(read, metric);
    return { [Symbol.dispose]: () => this.#gauges.delete(read) };
  }

  /** What there is: of counters and gauges the value, of histograms all of them. */
  values(): Record<string, number[]> {
    const values = Object.fromEntries(this.#values);
    for (const [read, metric] of this.#gauges)
      for (const { labels, value } of read()) values[idOf(metric, labels)] = [value];
    return values;
  }

  get gauges(): number {
    return this.#gauges.size;
  }
}

function fail(error: unknown): never {
  throw error;
}

function idOf({ name, labelNames }: Metric, labels: MetricLabels): string {
  expect(Object.keys(labels)).toEqual(labelNames);
  return `${name}{${Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join()}}`;
}

describe('of a reflector', () => {
  interface Case {
    readonly watchList?: boolean;
    readonly begin?: (source: FakeSource) => void;
    readonly act: (running: Running) => void | Promise<void>;
    readonly metrics: Readonly<Record<string, readonly number[]>>;
  }

  const cases: Readonly<Record<string, Case>> = {
    'a list and a watch that goes on': {
      act: ({ clock }) => clock.advance(3000),
      metrics: { lists_total: [1], list_duration_seconds: [0], items_per_list: [2], last_resource_version: [3] },
    },
    'a list that failed, and the next': {
      begin: (source) => source.failLists(newInternalError('no')),
      act: ({ clock }) => clock.advance(3000),
      metrics: { lists_total: [2], list_duration_seconds: [0], items_per_list: [2], last_resource_version: [3] },
    },
    'a watch that ended': {
      act: async ({ clock, source }) => {
        await clock.advance(5000);
        source.set(named('c'));
        source.set(named('c'));
        source.bookmark();
        source.closeWatches();
        await settle();
      },
      metrics: {
        lists_total: [1],
        list_duration_seconds: [0],
        items_per_list: [2],
        watches_total: [1],
        watch_duration_seconds: [5],
        items_per_watch: [2],
        last_resource_version: [5],
      },
    },
    'a watch that was closed at once': {
      act: async ({ source }) => {
        await settle();
        source.closeWatches();
        await settle();
      },
      metrics: {
        lists_total: [1],
        list_duration_seconds: [0],
        items_per_list: [2],
        watches_total: [1],
        short_watches_total: [1],
        watch_duration_seconds: [0],
        items_per_watch: [0],
        last_resource_version: [3],
      },
    },
    'initial events, which are those of a watch': {
      watchList: true,
      act: async ({ clock, source }) => {
        await clock.advance(2000);
        source.closeWatches(newResourceExpired('old'));
        await settle();
      },
      metrics: {
        watches_total: [1],
        watch_duration_seconds: [2],
        items_per_watch: [2],
        last_resource_version: [3],
      },
    },
  };

  test.each(Object.entries(cases))('%s', async (_, { watchList = false, begin, act, metrics }) => {
    const registry = new Registry();
    const source = new FakeSource();
    source.set(named('a'));
    source.set(named('b'));
    begin?.(source);
    const running = run({ source, watchList, name: 'pods', metrics: cacheMetrics(registry) });
    await settle();
    await act(running);
    const expected = Object.entries(metrics).map(([name, values]) => [`reflector_${name}{name=pods}`, values]);
    expect(registry.values()).toEqual(Object.fromEntries(expected));
    running.stop.abort();
    await running.ended;
    expect(registry.gauges).toBe(0);
  });
});

test('of an informer are read when they are asked for, and gone when it has stopped', async () => {
  const registry = new Registry();
  const clock = new FakeClock(0);
  const source = new FakeSource();
  for (const name of ['a', 'b']) source.set(named(name));
  const informer = new SharedIndexInformer<KubernetesObject>(
    {
      list: (options) => source.list(options),
      watch: (options) => source.watch(options),
      origin: { server: source, resource: 'apps/v1/deployments' },
    },
    { name: 'mine/deployments', clock, metrics: cacheMetrics(registry) },
  );
  let goOn: (() => void) | undefined;
  informer.addEventHandler({ onAdd: () => new Promise<void>((resolve) => (goOn = resolve)) }, { name: 'slow' });
  const stop = new AbortController();
  const ended = informer.run({ signal: stop.signal });
  await settle();
  await clock.advance(7000);
  source.failWatches(newInternalError('no'));
  source.closeWatches(newResourceExpired('old'));
  await settle();

  const all = 'name=mine/deployments,group=apps,version=v1,resource=deployments';
  expect(registry.values()).toMatchObject({
    [`informer_queued_items{${all}}`]: [0],
    [`informer_stored_items{${all}}`]: [2],
    [`informer_store_resource_version{${all}}`]: [3],
    [`informer_last_event_age_seconds{${all}}`]: [7],
    [`informer_undecodable_items_total{${all}}`]: [0],
    [`informer_failures_total{${all},reason=expired}`]: [1],
    [`informer_relists_total{${all},reason=expired}`]: [1],
    [`informer_handler_queued_items{${all},handler=slow}`]: [1],
    [`informer_handler_oldest_age_seconds{${all},handler=slow}`]: [7],
    [`informer_processing_latency_seconds{${all}}`]: [0],
    'reflector_last_resource_version{name=mine/deployments}': [3],
  });
  stop.abort();
  goOn?.();
  await ended;
  expect(registry.gauges).toBe(0);
});

test.each([
  ['', 0],
  ['7', 7],
  ['12345678901234567890', 678901234567890],
  ['opaque', 0],
])('a version %j is shown as %d', (resourceVersion, value) => {
  const registry = new Registry();
  cacheMetrics(registry).reflector('pods', { lastSyncResourceVersion: resourceVersion }, fail);
  expect(registry.values()).toEqual({ 'reflector_last_resource_version{name=pods}': [value] });
});

test('the group of a core resource is empty, and so is everything of a source that does not tell', () => {
  for (const [origin, labels] of [
    [{ server: {}, resource: 'v1/pods' }, 'group=,version=v1,resource=pods'],
    [undefined, 'group=,version=,resource='],
  ] as const) {
    const registry = new Registry();
    const informer = new SharedIndexInformer(new FakeSource());
    cacheMetrics(registry).informer(informer, origin, fail);
    expect(registry.values()).toHaveProperty([`informer_stored_items{name=objects,${labels}}`], [0]);
  }
});
