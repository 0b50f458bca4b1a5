import { guardedProvider, type Metric, type MetricsOptions, type MetricsProvider } from '@client-ts/apimachinery';
import { type EventOutcome, EventOutcomes, type EventStats } from './event-stats.js';

/** client-go has none of these. */
const Outcomes: Metric = {
  name: 'event_broadcaster_events_total',
  help: 'What became of events, by outcome.',
  labelNames: ['name', 'outcome'],
};
const Queued: Metric = {
  name: 'event_broadcaster_queued_events',
  help: 'Events that wait to be written.',
  labelNames: ['name'],
};

/** Measures broadcasters: made by {@link eventMetrics}, and one may be given to all. */
export interface EventMeter {
  broadcaster(name: string, stats: () => EventStats): EventCounts;
}

/** What is measured of one broadcaster, until it is disposed of. */
export interface EventCounts extends Disposable {
  count(outcome: EventOutcome): void;
}

/**
 * Metrics of event broadcasters, as their option `metrics`. Their `name` tells them apart. A provider that throws is reported, once
 * for each metric, and does no other harm.
 */
export function eventMetrics(provider: MetricsProvider, options?: MetricsOptions): EventMeter {
  const metrics = guardedProvider(provider, options);
  return {
    broadcaster(name, stats) {
      const counters = new Map(EventOutcomes.map((outcome) => [outcome, metrics.counter(Outcomes, { name, outcome })]));
      const gauge = metrics.gauge(Queued, () => [{ labels: { name }, value: stats().queued }]);
      return {
        count: (outcome) => counters.get(outcome)?.inc(),
        [Symbol.dispose]: () => gauge[Symbol.dispose](),
      };
    },
  };
}
