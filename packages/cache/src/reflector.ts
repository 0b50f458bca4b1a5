import { type Clock, type ListerWatcher, realClock } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import type { CacheMeter } from './cache-meter.js';
import type { CachedObject } from './deep-readonly.js';
import { CacheError, type CacheErrorHandler, newErrorReporter } from './error-handler.js';
import { FailurePause } from './failure-pause.js';
import { HealthRecord, type ReflectorHealth } from './health.js';
import { Intake } from './intake.js';
import { InternalErrorRetry } from './internal-error-retry.js';
import { ListRun } from './list-run.js';
import type { ReflectorStore } from './queue.js';
import { expectSound, type ReflectorOptions } from './reflector-options.js';
import {
  nextState,
  type Outcome,
  type ReflectorMemory,
  type ReflectorState,
  startState,
  streamBroke,
  type Transition,
} from './reflector-state.js';
import { SilenceLimit } from './silence-limit.js';
import { tweakedSource } from './tweaked-source.js';
import { classifyFailure, type StoreRefusedError } from './watch-failure.js';
import { WatchListSupport } from './watch-list-support.js';
import { WatchRun, type WatchRunOptions } from './watch-run.js';

/** Lists that have to be answered with 404, a pause apart, before it is believed. A proxy may say so while a server restarts. */
const GoneAfter = 2;
/**
 * When a list could not tell what is gone, another is read by the end of the watch that ends after this time: as seldom as watches
 * end anyway, and soon enough for what should not be in the store.
 */
const ListAgainAfterMs = 5 * 60_000;

/**
 * Keeps a store as the server is: lists, watches from there, and starts over where that is the only way. Nothing but its
 * signal ends it, whatever the source or the store throw.
 *
 * Silence does not go unnoticed:
 *
 * - A watch from which nothing comes for 75 seconds, not even one of the bookmarks that kube-apiserver sends every minute, is
 *   replaced by another that goes on from the same version. Where bookmarks have come, so is the next one, for five in a row;
 *   beyond that, and where none come, the time doubles, up to the 5 to 10 minutes after which the server was asked to end the
 *   watch.
 * - A list of which nothing comes for 75 seconds, neither its first object nor the next, is asked for again, and waited for
 *   twice as long, up to 5 minutes. A source without `listItems` is given 5 minutes for each page.
 *
 * What becomes of streams of initial events (KEP-3157) is no condition: the state is listed where one does not go on for half a
 * minute, of which each new object gives back a second; where one ends too early; and where two in a row break off. That a server
 * does not send them, or not to their end, is remembered.
 */
export class Reflector<T extends CachedObject> {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #onError: CacheErrorHandler;
  readonly #metrics: CacheMeter | undefined;
  readonly #health: HealthRecord;
  readonly #intake: Intake<T>;
  readonly #lists: ListRun<T>;
  readonly #watchOptions: WatchRunOptions<T>;
  readonly #pause: FailurePause;
  readonly #internalErrors: InternalErrorRetry;
  /** Initial events are to be asked for, where the server sends them. */
  readonly #watchList: boolean;
  #state: ReflectorState;
  /** The watch that goes on. */
  #watch: WatchRun<T> | undefined;
  #streamBroke = false;
  /** Lists in a row that were answered with 404. */
  #gone = 0;
  /** What was given to the store since so many lists may be lacking there. */
  #refused: { readonly reason: StoreRefusedError; readonly replacements: number } | undefined;

  /** @throws RangeError for an option that is out of its range. */
  constructor(source: ListerWatcher<T>, store: ReflectorStore<T>, options: ReflectorOptions = {}) {
    expectSound(options);
    this.#name = options.name ?? 'objects';
    this.#clock = options.clock ?? realClock;
    this.#onError = newErrorReporter(options.onError);
    this.#metrics = options.metrics;
    this.#pause = new FailurePause(this.#clock, options.backoff);
    this.#internalErrors = new InternalErrorRetry(this.#clock, options.maxInternalErrorRetryMs);
    this.#watchList = options.watchList ?? true;
    const support = new WatchListSupport(source.origin);
    const { onHealth, pageSize, minWatchTimeoutMs, room } = options;
    const mode = this.#watchList && support.isLikely ? 'watchList' : 'list';
    this.#health = new HealthRecord(this.#clock, mode, () => {
      try {
        onHealth?.(this.health());
      } catch (error) {
        this.#onError(new CacheError('handler', `${this.#name}: the health handler threw`, error));
      }
    });
    this.#intake = new Intake(this.#name, store, this.#health, this.#onError, this.#clock);
    const tweaked = tweakedSource(source, options.tweakListOptions);
    const parts = { source: tweaked, intake: this.#intake, health: this.#health, clock: this.#clock };
    this.#lists = new ListRun({ ...parts, pageSize });
    this.#watchOptions = { ...parts, silence: new SilenceLimit(), support, room, minTimeoutMs: minWatchTimeoutMs };
    this.#state = startState(this.#memory);
  }

  /** What it does now. */
  get state(): ReflectorState {
    return this.#state;
  }

  /** The newest version that was handed to the store; `""` before the first list. */
  get lastSyncResourceVersion(): string {
    return this.#intake.resourceVersion;
  }

  /** How many lists were handed to the store. */
  get replacements(): number {
    return this.#intake.replacements;
  }

  health(): ReflectorHealth {
    return this.#health.report(this.lastSyncResourceVersion);
  }

  /**
   * Reads a list after a pause, as after any failure: whoever was given the changes since the last could not keep one. Does
   * nothing while a list is being read.
   */
  relist(reason: StoreRefusedError): void {
    this.#refused = { reason, replacements: this.replacements };
    this.#watch?.giveUp(reason);
  }

  get #memory(): ReflectorMemory {
    const incomplete = this.#clock.now() - (this.#intake.guessedMs ?? Infinity) >= ListAgainAfterMs;
    return {
      resourceVersion: this.lastSyncResourceVersion,
      watchList: this.#mode === 'watchList',
      streamBroke: this.#streamBroke,
      incomplete,
    };
  }

  get #mode(): ReflectorHealth['mode'] {
    return this.#watchList && this.#watchOptions.support.isLikely ? 'watchList' : 'list';
  }

  /** Runs until `signal` aborts, and then resolves. */
  async run({ signal }: { signal: AbortSignal }): Promise<void> {
    // Others may have found out since.
    if (this.lastSyncResourceVersion === '') this.#state = startState(this.#memory);
    this.#health.started(this.#mode);
    const meter = this.#metrics?.reflector(this.#name, this, this.#onError);
    while (!signal.aborted) {
      this.#intake.startRequest();
      const startedMs = this.#clock.now();
      const outcome = await this.#perform(this.#state, signal);
      meter?.requested({
        kind: this.#state.name,
        durationMs: this.#clock.now() - startedMs,
        items: this.#intake.items,
        error: outcome.type === 'failed' ? outcome.error : undefined,
      });
      if (signal.aborted) break;
      const { next, backoff, minDelayMs } = this.#judge(this.#state, outcome, signal);
      this.#streamBroke = streamBroke(this.#state, outcome, this.#streamBroke);
      this.#state = next;
      if (backoff) await this.#pause.wait(minDelayMs, signal);
    }
    meter?.[Symbol.dispose]();
    this.#health.stopped();
  }

  async #perform(state: ReflectorState, signal: AbortSignal): Promise<Outcome> {
    if (state.name === 'list') return this.#lists.perform(state.resourceVersion, signal);
    if (state.name === 'watch' && this.#refused?.replacements === this.replacements) {
      const { reason: error } = this.#refused;
      return { type: 'failed', error, resourceVersion: state.resourceVersion, synced: true, healthy: false };
    }
    this.#watch = new WatchRun(this.#watchOptions, state, signal);
    try {
      return await this.#watch.perform();
    } finally {
      this.#watch = undefined;
    }
  }

  #judge(state: ReflectorState, outcome: Outcome, signal: AbortSignal): Transition {
    if (outcome.type !== 'failed') {
      this.#gone = 0;
      return nextState(state, outcome, this.#memory);
    }
    const { error } = outcome;
    if (isWatching(state, outcome)) {
      const rewatch = this.#internalErrors.allows(error);
      const transition = nextState(state, outcome, { ...this.#memory, rewatch });
      this.#health.failed(error, true, transition.next.name !== 'watch');
      return transition;
    }
    // That a server knows nothing of initial events is no failure of what it does.
    const listsInstead = state.name === 'watchList' && classifyFailure(error) === 'unsupported';
    if (!listsInstead) this.#health.failed(error, false);
    this.#gone = isNotFound(error) ? this.#gone + 1 : 0;
    if (this.#gone >= GoneAfter && this.lastSyncResourceVersion !== '') this.#empty(signal);
    return nextState(state, outcome, this.#memory);
  }

  /** A resource that is not there has no objects. Should the store throw, it is told so again with the next 404. */
  #empty(signal: AbortSignal): void {
    try {
      this.#intake.replace(this.#intake.startReplacement(), '');
    } catch (error) {
      this.#intake.report('store', error, signal);
    }
  }
}

/** Whether it was a watch, and not the reading of a full state, that failed. */
function isWatching(state: ReflectorState, { synced }: Extract<Outcome, { type: 'failed' }>): boolean {
  return state.name === 'watch' || synced;
}
