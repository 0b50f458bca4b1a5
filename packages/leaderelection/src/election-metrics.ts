import { guardedProvider, type Metric, type MetricsOptions, type MetricsProvider } from '@client-ts/apimachinery';

/** Names, label and meaning are those of client-go. */
const Metrics = {
  masterStatus: metric('leader_election_master_status', 'Whether this instance leads: 1 or 0.'),
  slowPath: metric('leader_election_slowpath_total', 'Renewals that had to look at the lease first.'),
} as const;

/** Measures elections: made by {@link electionMetrics}, and one may be given to all. */
export interface ElectionMeter {
  election(election: MeteredElection): ElectionMetrics;
}

export interface MeteredElection {
  readonly name: string;
  isLeader(): boolean;
}

/** What is measured of one election, until it is disposed of. */
export interface ElectionMetrics extends Disposable {
  slowPath(): void;
}

/**
 * Metrics of leader elections, as their option `metrics`. Their `name` tells them apart. A provider that throws is reported, once for
 * each metric, and does no other harm.
 */
export function electionMetrics(provider: MetricsProvider, options?: MetricsOptions): ElectionMeter {
  const metrics = guardedProvider(provider, options);
  return {
    election(election) {
      const labels = { name: election.name };
      const slowPath = metrics.counter(Metrics.slowPath, labels);
      const gauge = metrics.gauge(Metrics.masterStatus, () => [{ labels, value: election.isLeader() ? 1 : 0 }]);
      return { slowPath: () => slowPath.inc(), [Symbol.dispose]: () => gauge[Symbol.dispose]() };
    },
  };
}

function metric(name: string, help: string): Metric {
  return { name, help, labelNames: ['name'] };
}
