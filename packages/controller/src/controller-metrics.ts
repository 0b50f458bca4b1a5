import { guardedProvider, type Metric, type MetricsOptions, type MetricsProvider } from '@client-ts/apimachinery';
import { type QueueMeter, queueMetrics } from '@client-ts/workqueue';
import type { Outcome } from './outcome.js';

/** Names, labels and meaning are those of controller-runtime. */
const Metrics = {
  total: metric('controller_runtime_reconcile_total', 'Reconciles, by how they ended.', 'result'),
  errors: metric('controller_runtime_reconcile_errors_total', 'Reconciles that failed.'),
  terminalErrors: metric('controller_runtime_terminal_reconcile_errors_total', 'Reconciles that failed for good.'),
  panics: metric('controller_runtime_reconcile_panics_total', 'Reconciles that failed by a mistake in the program.'),
  timeouts: metric('controller_runtime_reconcile_timeouts_total', 'Reconciles that took too long.'),
  seconds: metric('controller_runtime_reconcile_time_seconds', 'How long reconciles took.'),
  max: metric('controller_runtime_max_concurrent_reconciles', 'How many reconciles may run at the same time.'),
  active: metric('controller_runtime_active_workers', 'How many reconciles run.'),
} as const;

const Results: readonly Outcome['result'][] = ['error', 'requeue_after', 'requeue', 'success'];

/** Measures controllers: made by {@link controllerMetrics}, and one may be given to all. */
export interface ControllerMeter {
  /** For their queues. */
  readonly queues: QueueMeter;
  controller(controller: MeteredController): ControllerMetrics;
}

export interface MeteredController {
  readonly name: string;
  readonly concurrency: number;
  active(): number;
}

/** What is measured of one controller, until it is disposed of. */
export interface ControllerMetrics extends Disposable {
  reconciled(outcome: Outcome, ms: number): void;
  timedOut(): void;
}

/**
 * Metrics of controllers and of their queues, as their option `metrics`. Their `name` tells them apart.
 *
 * controller-runtime's histogram has buckets from 5 ms to a minute. A provider that throws is reported, once for each metric, and
 * does no other harm.
 */
export function controllerMetrics(provider: MetricsProvider, options?: MetricsOptions): ControllerMeter {
  const metrics = guardedProvider(provider, options);
  return {
    queues: queueMetrics(metrics),
    controller: (controller) => {
      const { name, concurrency } = controller;
      const labels = { controller: name };
      const counter = (of: Metric): { inc(): void } => metrics.counter(of, labels);
      const [errors, terminalErrors, panics, timeouts] = [
        counter(Metrics.errors),
        counter(Metrics.terminalErrors),
        counter(Metrics.panics),
        counter(Metrics.timeouts),
      ];
      const totals = new Map(Results.map((result) => [result, metrics.counter(Metrics.total, { ...labels, result })]));
      const seconds = metrics.histogram(Metrics.seconds, labels);
      const gauges = [
        metrics.gauge(Metrics.max, () => [{ labels, value: concurrency }]),
        metrics.gauge(Metrics.active, () => [{ labels, value: controller.active() }]),
      ];
      return {
        reconciled(outcome, ms) {
          seconds.observe(ms / 1000);
          totals.get(outcome.result)?.inc();
          if (outcome.result !== 'error') return;
          errors.inc();
          if (outcome.terminal) terminalErrors.inc();
          if (outcome.panic) panics.inc();
        },
        timedOut: () => timeouts.inc(),
        [Symbol.dispose]: () => gauges.forEach((gauge) => gauge[Symbol.dispose]()),
      };
    },
  };
}

function metric(name: string, help: string, ...labelNames: readonly string[]): Metric {
  return { name, help, labelNames: ['controller', ...labelNames] };
}
