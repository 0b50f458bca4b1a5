import type { Metric, MetricsProvider } from './metrics-provider.js';
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

/**
 * Metrics of work queues, as their option `metrics`; one may be given to all. Their `name` tells them apart.
 *
 * client-go's histograms have buckets from 10 ns to 10 s, each ten times the one before.
 */
export function queueMetrics(provider: MetricsProvider): QueueMeter {
  return { queue: (queue) => new MetricsOfQueue(provider, queue) };
}

class MetricsOfQueue implements QueueMetrics {
  readonly #clock: MeteredQueue['clock'];
  readonly #addedAt = new Map<unknown, number>();
  readonly #takenAt = new Map<unknown, number>();
  readonly #adds: { inc(): void };
  readonly #retries: { inc(): void };
  readonly #queueSeconds: { observe(value: number): void };
  readonly #workSeconds: { observe(value: number): void };
  readonly #gauges: readonly Disposable[];

  constructor(provider: MetricsProvider, queue: MeteredQueue) {
    const labels = { name: queue.name };
    const gauge = (of: Metric, read: () => number): Disposable => provider.gauge(of, () => [{ labels, value: read() }]);
    this.#clock = queue.clock;
    this.#adds = provider.counter(Metrics.adds, labels);
    this.#retries = provider.counter(Metrics.retries, labels);
    this.#queueSeconds = provider.histogram(Metrics.queueSeconds, labels);
    this.#workSeconds = provider.histogram(Metrics.workSeconds, labels);
    this.#gauges = [
      gauge(Metrics.depth, () => queue.depth()),
      gauge(Metrics.unfinishedSeconds, () => this.#running().reduce((sum, seconds) => sum + seconds, 0)),
      gauge(Metrics.longestSeconds, () => this.#running().reduce((most, seconds) => Math.max(most, seconds), 0)),
    ];
  }

  added(key: unknown): void {
    this.#adds.inc();
    this.#addedAt.set(key, this.#clock.now());
  }

  taken(key: unknown): void {
    const now = this.#clock.now();
    this.#takenAt.set(key, now);
    const addedAt = this.#addedAt.get(key);
    if (addedAt === undefined) return;
    this.#queueSeconds.observe((now - addedAt) / 1000);
    this.#addedAt.delete(key);
  }

  done(key: unknown): void {
    const takenAt = this.#takenAt.get(key);
    if (takenAt === undefined) return;
    this.#workSeconds.observe((this.#clock.now() - takenAt) / 1000);
    this.#takenAt.delete(key);
  }

  retried(): void {
    this.#retries.inc();
  }

  addedAt(key: unknown): number | undefined {
    return this.#addedAt.get(key);
  }

  takenAt(key: unknown): number | undefined {
    return this.#takenAt.get(key);
  }

  [Symbol.dispose](): void {
    for (const gauge of this.#gauges) gauge[Symbol.dispose]();
  }

  #running(): number[] {
    const now = this.#clock.now();
    return Array.from(this.#takenAt.values(), (takenAt) => (now - takenAt) / 1000);
  }
}

function metric(name: string, help: string): Metric {
  return { name, help, labelNames: ['name'] };
}
