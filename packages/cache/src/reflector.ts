import {
  Backoff,
  type Clock,
  InitialEventsAnnotation,
  type KubernetesList,
  type Lister,
  type ListerWatcher,
  type ListOptions,
  realClock,
  type Retry,
  sleep,
  type UndecodableObject,
  type WatchEvent,
  type WatchOptions,
} from '@client-ts/apimachinery';
import { listAll } from '@client-ts/pager';
import type { CachedObject } from './deep-readonly.js';
import { abortable } from './abortable.js';
import type { CacheMeter } from './cache-meter.js';
import { CacheError, type CacheErrorHandler, type CacheStage, newErrorReporter } from './error-handler.js';
import type { ReflectorStore, Replacement } from './queue.js';
import { metaNamespaceKey, type ObjectKey, splitMetaNamespaceKey } from './key.js';
import { readPage } from './read-page.js';
import { nextState, type Outcome, type ReflectorMemory, type ReflectorState, startState } from './reflector-state.js';
import { startReplacement } from './replacement.js';
import { newSlicer } from './slicer.js';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { type HealthHandler, HealthRecord, type ReflectorHealth } from './health.js';
import {
  classifyFailure,
  ListTimeoutError,
  StoreRefusedError,
  VeryShortWatchError,
  WatchListUnsupportedError,
} from './watch-failure.js';
import { SilenceLimit } from './silence-limit.js';
import { WatchListSupport } from './watch-list-support.js';
import { WatchPatience } from './watch-patience.js';
import { Watchdog } from './watchdog.js';

/** Watches are asked to end after a random time from here to its double, so that servers can shed load. */
const MinWatchTimeoutMs = 5 * 60_000;
/** A watch that ends in less, with nothing new, has not worked. */
const ShortWatchMs = 1000;
/** kube-apiserver gives a list one minute; five leave room for the repetitions that it may ask for. */
const ListTimeoutMs = 5 * 60_000;
/** After this long without a failure the next one is a first one again. */
const HealthyAfterMs = 2 * 60_000;

/**
 * A watch that was not refused for so long counts as there: the contract of a watch does not say when it was answered, and
 * where nothing happens bookmarks come each minute.
 */
const SettledMs = 10_000;
/** Lists that have to be answered with 404, a pause apart, before it is believed. A proxy may say so while a server restarts. */
const GoneAfter = 2;

const Delays = { durationMs: 800, factor: 2, capMs: 30_000, jitter: 1 } as const;

export interface ReflectorOptions {
  /** For error messages. Default: `objects`. */
  readonly name?: string | undefined;
  /** Ask for the initial state as a stream of events, where the server can. Default: true. */
  readonly watchList?: boolean | undefined;
  readonly clock?: Clock | undefined;
  /**
   * Asked after each change that was given to the store: no more is read before what it returns has resolved. Default: the
   * store has always room.
   */
  readonly room?: (() => Promise<void> | undefined) | undefined;
  /** Told of every failure. Default: `console.error`. */
  readonly onError?: CacheErrorHandler | undefined;
  /** Told whenever the state of its health has changed. */
  readonly onHealth?: HealthHandler | undefined;
  /** What it does is counted here: `cacheMetrics(provider)`. Default: nowhere. */
  readonly metrics?: CacheMeter | undefined;
}

/**
 * Keeps a store as the server is: lists, watches from there, and starts over where that is the only way. Nothing but its
 * signal ends it.
 *
 * Silence does not go unnoticed: a watch from which nothing comes for 75 seconds, not even one of the bookmarks that
 * kube-apiserver sends every minute, is replaced by another that goes on from the same version. Where no bookmarks come, that
 * time doubles, up to the 5 to 10 minutes after which the server was asked to end the watch.
 */
export class Reflector<T extends CachedObject> {
  readonly #source: ListerWatcher<T>;
  readonly #store: ReflectorStore<T>;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #onError: CacheErrorHandler;
  readonly #room: ReflectorOptions['room'];
  readonly #metrics: CacheMeter | undefined;
  /** Of the request that goes on: how many objects came with it. */
  #items = 0;
  readonly #backoff: Backoff;
  readonly #silence: SilenceLimit = new SilenceLimit();
  #state: ReflectorState;
  #resourceVersion = '';
  /** Initial events are to be asked for, where the server sends them. */
  readonly #watchList: boolean;
  readonly #support: WatchListSupport;
  /** The server pages lists that any cache could answer: it has no cache. */
  #pagesEverything = false;
  #failedAt = -Infinity;
  readonly #health: HealthRecord;
  #replacements = 0;
  /** Lists in a row that were answered with 404. */
  #gone = 0;
  /** What was given to the store since the last list may be lacking there. */
  #refused: StoreRefusedError | undefined;
  /** Of the watch that goes on, once its initial events have ended. */
  #watching: WatchPatience | undefined;

  constructor(source: ListerWatcher<T>, store: ReflectorStore<T>, options: ReflectorOptions = {}) {
    this.#source = source;
    this.#store = store;
    this.#name = options.name ?? 'objects';
    this.#clock = options.clock ?? realClock;
    this.#onError = newErrorReporter(options.onError);
    this.#room = options.room;
    this.#metrics = options.metrics;
    this.#backoff = new Backoff(Delays, this.#clock);
    this.#watchList = options.watchList ?? true;
    this.#support = new WatchListSupport(source.origin);
    this.#state = startState(this.#memory);
    const { onHealth } = options;
    this.#health = new HealthRecord(this.#clock, this.#mode, () => {
      try {
        onHealth?.(this.health());
      } catch (error) {
        this.#onError(new CacheError('handler', `${this.#name}: the health handler threw`, error));
      }
    });
  }

  /** What it does now. */
  get state(): ReflectorState {
    return this.#state;
  }

  /** The newest version that was handed to the store; `""` before the first list. */
  get lastSyncResourceVersion(): string {
    return this.#resourceVersion;
  }

  /** How many lists were handed to the store. */
  get replacements(): number {
    return this.#replacements;
  }

  health(): ReflectorHealth {
    return this.#health.report(this.#resourceVersion);
  }

  /**
   * Reads a list after a pause, as after any failure: whoever was given the changes since the last could not keep one. Does
   * nothing while a list is being read.
   */
  relist(reason: StoreRefusedError): void {
    this.#refused = reason;
    this.#watching?.giveUp(reason);
  }

  get #memory(): ReflectorMemory {
    return { resourceVersion: this.#resourceVersion, watchList: this.#mode === 'watchList' };
  }

  get #mode(): ReflectorHealth['mode'] {
    return this.#watchList && this.#support.isLikely ? 'watchList' : 'list';
  }

  /** Runs until `signal` aborts, and then resolves. */
  async run({ signal }: { signal: AbortSignal }): Promise<void> {
    // Others may have found out since.
    if (this.#resourceVersion === '') this.#state = startState(this.#memory);
    this.#health.started(this.#mode);
    const meter = this.#metrics?.reflector(this.#name, this);
    while (!signal.aborted) {
      this.#items = 0;
      const startedMs = this.#clock.now();
      const outcome = await this.#perform(this.#state, signal);
      meter?.requested({
        kind: this.#state.name,
        durationMs: this.#clock.now() - startedMs,
        items: this.#items,
        error: outcome.type === 'failed' ? outcome.error : undefined,
      });
      if (signal.aborted) break;
      this.#judge(this.#state, outcome);
      const { next, backoff, minDelayMs } = nextState(this.#state, outcome, this.#memory);
      if (outcome.type === 'failed' && isWatching(this.#state, outcome) && next.name !== 'watch')
        this.#health.relisting(outcome.error);
      this.#state = next;
      if (backoff) await this.#wait(minDelayMs, signal);
    }
    meter?.[Symbol.dispose]();
    this.#health.stopped();
  }

  #judge(state: ReflectorState, outcome: Outcome): void {
    if (outcome.type !== 'failed') {
      this.#gone = 0;
      return;
    }
    const { error } = outcome;
    const watching = isWatching(state, outcome);
    // That a server knows nothing of initial events is no failure of what it does.
    const listsInstead = state.name === 'watchList' && classifyFailure(error) === 'unsupported';
    if (watching || !listsInstead) this.#health.failed(error, watching);
    if (watching) return;
    this.#gone = isNotFound(error) ? this.#gone + 1 : 0;
    // A resource that is not there has no objects.
    if (this.#gone >= GoneAfter && this.#resourceVersion !== '') this.#replace(startReplacement(this.#store), '');
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
      const cached = resourceVersion !== '' && resourceVersion !== '0' && !this.#pagesEverything;
      let replacement = startReplacement(this.#store);
      const pages: Lister<T> = {
        list: (options) => {
          // Pages that cannot be read on are followed by a whole list.
          if (!options?.continue) {
            replacement = startReplacement(this.#store);
            this.#items = 0;
          }
          return this.#page(options, replacement, signal);
        },
      };
      const { metadata } = await listAll(pages, { resourceVersion, ...(cached ? { limit: 0 } : {}) });
      signal.throwIfAborted();
      const version = versionOf(metadata, 'list');
      this.#replace(replacement, version);
      this.#health.read('list');
      return { type: 'listed', resourceVersion: version };
    } catch (error) {
      this.#report('list', error, signal);
      return { type: 'failed', error, resourceVersion: this.#resourceVersion, synced: false, healthy: false };
    }
  }

  /** The items of a page go into the replacement, and are not in what it resolves with. */
  async #page(
    options: ListOptions | undefined,
    replacement: Replacement<T>,
    signal: AbortSignal,
  ): Promise<KubernetesList<T>> {
    using watchdog = new Watchdog(this.#clock, signal);
    watchdog.arm(ListTimeoutMs, overdue);
    const onRetry = ({ delayMs, error }: Retry): void => {
      watchdog.arm(delayMs + ListTimeoutMs, overdue);
      this.#health.failed(error, false);
    };
    const onUndecodable = (found: UndecodableObject): void => {
      const key = this.#reportUndecodable(found);
      if (key !== undefined) replacement.leaveOut?.(key);
    };
    const request = { ...options, signal: watchdog.signal, onRetry, onUndecodable };
    const take = (object: T): void => {
      this.#items++;
      if (this.#checkName(object)) replacement.add(object);
    };
    const page = await readPage(this.#source, request, take, newSlicer(this.#clock));
    if (options?.resourceVersion === '0' && page.metadata.continue) this.#pagesEverything = true;
    return page;
  }

  async #watch(state: Exclude<ReflectorState, { name: 'list' }>, signal: AbortSignal): Promise<Outcome> {
    const startedMs = this.#clock.now();
    const timeoutMs = MinWatchTimeoutMs * (1 + this.#clock.random());
    const options: WatchOptions = {
      resourceVersion: state.resourceVersion,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.floor(timeoutMs / 1000),
      ...(state.name === 'watchList' ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' } : {}),
    };
    if (state.name === 'watch' && this.#refused) return failedAt(state.resourceVersion, this.#refused);
    using patience = new WatchPatience(this.#clock, this.#silence, timeoutMs, signal);
    const run: WatchRun<T> = {
      resourceVersion: state.resourceVersion,
      initial: undefined,
      answered: false,
      patience,
      settling: undefined,
    };
    if (state.name === 'watchList') run.initial = startReplacement(this.#store);
    if (run.initial) patience.initialEvents();
    else {
      patience.heard();
      this.#watching = patience;
      if (this.#health.state !== 'watching') this.#settleAfter(SettledMs, run);
    }
    // What has brought nothing new may be a proxy, or a server, that answers everything with the same.
    const healthy = (): boolean =>
      run.resourceVersion !== state.resourceVersion || this.#clock.now() - startedMs >= ShortWatchMs;
    try {
      const onRetry = (retry: Retry): void => this.#retrying(retry, run);
      const onUndecodable = (found: UndecodableObject): void => this.#undecodable(found, run);
      const watch = this.#source.watch({ ...options, signal: patience.signal, onRetry, onUndecodable });
      for await (const event of watch) {
        this.#handle(event, run);
        const room = run.initial ? undefined : this.#room?.();
        if (room) await this.#untilRoom(room, patience);
      }
      if (run.initial) throw new Error('the watch ended before its initial events did');
      if (!healthy()) throw new VeryShortWatchError('the watch was closed at once, with nothing new to say');
      return { type: 'ended', resourceVersion: run.resourceVersion };
    } catch (error) {
      const synced = run.initial === undefined;
      // Reported by whoever keeps the store.
      if (error instanceof StoreRefusedError) return failedAt(run.resourceVersion, error);
      // Silence alone proves nothing: the request may be waiting for its turn, or its answer be lost.
      const silence = error instanceof WatchListUnsupportedError && !run.answered;
      const unsupported = !synced && !silence && classifyFailure(error) === 'unsupported';
      if (unsupported) this.#support.lacking();
      else this.#report('watch', error, signal);
      const resourceVersion = synced ? run.resourceVersion : this.#resourceVersion;
      return { type: 'failed', error, synced, healthy: healthy(), resourceVersion };
    } finally {
      this.#watching = undefined;
      this.#clock.clearTimeout(run.settling);
    }
  }

  /** Whoever reads no further holds up the server: what the source has sent waits in the socket. */
  async #untilRoom(first: Promise<void>, patience: WatchPatience): Promise<void> {
    patience.paused();
    for (let room: Promise<void> | undefined = first; room; room = this.#room?.())
      await abortable(room, patience.signal);
    patience.resumed();
  }

  /** The source waits before it asks once more. */
  #retrying({ delayMs, error }: Retry, run: WatchRun<T>): void {
    const initial = run.initial !== undefined;
    run.patience.retrying(delayMs, initial);
    this.#health.failed(error, !initial);
    if (!initial) this.#settleAfter(delayMs + SettledMs, run);
  }

  #settleAfter(ms: number, run: WatchRun<T>): void {
    this.#clock.clearTimeout(run.settling);
    run.settling = this.#clock.setTimeout(() => this.#works(run), ms);
  }

  #works(run: WatchRun<T>): void {
    this.#clock.clearTimeout(run.settling);
    this.#health.watching();
  }

  /** An event has come. Returns the time: one look at the clock for all who want to know, that of Node.js is not free. */
  #heard(run: WatchRun<T>): number {
    run.answered = true;
    const nowMs = this.#clock.now();
    this.#health.heard(nowMs);
    if (!run.initial && this.#health.state !== 'watching') this.#works(run);
    return nowMs;
  }

  #handle(event: WatchEvent<T>, run: WatchRun<T>): void {
    if (event.type !== 'BOOKMARK') this.#items++;
    const nowMs = this.#heard(run);
    if (run.initial) {
      this.#handleInitial(event, run, run.initial, nowMs);
      return;
    }
    if (event.type === 'BOOKMARK') {
      run.patience.bookmark(nowMs);
      if (event.object.metadata.resourceVersion) this.#store.bookmark(event.object.metadata.resourceVersion);
    } else {
      run.patience.heard(nowMs);
      // One object that cannot be taken does not keep the others from being taken.
      try {
        if (this.#checkName(event.object)) this.#change(event);
      } catch (error) {
        this.#reportObject(event.object, error);
      }
    }
    this.#reached(event.object.metadata?.resourceVersion, run);
  }

  /** An event of which no more is known than what it is about, at best. Of a deletion that is enough. */
  #undecodable(found: UndecodableObject, run: WatchRun<T>): void {
    const { type, metadata } = found;
    const nowMs = this.#heard(run);
    const key = this.#reportUndecodable(found);
    const { initial } = run;
    if (initial) {
      const before = initial.size;
      if (key !== undefined && type !== 'DELETED') initial.leaveOut?.(key);
      if (key !== undefined && type === 'DELETED') initial.delete(onlyNamed(key) as T);
      if (initial.size > before) run.patience.initialEvents(nowMs);
      return;
    }
    run.patience.heard(nowMs);
    try {
      if (key !== undefined && type === 'DELETED')
        if (this.#store.deleteKey) this.#store.deleteKey(key);
        else this.#store.delete(onlyNamed(key) as T);
    } catch (error) {
      this.#onError(new CacheError('object', `${this.#name}: cannot store`, error, key));
    }
    this.#reached(metadata?.resourceVersion, run);
  }

  #change({ type, object }: Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>): void {
    if (type === 'ADDED') this.#store.add(object);
    else if (type === 'MODIFIED') this.#store.update(object);
    else this.#store.delete(object);
  }

  #handleInitial(event: WatchEvent<T>, run: WatchRun<T>, initial: Replacement<T>, nowMs: number): void {
    if (event.type !== 'BOOKMARK') {
      const before = initial.size;
      if (!this.#checkName(event.object)) return;
      // Initial events may already be followed by changes of the same objects.
      if (event.type === 'DELETED') initial.delete(event.object);
      else initial.add(event.object);
      // Changes alone are no progress: they also come from a server that does not know of initial events.
      if (initial.size > before) run.patience.initialEvents(nowMs);
      return;
    }
    const { metadata } = event.object;
    if (metadata.annotations?.[InitialEventsAnnotation] !== 'true')
      throw new WatchListUnsupportedError(
        'the server sent another bookmark than that of the end of the initial events',
      );
    const resourceVersion = versionOf(metadata, 'end of the initial events');
    this.#replace(initial, resourceVersion);
    this.#health.read('watchList');
    this.#watching = run.patience;
    run.initial = undefined;
    run.patience.heard();
    this.#reached(resourceVersion, run);
  }

  #reached(resourceVersion: string | undefined, run: WatchRun<T>): void {
    if (!resourceVersion || typeof resourceVersion !== 'string') return;
    run.resourceVersion = resourceVersion;
    this.#resourceVersion = resourceVersion;
  }

  #replace(replacement: Replacement<T>, resourceVersion: string): void {
    replacement.commit(resourceVersion);
    this.#resourceVersion = resourceVersion;
    this.#replacements++;
    this.#refused = undefined;
  }

  #checkName(object: T): boolean {
    if (isNamed(object.metadata)) return true;
    this.#reportObject(object, new TypeError('object has no metadata.name'));
    return false;
  }

  #reportObject({ metadata }: T, error: unknown): void {
    const key = [metadata?.namespace, metadata?.name].filter((part) => typeof part === 'string' && part).join('/');
    this.#onError(new CacheError('object', `${this.#name}: cannot store`, error, key));
  }

  /** Returns the key, if that is known. */
  #reportUndecodable({ error, metadata }: UndecodableObject): ObjectKey | undefined {
    const key = isNamed(metadata) ? metaNamespaceKey({ metadata }) : undefined;
    this.#health.undecodable();
    this.#onError(new CacheError('decode', `${this.#name}: cannot decode`, error, key));
    return key;
  }

  /** What is part of a watch's life is not reported; everything else is. */
  #report(stage: CacheStage, error: unknown, signal: AbortSignal): void {
    if (signal.aborted || classifyFailure(error) === 'expired') return;
    this.#onError(new CacheError(stage, `${this.#name}: ${stage} failed`, error));
  }
}

/** Whether it was a watch, and not the reading of a full state, that failed. */
function isWatching(state: ReflectorState, { synced }: Extract<Outcome, { type: 'failed' }>): boolean {
  return state.name === 'watch' || synced;
}

/** Of metadata that may be anything. */
function isNamed(metadata: CachedObject['metadata']): boolean {
  const { namespace = '', name } = metadata ?? {};
  return typeof name === 'string' && name !== '' && typeof namespace === 'string';
}

function onlyNamed(key: ObjectKey): CachedObject {
  return { metadata: splitMetaNamespaceKey(key) };
}

function failedAt(resourceVersion: string, error: unknown): Outcome {
  return { type: 'failed', error, resourceVersion, synced: true, healthy: false };
}

/**
 * What has no version is not from an API server that can be watched, whatever it looks like: an empty object in place of a
 * list must not empty a cache.
 */
function versionOf({ resourceVersion }: { readonly resourceVersion?: string | undefined }, what: string): string {
  if (resourceVersion) return resourceVersion;
  throw new TypeError(`the ${what} has no metadata.resourceVersion`);
}

function overdue(): Error {
  return new ListTimeoutError(`the list was not answered within ${ListTimeoutMs} ms`);
}

/** What one watch has seen. */
interface WatchRun<T> {
  readonly patience: WatchPatience;
  /** Timer after which it counts as there; `undefined` when that is not waited for. */
  settling: unknown;
  resourceVersion: string;
  /** An event has come. */
  answered: boolean;
  /** The objects of initial events that have not ended; `undefined` when there are none to come. */
  initial: Replacement<T> | undefined;
}
