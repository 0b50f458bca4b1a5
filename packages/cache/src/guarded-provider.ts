import type { Metric, MetricsProvider } from '@client-ts/apimachinery';

/**
 * The same provider, except that it never throws. The first failure of each metric is told; what is lost are its values, and
 * nothing else.
 */
export function guardedProvider(
  provider: MetricsProvider,
  onError: (metric: Metric, error: unknown) => void,
): MetricsProvider {
  const failed = new Set<string>();
  const attempt = <R>(metric: Metric, call: () => R): R | undefined => {
    try {
      return call();
    } catch (error) {
      if (!failed.has(metric.name)) onError(metric, error);
      failed.add(metric.name);
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
