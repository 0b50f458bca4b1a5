import { abortable, backoffDelays, type Clock, microTime, retryOnConflict } from '@client-ts/apimachinery';
import { type ElectionInput, type ElectionRequest, type ElectionState, electionStep } from './election-step.js';
import type { ElectionSettings } from './leader-election-config.js';
import type { LockedRecord } from './lock.js';

/** Pauses between attempts to release that meet conflicts. */
const ReleaseBackoff = { durationMs: 10, factor: 2, jitter: 0.1, capMs: 500 } as const;

export interface ElectionListener {
  /** After each step. May throw, which the attempt rejects with. */
  changed(state: ElectionState): void;
  /** A renewal has to look at the lock first. */
  slowPath(): void;
}

/** Takes an election from step to step: sends requests, and tells their answers. */
export class Election {
  readonly #settings: ElectionSettings;
  readonly #listener: ElectionListener;
  #state: ElectionState = { phase: 'following' };
  #lastError: unknown;

  constructor(settings: ElectionSettings, listener: ElectionListener) {
    this.#settings = settings;
    this.#listener = listener;
  }

  /** By the clock. */
  get state(): ElectionState {
    this.#step({ type: 'look', now: this.#settings.clock.now() });
    return this.#state;
  }

  /** How the last request failed, if it did. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** What was seen stays known; a term is over. */
  follow(): void {
    this.#state = { phase: 'following', observed: this.#state.observed };
  }

  /**
   * Acquires or renews, once. Does not reject for requests that fail.
   *
   * @param signal - gives up what is not answered; but not what would acquire, of which it has to be known whether it did.
   */
  async attempt(signal: AbortSignal): Promise<void> {
    let request = this.#step({ type: 'turn', ...this.#now() });
    while (request && !signal.aborted) {
      const input = await this.#send(request, signal);
      if (input?.type === 'renewal failed') this.#listener.slowPath();
      request = input && this.#step(input);
    }
  }

  /** Writes that nobody holds the lock, unless somebody else does, within the renew deadline. Does not reject. */
  async release(transitions: number): Promise<void> {
    const { lock, clock, renewDeadlineMs, requestTimeoutMs, onError } = this.#settings;
    const end = clock.now() + renewDeadlineMs;
    const limit = (): { timeoutMs: number } => {
      const leftMs = end - clock.now();
      if (leftMs <= 0) throw new Error(`could not release ${lock.describe()} within ${renewDeadlineMs} ms`);
      return { timeoutMs: Math.min(requestTimeoutMs, leftMs) };
    };
    const attempt = async (): Promise<LockedRecord | undefined> => {
      const locked = await lock.get(limit());
      if (locked?.record.holderIdentity !== lock.identity || locked.record.leaderTransitions !== transitions)
        return locked;
      const { time } = this.#now();
      const free = {
        ...locked.record,
        holderIdentity: '',
        leaseDurationSeconds: 1,
        acquireTime: time,
        renewTime: time,
      };
      return lock.update(locked, free, limit());
    };
    let locked: LockedRecord | undefined;
    try {
      locked = await retryOnConflict(attempt, { backoff: pausesUntil(end, clock), clock });
    } catch (error) {
      onError?.(error);
    }
    if (!locked) return;
    this.#state = { phase: 'following', observed: { locked, since: clock.now() } };
    this.#listener.changed(this.#state);
  }

  #step(input: ElectionInput): ElectionRequest | undefined {
    const { lock, leaseDurationMs, renewDeadlineMs, coordinated } = this.#settings;
    const rules = { identity: lock.identity, leaseDurationMs, renewDeadlineMs, coordinated };
    const { state, request } = electionStep(this.#state, input, rules);
    if (state !== this.#state) {
      this.#state = state;
      this.#listener.changed(state);
    }
    return request;
  }

  /** @returns what to go on with; nothing, when that is up to the next turn. */
  async #send(request: ElectionRequest, signal: AbortSignal): Promise<ElectionInput | undefined> {
    const { lock, clock, requestTimeoutMs: timeoutMs, onError } = this.#settings;
    const leading = this.#state.phase === 'leading';
    const patient = leading ? { timeoutMs, signal } : { timeoutMs };
    const sentAt = clock.now();
    try {
      if (request.verb === 'get') {
        const locked = await abortable(lock.get({ timeoutMs, signal }), signal);
        this.#lastError = undefined;
        return locked ? { type: 'found', locked, ...this.#now() } : { type: 'missing', ...this.#now() };
      }
      const writing =
        request.verb === 'create'
          ? lock.create(request.record, patient)
          : lock.update(request.over, request.record, patient);
      const locked = await abortable(writing, patient.signal);
      this.#lastError = undefined;
      return { type: 'written', locked, sentAt, now: clock.now() };
    } catch (error) {
      if (signal.aborted) return undefined;
      this.#lastError = error;
      onError?.(error);
      return request.verb === 'renew' ? { type: 'renewal failed', now: clock.now() } : undefined;
    }
  }

  #now(): { now: number; time: string } {
    const { clock, wallClock } = this.#settings;
    return { now: clock.now(), time: microTime(wallClock()) };
  }
}

/** Pauses that grow, the last of which ends then. */
function* pausesUntil(end: number, clock: Clock): Generator<number, void> {
  for (const pause of backoffDelays(ReleaseBackoff, () => clock.random())) yield Math.min(pause, end - clock.now());
}
