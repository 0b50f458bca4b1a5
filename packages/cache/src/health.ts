import type { Clock } from '@client-ts/apimachinery';
import { type FailureClass, failureClassOf } from './failure-class.js';

/** How it goes. Each but `stopped` may follow each: there is none that needs help to be left. */
export type HealthState =
  /** Not started. */
  | 'new'
  /** The first state is being read, and nothing has failed. */
  | 'syncing'
  /** All is well: what happens at the server is heard of. */
  | 'watching'
  /** The last request failed in a way that is not one of the following, and is made again. */
  | 'retrying'
  /** The server refuses to list or to watch; it is asked again, with pauses of up to a minute. */
  | 'forbidden'
  /** The server does not serve the resource; it is asked again, with pauses of up to a minute. */
  | 'resourceGone'
  | 'stopped';

/** What a Reflector knows about itself. A copy: it does not change. */
export interface ReflectorHealth {
  readonly state: HealthState;
  /** How the last full state was read, or the first is to be: as a stream of initial events (KEP-3157), or as a list. */
  readonly mode: 'watchList' | 'list';
  /** See `Reflector.lastSyncResourceVersion`. */
  readonly lastSyncResourceVersion: string;
  /** Milliseconds since the last sign of life: an event, a bookmark or a list. `undefined` before the first. */
  readonly lastEventAgeMs: number | undefined;
  /** How often a list, or initial events, had to be read anew, by what made it necessary. The first one does not count. */
  readonly relists: Readonly<Record<FailureClass, number>>;
  /** How many requests failed, by class. */
  readonly failures: Readonly<Record<FailureClass, number>>;
  /** The last of them, also when it has been overcome. */
  readonly lastFailure: { readonly class: FailureClass; readonly error: unknown } | undefined;
  /** How many objects could not be decoded. Each was reported, and counts again whenever it comes again. */
  readonly undecodable: number;
}

/**
 * Told of every change of {@link ReflectorHealth.state}, and of every request that failed: {@link ReflectorHealth.lastFailure} is that
 * one, and {@link ReflectorHealth.relists} counts what comes of it.
 */
export type HealthHandler<H = ReflectorHealth> = (health: H) => void;

const StateAfter: Readonly<Record<FailureClass, HealthState>> = {
  transient: 'retrying',
  expired: 'retrying',
  forbidden: 'forbidden',
  resourceGone: 'resourceGone',
  protocol: 'retrying',
  store: 'retrying',
};

/** Keeps the books of a Reflector's health. */
export class HealthRecord {
  readonly #clock: Clock;
  readonly #onNews: () => void;
  readonly #failures = newCounts();
  readonly #relists = newCounts();
  #state: HealthState = 'new';
  #mode: ReflectorHealth['mode'];
  #heardMs: number | undefined;
  #lastFailure: ReflectorHealth['lastFailure'];
  #undecodable = 0;
  /** The request that failed last was a watch. That lists work does not mean that it does. */
  #watchFailed = false;

  constructor(clock: Clock, mode: ReflectorHealth['mode'], onNews: () => void) {
    this.#clock = clock;
    this.#mode = mode;
    this.#onNews = onNews;
  }

  get state(): HealthState {
    return this.#state;
  }

  /** @param mode - how the first state will be read. */
  started(mode: ReflectorHealth['mode']): void {
    this.#mode = mode;
    this.#become('syncing');
  }

  stopped(): void {
    this.#become('stopped');
  }

  /** A full state has been read. */
  read(mode: ReflectorHealth['mode']): void {
    this.#mode = mode;
    this.#heardMs = this.#clock.now();
    if (mode === 'watchList' || !this.#watchFailed) this.watching();
  }

  /** An event or a bookmark has come. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
  }

  /** There is a watch, as far as can be told. */
  watching(): void {
    this.#watchFailed = false;
    this.#become('watching');
  }

  /**
   * @param watching - the request was for a watch, whose initial events had ended if it had any.
   * @param relists - a list, or initial events, are read anew for it.
   */
  failed(error: unknown, watching: boolean, relists = false): void {
    const failureClass = failureClassOf(error);
    this.#failures[failureClass]++;
    if (relists) this.#relists[failureClass]++;
    this.#lastFailure = { class: failureClass, error };
    this.#watchFailed = watching;
    this.#state = StateAfter[failureClass];
    this.#onNews();
  }

  undecodable(): void {
    this.#undecodable++;
  }

  report(lastSyncResourceVersion: string): ReflectorHealth {
    return {
      state: this.#state,
      mode: this.#mode,
      lastSyncResourceVersion,
      lastEventAgeMs: this.#heardMs === undefined ? undefined : this.#clock.now() - this.#heardMs,
      relists: { ...this.#relists },
      failures: { ...this.#failures },
      lastFailure: this.#lastFailure,
      undecodable: this.#undecodable,
    };
  }

  #become(state: HealthState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#onNews();
  }
}

function newCounts(): Record<FailureClass, number> {
  return { transient: 0, expired: 0, forbidden: 0, resourceGone: 0, protocol: 0, store: 0 };
}
