import { onAbort, sleep } from '@client-ts/apimachinery';
import { Election } from './election.js';
import type { ElectionMetrics } from './election-metrics.js';
import type { ElectionState } from './election-step.js';
import type { FencingToken } from './fencing-token.js';
import {
  type ElectionSettings,
  electionSettings,
  JitterFactor,
  type LeaderElectionConfig,
} from './leader-election-config.js';
import { LeadershipLostError } from './leadership-lost-error.js';
import { watchfulSignal } from './watchful-signal.js';

/** How `run` ended: it was told to, or leadership was lost. */
export type ElectionOutcome = 'cancelled' | 'lost';

/**
 * A candidate that leads while it holds a lock, as client-go's, and with less trust:
 *
 * - a renewal counts from when it was sent, by a clock that never goes back, and its end needs nobody's answer;
 * - an event loop that was held up, or a process that was stopped, beyond the renew deadline no longer leads: whoever looks at
 *   `leading` or asks {@link isLeader} learns that before any timer has run;
 * - the lock is released when the leader's work has ended, and not before;
 * - what still arrives from a former leader can be told by its {@link FencingToken}.
 *
 * Nobody can keep a process that is stopped between its last look and its write from writing later: that is what tokens are for.
 *
 * @see https://pkg.go.dev/k8s.io/client-go/tools/leaderelection
 */
export class LeaderElector implements AsyncDisposable {
  readonly #settings: ElectionSettings;
  readonly #election: Election;
  readonly #disposal = new AbortController();
  #running: Promise<ElectionOutcome> | undefined;
  #metrics: ElectionMetrics | undefined;
  #onLost: (state: Extract<ElectionState, { phase: 'lost' }>) => void = () => {};
  #reportedLeader: string | undefined;

  /** @throws RangeError or TypeError that names the field when the config contradicts itself. */
  constructor(config: LeaderElectionConfig) {
    this.#settings = electionSettings(config);
    this.#election = new Election(this.#settings, {
      changed: (state) => this.#changed(state),
      slowPath: () => this.#metrics?.slowPath(),
    });
  }

  /** Whether it leads now: by the clock, and not by what was true last. */
  isLeader(): boolean {
    return this.#election.state.phase === 'leading';
  }

  /** Who holds the lock, as far as is known: `""` when it has been released, `undefined` before it was seen. */
  getLeader(): string | undefined {
    return this.#election.state.observed?.locked.record.holderIdentity;
  }

  /** For what is written as the leader; `undefined` when it does not lead now. */
  fencingToken(): FencingToken | undefined {
    const { state } = this.#election;
    if (state.phase !== 'leading') return undefined;
    const { leaderTransitions: transitions, holderIdentity: holder } = state.observed.locked.record;
    return { lock: this.#settings.lock.describe(), transitions, holder };
  }

  /**
   * For health checks: fails when the lock, as far as is known, still names this candidate long after it should have been renewed.
   * So a program fails that goes on after it lost leadership, until it stands again.
   *
   * @param maxTolerableMs - beyond the lease duration, in milliseconds. Default: 0.
   * @throws Error
   */
  check(maxTolerableMs: number = 0): void {
    const { lock, clock, leaseDurationMs } = this.#settings;
    const { observed } = this.#election.state;
    if (observed?.locked.record.holderIdentity !== lock.identity) return;
    if (clock.now() - observed.since <= leaseDurationMs + maxTolerableMs) return;
    throw new Error(`failed election to renew leadership on lease ${lock.describe()}`);
  }

  /**
   * Stands for election until it is elected, and leads until that is lost or `signal` aborts. Resolves when the leader's work has
   * ended and the lock has been released. Does not stand again by itself, but may be called again.
   *
   * Rejects when it runs already, and with what a callback throws. Requests that fail are tried again, and told to `onError`.
   */
  async run({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<ElectionOutcome> {
    const { name, metrics } = this.#settings;
    if (this.#running) throw new Error(`LeaderElector.run: ${name}: it runs already`);
    const stop = new AbortController();
    const unlink = [this.#disposal.signal, ...(signal ? [signal] : [])].map((each) => linked(stop, each));
    this.#metrics = metrics?.election({ name, isLeader: () => this.isLeader() });
    try {
      this.#running = this.#stand(stop.signal);
      return await this.#running;
    } finally {
      this.#running = undefined;
      this.#metrics?.[Symbol.dispose]();
      for (const each of unlink) each();
    }
  }

  /** Ends `run`, now and for good, and waits until it has: then the work has ended and the lock is released. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort(new Error(`LeaderElector: ${this.#settings.name}: it was disposed of`));
    // Whoever called `run` hears how it ended.
    await this.#running?.catch(() => {});
  }

  async #stand(stop: AbortSignal): Promise<ElectionOutcome> {
    let led = false;
    let told = false;
    const tellStopped = (): void => {
      if (told) return;
      told = true;
      this.#settings.callbacks.onStoppedLeading?.({ led });
    };
    this.#election.follow();
    try {
      await this.#acquire(stop);
      const { state } = this.#election;
      if (state.phase !== 'leading') return 'cancelled';
      led = !stop.aborted;
      if (led) return await this.#lead(stop, tellStopped);
      await this.#stepDown(state.observed.locked.record.leaderTransitions);
      return 'cancelled';
    } finally {
      tellStopped();
    }
  }

  /** Until it leads, or is to stop. */
  async #acquire(stop: AbortSignal): Promise<void> {
    const { clock, retryPeriodMs } = this.#settings;
    while (!stop.aborted) {
      await this.#election.attempt(stop);
      if (this.isLeader()) return;
      await sleep(clock, retryPeriodMs * (1 + JitterFactor * clock.random()), stop).catch(() => {});
    }
  }

  async #lead(stop: AbortSignal, tellStopped: () => void): Promise<ElectionOutcome> {
    const { lock, callbacks } = this.#settings;
    const token = this.fencingToken();
    // The clock may have gone on since it was acquired.
    if (!token) return 'lost';
    const leading = new AbortController();
    /** There is nothing more to renew for. */
    const over = new AbortController();
    const ended: { outcome: ElectionOutcome } = { outcome: 'cancelled' };
    this.#onLost = (state) => {
      ended.outcome = 'lost';
      leading.abort(this.#lossOf(state));
      over.abort();
    };
    const unlink = linked(leading, stop);
    const signal = watchfulSignal(leading, () => void this.isLeader());
    lock.recordEvent('became leader');
    const work = workUntil(leading, async () => callbacks.onStartedLeading(signal, token)).finally(() => over.abort());
    // Handled below, however long that takes.
    work.catch(() => {});
    try {
      await Promise.all([this.#renew(over.signal), this.#watchDeadline(over.signal)]);
    } catch (error) {
      leading.abort(error);
      throw error;
    } finally {
      try {
        await windDown(work, ended.outcome === 'lost' ? tellStopped : () => {});
      } finally {
        unlink();
        this.#onLost = () => {};
        lock.recordEvent('stopped leading');
        await this.#stepDown(token.transitions);
      }
    }
    return ended.outcome;
  }

  async #renew(over: AbortSignal): Promise<void> {
    const { clock, retryPeriodMs } = this.#settings;
    while (!over.aborted) {
      await sleep(clock, retryPeriodMs, over).catch(() => {});
      if (!over.aborted) await this.#election.attempt(over);
    }
  }

  /** Looks when the last renewal ceases to count: whatever requests do, it is noticed then. */
  async #watchDeadline(over: AbortSignal): Promise<void> {
    const { clock, renewDeadlineMs } = this.#settings;
    for (;;) {
      const { state } = this.#election;
      if (state.phase !== 'leading' || over.aborted) return;
      await sleep(clock, state.renewedAt + renewDeadlineMs - clock.now(), over).catch(() => {});
    }
  }

  async #stepDown(transitions: number): Promise<void> {
    const { state } = this.#election;
    this.#election.follow();
    const others = state.phase === 'lost' && state.why === 'taken';
    if (this.#settings.releaseOnCancel && !others) await this.#election.release(transitions);
  }

  /** What leads learns first that it no longer does. */
  #changed(state: ElectionState): void {
    if (state.phase === 'lost') this.#onLost(state);
    const leader = state.observed?.locked.record.holderIdentity;
    if (leader === undefined || leader === this.#reportedLeader) return;
    this.#reportedLeader = leader;
    this.#settings.callbacks.onNewLeader?.(leader);
  }

  #lossOf({ why, renewedAt }: Extract<ElectionState, { phase: 'lost' }>): LeadershipLostError {
    const { lock, clock, renewDeadlineMs } = this.#settings;
    const lateMs = why === 'expired' ? clock.now() - renewedAt - renewDeadlineMs : 0;
    return new LeadershipLostError(lock.describe(), why, lateMs, this.#election.lastError);
  }
}

/**
 * Resolves when the work has ended and `leading` has aborted. Rejects, and aborts it, with what the work throws: unless that is
 * the answer to having been aborted.
 */
async function workUntil(leading: AbortController, work: () => Promise<void>): Promise<void> {
  const { signal } = leading;
  try {
    await work();
  } catch (error) {
    const { name, cause } = error instanceof Error ? error : {};
    const asked = signal.aborted && (error === signal.reason || cause === signal.reason || name === 'AbortError');
    if (!asked) {
      leading.abort(error);
      throw error;
    }
  }
  if (!signal.aborted) await new Promise<void>((resolve) => void onAbort(signal, resolve));
}

/** Whatever an observer throws, the work is waited for: nobody else may lead beside it. */
async function windDown(work: Promise<void>, tell: () => void): Promise<void> {
  try {
    tell();
  } finally {
    await work;
  }
}

/** Aborts the controller when the signal does. @returns a function that ends that. */
function linked(controller: AbortController, signal: AbortSignal): () => void {
  if (signal.aborted) controller.abort(signal.reason);
  return onAbort(signal, () => controller.abort(signal.reason));
}
