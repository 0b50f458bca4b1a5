export { type ElectionMeter, electionMetrics, type ElectionMetrics, type MeteredElection } from './election-metrics.js';
export type { LossReason } from './election-step.js';
export { type FencingToken, isFencedOff } from './fencing-token.js';
export type { LeaderCallbacks, LeaderElectionConfig } from './leader-election-config.js';
export { type ElectionOutcome, LeaderElector } from './leader-elector.js';
export { isLeadershipLost, LeadershipLostError } from './leadership-lost-error.js';
export { type ElectionEvent, leaseLock, type LeaseLockOptions } from './lease-lock.js';
export type { LeaderElectionRecord, Lock, LockedRecord, LockRequestOptions } from './lock.js';
export type { Metric, MetricLabels, MetricSample, MetricsProvider } from './metrics-provider.js';
