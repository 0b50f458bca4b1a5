import { expect, test, vi } from 'vitest';
import { guardedProvider } from './guarded-provider.js';
import type { Metric, MetricsProvider } from './metrics-provider.js';

const metricOf = (name: string): Metric => ({ name, help: '', labelNames: [] });
const [Counter, Histogram, Gauge] = [metricOf('c'), metricOf('h'), metricOf('g')] as const;
const mine = new Error('mine');
const fail = (): never => {
  throw mine;
};

function useAll(provider: MetricsProvider): void {
  for (let time = 0; time < 2; time++) {
    const counter = provider.counter(Counter, {});
    const histogram = provider.histogram(Histogram, {});
    const gauge = provider.gauge(Gauge, () => []);
    counter.inc();
    histogram.observe(3);
    gauge[Symbol.dispose]();
  }
}

test('what works goes through', () => {
  const calls: unknown[] = [];
  const provider: MetricsProvider = {
    counter: ({ name }) => ({ inc: () => calls.push(name) }),
    histogram: ({ name }) => ({ observe: (value) => calls.push([name, value]) }),
    gauge: ({ name }) => ({ [Symbol.dispose]: () => calls.push(name) }),
  };
  useAll(guardedProvider(provider, { onError: fail }));
  expect(calls).toEqual(['c', ['h', 3], 'g', 'c', ['h', 3], 'g']);
});

test.each<[string, MetricsProvider]>([
  ['has nothing', { counter: fail, histogram: fail, gauge: fail }],
  [
    'can neither count nor forget',
    {
      counter: () => ({ inc: fail }),
      histogram: () => ({ observe: fail }),
      gauge: () => ({ [Symbol.dispose]: fail }),
    },
  ],
])('a provider that %s is told once for each metric', (_, provider) => {
  const told: [unknown, Metric][] = [];
  useAll(guardedProvider(provider, { onError: (...what) => told.push(what) }));
  expect(told).toEqual([Counter, Histogram, Gauge].map((metric) => [mine, metric]));
});

test('who has no handler of errors sees them on the console, and those of one that throws, too', () => {
  const shown = vi.spyOn(console, 'error').mockImplementation(() => {});
  const theirs = new Error('theirs');
  const throwing = (): never => {
    throw theirs;
  };
  const provider = { counter: fail, histogram: fail, gauge: fail };
  guardedProvider(provider).counter(Counter, {});
  guardedProvider(provider, { onError: throwing }).counter(Counter, {});
  expect(shown.mock.calls).toEqual([
    ['the metric c cannot be kept', mine],
    [expect.objectContaining({ errors: [theirs, mine] })],
  ]);
  shown.mockRestore();
});
