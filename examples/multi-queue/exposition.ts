import type { Metric, MetricLabels, MetricSample, MetricsProvider } from '@client-ts/workqueue';

/** Metrics as Prometheus reads them: the least that a `/metrics` page needs, with sums and counts in place of buckets. */
export class Exposition implements MetricsProvider {
  readonly #metrics = new Map<string, { readonly metric: Metric; readonly type: string }>();
  readonly #values = new Map<string, Map<string, number>>();
  readonly #gauges = new Map<() => readonly MetricSample[], Metric>();

  counter(metric: Metric, labels: MetricLabels): { inc(): void } {
    this.#metrics.set(metric.name, { metric, type: 'counter' });
    return { inc: () => this.#add(metric.name, metric.name, labels, 1) };
  }

  histogram(metric: Metric, labels: MetricLabels): { observe(value: number): void } {
    this.#metrics.set(metric.name, { metric, type: 'summary' });
    return {
      observe: (value) => {
        this.#add(metric.name, `${metric.name}_sum`, labels, value);
        this.#add(metric.name, `${metric.name}_count`, labels, 1);
      },
    };
  }

  gauge(metric: Metric, read: () => readonly MetricSample[]): Disposable {
    this.#metrics.set(metric.name, { metric, type: 'gauge' });
    this.#gauges.set(read, metric);
    return { [Symbol.dispose]: () => this.#gauges.delete(read) };
  }

  /** The page. */
  toString(): string {
    const lines = [...this.#metrics.values()].flatMap(({ metric, type }) => {
      const values = Array.from(this.#values.get(metric.name) ?? [], ([series, value]) => `${series} ${value}`);
      const samples = [...this.#gauges].flatMap(([read, gauge]) => (gauge.name === metric.name ? read() : []));
      const gauges = samples.map(({ labels, value }) => `${seriesOf(metric.name, labels)} ${value}`);
      if (values.length + gauges.length === 0) return [];
      return [`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${type}`, ...values, ...gauges];
    });
    return `${lines.join('\n')}\n`;
  }

  #add(metric: string, name: string, labels: MetricLabels, value: number): void {
    const values = this.#values.get(metric) ?? new Map<string, number>();
    this.#values.set(metric, values);
    const series = seriesOf(name, labels);
    values.set(series, (values.get(series) ?? 0) + value);
  }
}

function seriesOf(name: string, labels: MetricLabels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${pairs.join()}}`;
}
