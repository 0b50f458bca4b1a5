import { type MetricErrorHandler, type MetricGuard, newMetricGuard } from './metric-guard.js';
import type { Metric, MetricLabels, MetricsProvider } from './metrics-provider.js';
import type { MeteredQueue, QueueMeter, QueueMetrics } from './queue-meter.js';

/** Names, label and meaning are those of client-go. */
const Metrics = {
  depth: metric('workqueue_depth', 'How many items have to be handed out.'),
  adds: metric('workqueue_adds_total', 'Items that were added, those left out that were there already.'),
  queueSeconds: metric('workqueue_queue_duration_seconds', 'How long items waited before they were handed out.'),
  workSeconds: metric('workqueue_work_duration_seconds', 'How long items were worked on.'),
  unfinishedSeconds: metric(
    'workqueue_unfinished_work_seconds',
    'How long items have been worked on that are not done, all together: grows with workers that are stuck.',
  ),
  longestSeconds: metric(
    'workqueue_longest_running_processor_seconds',
    'How long the item has been worked on that has been for longest.',
  ),
  retries: metric('workqueue_retries_total', 'Items that were added with a delay, or at a limited rate.'),
} as const;

export interface QueueMetricsOptions {
  /** Told when a metric cannot be kept, once for each. Default: the console. */
  readonly onError?: MetricErrorHandler | undefined;
}

/**
 * Metrics of work queues, as their option `metrics`; one may be given to all. Their `name` tells them apart.
 *
 * client-go's histograms have buckets from 10 ns to 10 s, each ten times the one before. A provider that throws is reported, once for
 * each metric, and does no other harm.
 */
export function queueMetrics(provider: MetricsProvider, { onError }: QueueMetricsOptions = {}): QueueMeter {
  const guard = newMetricGuard(onError);
  return { queue: (queue) => new MetricsOfQueue(provider, guard, queue) };
}

class MetricsOfQueue implements QueueMetrics {
  readonly #clock: MeteredQueue['clock'];
  readonly #addedAt = new Map<unknown, number>();
  readonly #takenAt = new Map<unknown, number>();
  readonly #countAdd: () => void;
  readonly #countRetry: () => void;
  readonly #observeQueued: (seconds: number) => void;
  readonly #observeWorked: (seconds: number) => void;
  readonly #forgetGauges: readonly (() => void)[];

  constructor(provider: MetricsProvider, guard: MetricGuard, queue: MeteredQueue) {
    const labels: MetricLabels = { name: queue.name };
    const counter = (of: Metric): (() => void) => {
      const it = guard(of, () => provider.counter(of, labels));
      return () => guard(of, () => it?.inc());
    };
    const histogram = (of: Metric): ((value: number) => void) => {
      const it = guard(of, () => provider.histogram(of, labels));
      return (value) => guard(of, () => it?.observe(value));
    };
    const gauge = (of: Metric, read: () => number): (() => void) => {
      const it = guard(of, () => provider.gauge(of, () => [{ labels, value: read() }]));
      return () => guard(of, () => it?.[Symbol.dispose]());
    };
    this.#clock = queue.clock;
    this.#countAdd = counter(Metrics.adds);
    this.#countRetry = counter(Metrics.retries);
    this.#observeQueued = histogram(Metrics.queueSeconds);
    this.#observeWorked = histogram(Metrics.workSeconds);
    this.#forgetGauges = [
      gauge(Metrics.depth, () => queue.depth()),
      gauge(Metrics.unfinishedSeconds, () => this.#running().reduce((sum, seconds) => sum + seconds, 0)),
      gauge(Metrics.longestSeconds, () => this.#running().reduce((most, seconds) => Math.max(most, seconds), 0)),
    ];
  }

  added(key: unknown): void {
    this.#countAdd();
    this.#addedAt.set(key, this.#clock.now());
  }

  taken(key: unknown): void {
    const now = this.#clock.now();
    this.#takenAt.set(key, now);
    const addedAt = this.#addedAt.get(key);
    if (addedAt === undefined) return;
    this.#observeQueued((now - addedAt) / 1000);
    this.#addedAt.delete(key);
  }

  done(key: unknown): void {
    const takenAt = this.#takenAt.get(key);
    if (takenAt === undefined) return;
    this.#observeWorked((this.#clock.now() - takenAt) / 1000);
    this.#takenAt.delete(key);
  }

  retried(): void {
    this.#countRetry();
  }

  addedAt(key: unknown): number | undefined {
    return this.#addedAt.get(key);
  }

  takenAt(key: unknown): number | undefined {
    return this.#takenAt.get(key);
  }

  [Symbol.dispose](): void {
    for (const forget of this.#forgetGauges) forget();
  }

  #running(): number[] {
    const now = this.#clock.now();
    return Array.from(this.#takenAt.values(), (takenAt) => (now - takenAt) / 1000);
  }
}

function metric(name: string, help: string): Metric {
  return { name, help, labelNames: ['name'] };
}
