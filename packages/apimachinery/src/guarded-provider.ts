import type { Metric, MetricsProvider } from './metrics-provider.js';

/** Told of what a provider threw for a metric, the first time. Should it throw, both failures are shown on the console. */
export type MetricErrorHandler = (error: unknown, metric: Metric) => void;

export interface MetricsOptions {
  /** Told when a metric cannot be kept, once for each. Default: the console. */
  readonly onError?: MetricErrorHandler | undefined;
}

/**
 * The same provider, except that it never throws. The first failure of each metric is told; what is lost are its values, and
 * nothing else.
 */
export function guardedProvider(
  provider: MetricsProvider,
  { onError = reportToConsole }: MetricsOptions = {},
): MetricsProvider {
  const failed = new Set<string>();
  const attempt = <R>(metric: Metric, call: () => R): R | undefined => {
    try {
      return call();
    } catch (error) {
      if (!failed.has(metric.name)) {
        failed.add(metric.name);
        report(onError, error, metric);
      }
      return undefined;
    }
  };
  return {
    counter(metric, labels) {
      const counter = attempt(metric, () => provider.counter(metric, labels));
      return { inc: () => attempt(metric, () => counter?.inc()) };
    },
    histogram(metric, labels) {
      const histogram = attempt(metric, () => provider.histogram(metric, labels));
      return { observe: (value) => attempt(metric, () => histogram?.observe(value)) };
    },
    gauge(metric, read) {
      const gauge = attempt(metric, () => provider.gauge(metric, read));
      return { [Symbol.dispose]: () => attempt(metric, () => gauge?.[Symbol.dispose]()) };
    },
  };
}

function report(onError: MetricErrorHandler, error: unknown, metric: Metric): void {
  try {
    onError(error, metric);
  } catch (thrown) {
    console.error(new AggregateError([thrown, error], 'an error handler threw when it was told of a failure'));
  }
}

function reportToConsole(error: unknown, { name }: Metric): void {
  console.error(`the metric ${name} cannot be kept`, error);
}
