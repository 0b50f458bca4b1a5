/** What is counted or measured. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  /** Names of the labels that all its values have. */
  readonly labelNames: readonly string[];
}

export type MetricLabels = Readonly<Record<string, string>>;

/** One value of a gauge. */
export interface MetricSample {
  readonly labels: MetricLabels;
  readonly value: number;
}

/**
 * Where metrics go: Prometheus, OpenTelemetry, or whatever you have. The `MetricsProvider` of `@client-ts/apimachinery` fits, which
 * this package does not import. May be asked for the same metric with the same labels again, and then goes on with it. What it throws
 * is told once for each metric, and does no harm but to the values of that metric.
 */
export interface MetricsProvider {
  counter(metric: Metric, labels: MetricLabels): { inc(): void };
  histogram(metric: Metric, labels: MetricLabels): { observe(value: number): void };
  /**
   * @param read - gives the values there are, and is to be called when somebody looks: nothing is done for them in between. Until
   *   the result is disposed.
   */
  gauge(metric: Metric, read: () => readonly MetricSample[]): Disposable;
}
