import {
  Backoff,
  type Clock,
  InitialEventsAnnotation,
  type KubernetesObject,
  type ListerWatcher,
  type Watch,
  type WatchEvent,
  type WatchOptions,
  realClock,
  sleep,
} from '@client-ts/apimachinery';
import { listAll } from '@client-ts/pager';
import { CacheError, type CacheErrorHandler, type CacheStage, reportToConsole } from './error-handler.js';
import { metaNamespaceKey } from './key.js';
import type { ReflectorStore } from './queue.js';
import { nextState, type Outcome, type ReflectorMemory, type ReflectorState, startState } from './reflector-state.js';
import { classifyFailure, VeryShortWatchError, WatchListUnsupportedError, WatchSilentError } from './watch-failure.js';
import { Watchdog } from './watchdog.js';

/** Watches are asked to end after a random time from here to its double, so that servers can shed load. */
const MinWatchTimeoutMs = 5 * 60_000;
/** How much longer than asked for a watch may stay open before it counts as dead. */
const WatchGraceMs = 30_000;
/** A watch that ends in less, with nothing to say, has not worked. */
const ShortWatchMs = 1000;
/** Longest silence within initial events. A server that does not know them never ends them. */
const InitialEventsTimeoutMs = 30_000;
/** After this long without a failure the next one is a first one again. */
const HealthyAfterMs = 2 * 60_000;

const Delays = { durationMs: 800, factor: 2, capMs: 30_000, jitter: 1 } as const;

export interface ReflectorOptions {
  /** For error messages. Default: `objects`. */
  readonly name?: string | undefined;
  /** Ask for the initial state as a stream of events, where the server can. Default: true. */
  readonly watchList?: boolean | undefined;
  readonly clock?: Clock | undefined;
  /** Told of every failure. Default: `console.error`. */
  readonly onError?: CacheErrorHandler | undefined;
}

/**
 * Keeps a store as the server is: lists, watches from there, and starts over where that is the only way. Nothing but its
 * signal ends it.
 */
export class Reflector<T extends KubernetesObject> {
  readonly #source: ListerWatcher<T>;
  readonly #store: ReflectorStore<T>;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #onError: CacheErrorHandler;
  readonly #backoff: Backoff;
  #memory: ReflectorMemory;
  #state: ReflectorState;
  #failedAt = -Infinity;

  constructor(source: ListerWatcher<T>, store: ReflectorStore<T>, options: ReflectorOptions = {}) {
    this.#source = source;
    this.#store = store;
    this.#name = options.name ?? 'objects';
    this.#clock = options.clock ?? realClock;
    this.#onError = options.onError ?? reportToConsole;
    this.#backoff = new Backoff(Delays, this.#clock);
    this.#memory = { resourceVersion: '', watchList: options.watchList ?? true };
    this.#state = startState(this.#memory);
  }

  /** What it does now. */
  get state(): ReflectorState {
    return this.#state;
  }

  /** The newest version that was handed to the store; `""` before the first list. */
  get lastSyncResourceVersion(): string {
    return this.#memory.resourceVersion;
  }

  /** Runs until `signal` aborts, and then resolves. */
  async run({ signal }: { signal: AbortSignal }): Promise<void> {
    while (!signal.aborted) {
      const outcome = await this.#perform(this.#state, signal);
      if (signal.aborted) return;
      const { next, backoff, minDelayMs } = nextState(this.#state, outcome, this.#memory);
      this.#state = next;
      if (backoff) await this.#wait(minDelayMs, signal);
    }
  }

  async #wait(minDelayMs: number, signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    if (now - this.#failedAt > HealthyAfterMs) this.#backoff.reset();
    const delayMs = Math.max(this.#backoff.step(), minDelayMs);
    this.#failedAt = now + delayMs;
    try {
      await sleep(this.#clock, delayMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #perform(state: ReflectorState, signal: AbortSignal): Promise<Outcome> {
    return state.name === 'list' ? this.#list(state.resourceVersion, signal) : this.#watch(state, signal);
  }

  async #list(resourceVersion: string, signal: AbortSignal): Promise<Outcome> {
    try {
      // A version that the server's cache can answer is read in one piece: pages would go to etcd.
      const limit = resourceVersion === '' || resourceVersion === '0' ? undefined : 0;
      const options = { resourceVersion, signal, ...(limit === undefined ? {} : { limit }) };
      const { items, metadata } = await listAll(this.#source, options);
      const version = metadata.resourceVersion ?? '';
      this.#replace(items, version);
      return { type: 'listed', resourceVersion: version };
    } catch (error) {
      this.#report('list', error, signal);
      return { type: 'failed', error, resourceVersion: this.#memory.resourceVersion, synced: false, healthy: false };
    }
  }

  async #watch(state: Exclude<ReflectorState, { name: 'list' }>, signal: AbortSignal): Promise<Outcome> {
    const started = this.#clock.now();
    const timeoutMs = MinWatchTimeoutMs * (1 + this.#clock.random());
    const options: WatchOptions = {
      resourceVersion: state.resourceVersion,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.floor(timeoutMs / 1000),
      ...(state.name === 'watchList' ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } : {}),
    };
    const initial = state.name === 'watchList' ? new Map<string, T>() : undefined;
    using watchdog = new Watchdog(this.#clock, signal);
    const run = new WatchRun(state.resourceVersion, initial);
    const silentAt = started + timeoutMs + WatchGraceMs;
    const rearm = (): void => {
      if (run.initial) watchdog.arm(InitialEventsTimeoutMs, () => initialEventsOverdue());
      else
        watchdog.arm(
          silentAt - this.#clock.now(),
          () => new WatchSilentError('the watch is open, and silent for too long'),
        );
    };
    const healthy = (): boolean => run.events > 0 || this.#clock.now() - started >= ShortWatchMs;
    rearm();
    try {
      const watch: Watch<T> = this.#source.watch({ ...options, signal: watchdog.signal });
      for await (const event of watch) {
        run.events++;
        this.#handle(event, run);
        rearm();
      }
      if (run.initial) throw new Error('the watch ended before its initial events did');
      if (!healthy()) throw new VeryShortWatchError('the watch was closed at once, with nothing to say');
      return { type: 'ended', resourceVersion: run.resourceVersion, healthy: true };
    } catch (error) {
      this.#report('watch', error, signal);
      const synced = run.initial === undefined;
      const failure = { type: 'failed', error, synced, healthy: healthy() } as const;
      if (!synced && classifyFailure(error) === 'unsupported') this.#memory = { ...this.#memory, watchList: false };
      return { ...failure, resourceVersion: synced ? run.resourceVersion : this.#memory.resourceVersion };
    }
  }

  #handle(event: WatchEvent<T>, run: WatchRun<T>): void {
    const resourceVersion = event.object.metadata?.resourceVersion;
    if (event.type === 'BOOKMARK') {
      this.#bookmark(event.object.metadata, run);
    } else if (run.initial) {
      // A Map by key, since initial events may already be followed by changes of the same objects.
      const key = metaNamespaceKey(event.object);
      if (event.type === 'DELETED') run.initial.delete(key);
      else run.initial.set(key, event.object);
      return;
    } else {
      this.#storeChange(event);
    }
    if (resourceVersion && !run.initial) {
      run.resourceVersion = resourceVersion;
      this.#remember(resourceVersion);
    }
  }

  #bookmark(metadata: Extract<WatchEvent<T>, { type: 'BOOKMARK' }>['object']['metadata'], run: WatchRun<T>): void {
    if (!run.initial) {
      this.#store.bookmark(metadata.resourceVersion);
    } else if (metadata.annotations?.[InitialEventsAnnotation] === 'true') {
      this.#replace([...run.initial.values()], metadata.resourceVersion);
      run.initial = undefined;
    }
  }

  /** One object that cannot be stored does not keep the others from being stored. */
  #storeChange(event: Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>): void {
    try {
      if (event.type === 'ADDED') this.#store.add(event.object);
      else if (event.type === 'MODIFIED') this.#store.update(event.object);
      else this.#store.delete(event.object);
    } catch (error) {
      const { namespace, name } = event.object.metadata ?? {};
      this.#onError(
        new CacheError('object', `${this.#name}: cannot store`, error, [namespace, name].filter(Boolean).join('/')),
      );
    }
  }

  #replace(items: readonly T[], resourceVersion: string): void {
    this.#store.replace(items, resourceVersion);
    this.#remember(resourceVersion);
  }

  #remember(resourceVersion: string): void {
    this.#memory = { ...this.#memory, resourceVersion };
  }

  /** What is part of a watch's life is not reported; everything else is. */
  #report(stage: CacheStage, error: unknown, signal: AbortSignal): void {
    const kind = classifyFailure(error);
    if (signal.aborted || kind === 'expired' || (kind === 'unsupported' && this.#state.name === 'watchList')) return;
    this.#onError(new CacheError(stage, `${this.#name}: ${stage} failed`, error));
  }
}

/** What one watch has seen. */
class WatchRun<T> {
  resourceVersion: string;
  events = 0;
  /** The objects of initial events that have not ended; `undefined` when there are none to come. */
  initial: Map<string, T> | undefined;

  constructor(resourceVersion: string, initial: Map<string, T> | undefined) {
    this.resourceVersion = resourceVersion;
    this.initial = initial;
  }
}

function initialEventsOverdue(): WatchListUnsupportedError {
  return new WatchListUnsupportedError(
    `the server sent no end of the initial events within ${InitialEventsTimeoutMs} ms`,
  );
}
