import type { Metric } from './metrics-provider.js';

/** Told of what a provider threw for a metric, the first time. Should it throw, both failures are shown on the console. */
export type MetricErrorHandler = (error: unknown, metric: Metric) => void;

/** Calls a provider for a metric. */
export type MetricGuard = <R>(metric: Metric, call: () => R) => R | undefined;

/** A guard that never throws: the first failure of each metric is told to `onError`, and its values are lost, but nothing else. */
export function newMetricGuard(onError: MetricErrorHandler = reportToConsole): MetricGuard {
  const failed = new Set<string>();
  return (metric, call) => {
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
