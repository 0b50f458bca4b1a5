import { type Clock, realClock } from '@client-ts/apimachinery';
import type { ElectionMeter } from './election-metrics.js';
import type { FencingToken } from './fencing-token.js';
import type { Lock } from './lock.js';

/** Pauses of those who do not lead are lengthened by a random share of up to this, so that not all ask at once. */
export const JitterFactor = 1.2;

export interface LeaderCallbacks {
  /**
   * The work of a leader. `leading` aborts the moment leadership is lost or `run` is told to end: pass it on to everything that is
   * started here. It looks at the clock whenever it is looked at, so that after the event loop was held up for longer than the
   * lease no request with it goes out. The lease is renewed until the work has ended; work that ends by itself does not end
   * leadership. What it throws before `leading` aborts ends leadership, and `run` rejects with it.
   *
   * @param token - to be written with what is written: see {@link FencingToken}.
   */
  onStartedLeading(leading: AbortSignal, token: FencingToken): void | Promise<void>;
  /** Called once for every `run`, also when it never led: as soon as leadership is lost, or when the lease has been released. */
  onStoppedLeading?(ended: { readonly led: boolean }): void;
  /** Called when another holder is seen, this one included; with `""` when the lease has been released. */
  onNewLeader?(identity: string): void;
}

/** Defaults are those of Kubernetes' own components. */
export interface LeaderElectionConfig {
  readonly lock: Lock;
  readonly callbacks: LeaderCallbacks;
  /** How long others wait before they take over, in whole seconds of milliseconds. Default: 15,000. */
  readonly leaseDurationMs?: number | undefined;
  /**
   * For how long a renewal counts, in milliseconds from when it was sent: without another one, the leader steps down. Less than
   * the lease duration; the difference is what clocks of different speed, and work that takes its time to end, have for it.
   * Default: 10,000.
   */
  readonly renewDeadlineMs?: number | undefined;
  /** Pause between attempts, in milliseconds: 1.2 times this has to be less than the renew deadline. Default: 2,000. */
  readonly retryPeriodMs?: number | undefined;
  /** After how many milliseconds a request is given up and another one tried. Default: half of the renew deadline, and always less. */
  readonly requestTimeoutMs?: number | undefined;
  /** Give the lease up once the work has ended, so that the next leader need not wait. Default: true. */
  readonly releaseOnCancel?: boolean | undefined;
  /**
   * The control plane chooses the leader among `LeaseCandidate`s (KEP-4355): this elector waits to be chosen, and steps down when
   * another one is preferred. Default: false.
   */
  readonly coordinated?: boolean | undefined;
  /** For metrics. Default: what the lock says of itself. */
  readonly name?: string | undefined;
  /** See `electionMetrics`. Default: nothing is measured. */
  readonly metrics?: ElectionMeter | undefined;
  /** Told about requests that failed, all of which are tried again. Must not throw. Default: nobody. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** What decides. Default: real time, which is monotonic, but stands still while a machine sleeps. */
  readonly clock?: Clock | undefined;
  /** What time to write in the lock, for people, in milliseconds since the epoch. Default: the wall clock, or `clock` if given. */
  readonly wallClock?: (() => number) | undefined;
}

/** A config with everything that may be left out. */
export type ElectionSettings = LeaderElectionConfig &
  Required<
    Pick<
      { [K in keyof LeaderElectionConfig]-?: NonNullable<LeaderElectionConfig[K]> },
      'leaseDurationMs' | 'renewDeadlineMs' | 'retryPeriodMs' | 'requestTimeoutMs' | 'name' | 'clock' | 'wallClock'
    >
  > & { readonly releaseOnCancel: boolean; readonly coordinated: boolean };

/** @throws RangeError or TypeError that names the field when limits of time contradict each other, or there is no identity. */
export function electionSettings(config: LeaderElectionConfig): ElectionSettings {
  const { lock, leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2000, clock = realClock } = config;
  const { requestTimeoutMs = renewDeadlineMs / 2 } = config;
  if (!lock.identity) throw new TypeError('LeaderElector: lock.identity: expected a text that is not empty');
  const durations = { leaseDurationMs, renewDeadlineMs, retryPeriodMs, requestTimeoutMs };
  for (const [field, ms] of Object.entries(durations))
    if (!(ms > 0 && ms < Infinity)) throw wrong(field, 'more than 0 milliseconds', ms);
  if (leaseDurationMs % 1000 !== 0) throw wrong('leaseDurationMs', 'whole seconds, as the lease has', leaseDurationMs);
  if (leaseDurationMs <= renewDeadlineMs)
    throw wrong('leaseDurationMs', `more than renewDeadlineMs, which is ${renewDeadlineMs}`, leaseDurationMs);
  if (renewDeadlineMs <= retryPeriodMs * JitterFactor) {
    const least = `more than ${JitterFactor} times retryPeriodMs, which is ${retryPeriodMs}`;
    throw wrong('renewDeadlineMs', least, renewDeadlineMs);
  }
  if (requestTimeoutMs >= renewDeadlineMs)
    throw wrong('requestTimeoutMs', `less than renewDeadlineMs, which is ${renewDeadlineMs}`, requestTimeoutMs);
  return {
    ...config,
    ...durations,
    clock,
    releaseOnCancel: config.releaseOnCancel ?? true,
    coordinated: config.coordinated ?? false,
    name: config.name ?? lock.describe(),
    wallClock: config.wallClock ?? (config.clock ? () => clock.now() : () => Date.now()),
  };
}

function wrong(field: string, expected: string, got: number): RangeError {
  return new RangeError(`LeaderElector: ${field}: expected ${expected}, got ${got}`);
}
