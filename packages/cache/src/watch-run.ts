import {
  abortable,
  type Clock,
  InitialEventsAnnotation,
  type ListerWatcher,
  type Retry,
  type UndecodableObject,
  type WatchEvent,
  type WatchOptions,
} from '@client-ts/apimachinery';
import type { CachedObject } from './deep-readonly.js';
import type { HealthRecord } from './health.js';
import type { Intake } from './intake.js';
import type { Replacement } from './queue.js';
import type { Outcome, ReflectorState } from './reflector-state.js';
import type { SilenceLimit } from './silence-limit.js';
import { versionRead } from './version-read.js';
import { classifyFailure, StoreRefusedError, VeryShortWatchError, WatchListUnsupportedError } from './watch-failure.js';
import type { WatchListSupport } from './watch-list-support.js';
import { WatchPatience } from './watch-patience.js';

/** As client-go's. */
const DefaultMinTimeoutMs = 5 * 60_000;
/** A watch that ends in less, with nothing new, has not worked. */
const ShortWatchMs = 1000;
/**
 * A watch that was not refused for so long counts as there: the contract of a watch does not say when it was answered, and
 * where nothing happens bookmarks come each minute.
 */
const SettledMs = 10_000;

export interface WatchRunOptions<T extends CachedObject> {
  readonly source: Pick<ListerWatcher<T>, 'watch'>;
  readonly intake: Intake<T>;
  readonly health: HealthRecord;
  readonly clock: Clock;
  readonly silence: SilenceLimit;
  readonly support: WatchListSupport;
  /** See `ReflectorOptions.room`. */
  readonly room: (() => Promise<void> | undefined) | undefined;
  /** See `ReflectorOptions.minWatchTimeoutMs`. */
  readonly minTimeoutMs: number | undefined;
}

export type WatchState = Exclude<ReflectorState, { name: 'list' }>;

/** One watch, from its request to its end: the `watch` and `watchList` states of a Reflector. */
export class WatchRun<T extends CachedObject> {
  readonly #options: WatchRunOptions<T>;
  readonly #intake: Intake<T>;
  readonly #health: HealthRecord;
  readonly #clock: Clock;
  readonly #state: WatchState;
  readonly #signal: AbortSignal;
  readonly #startedMs: number;
  /** In whole seconds, as it is asked for. */
  readonly #timeoutMs: number;
  readonly #patience: WatchPatience;
  /** Newest version that it has brought. */
  #resourceVersion: string;
  /** An event has come, or the end. */
  #answered = false;
  /** There are no initial events to come. */
  #synced: boolean;
  /** The objects of initial events that have not ended. */
  #initial: Replacement<T> | undefined;
  /** Timer after which it counts as there; `undefined` when that is not waited for. */
  #settling: unknown;

  constructor(options: WatchRunOptions<T>, state: WatchState, signal: AbortSignal) {
    const { intake, health, clock, silence, minTimeoutMs = DefaultMinTimeoutMs } = options;
    this.#options = options;
    this.#intake = intake;
    this.#health = health;
    this.#clock = clock;
    this.#state = state;
    this.#signal = signal;
    this.#startedMs = clock.now();
    this.#timeoutMs = Math.floor((minTimeoutMs * (1 + clock.random())) / 1000) * 1000;
    this.#patience = new WatchPatience(clock, silence, this.#timeoutMs, signal);
    this.#resourceVersion = state.resourceVersion;
    this.#synced = state.name === 'watch';
  }

  /** Can be called once. */
  async perform(): Promise<Outcome> {
    using patience = this.#patience;
    if (!this.#synced) patience.initialEvents();
    else {
      patience.heard();
      if (this.#health.state !== 'watching') this.#settleAfter(SettledMs);
    }
    try {
      if (!this.#synced) this.#initial = this.#intake.startReplacement();
      await this.#pump();
      this.#answered = true;
      if (!this.#synced) throw this.#endedEarly();
      if (!this.#healthy) throw new VeryShortWatchError('the watch was closed at once, with nothing new to say');
      return { type: 'ended', resourceVersion: this.#resourceVersion };
    } catch (error) {
      return this.#failed(error);
    } finally {
      this.#clock.clearTimeout(this.#settling);
    }
  }

  /** Ends the watch, as what it has brought may be lacking in the store. Does nothing while a full state is being read. */
  giveUp(reason: StoreRefusedError): void {
    if (this.#synced) this.#patience.giveUp(reason);
  }

  async #pump(): Promise<void> {
    const { source, room } = this.#options;
    const options: WatchOptions = {
      resourceVersion: this.#state.resourceVersion,
      allowWatchBookmarks: true,
      timeoutSeconds: this.#timeoutMs / 1000,
      ...(this.#synced ? {} : { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }),
      signal: this.#patience.signal,
      onRetry: (retry) => this.#retrying(retry),
      onUndecodable: (found) => this.#undecodable(found),
    };
    for await (const event of source.watch(options)) {
      this.#handle(event);
      const wait = this.#synced ? room?.() : undefined;
      if (wait) await this.#untilRoom(wait);
    }
  }

  #failed(error: unknown): Outcome {
    const synced = this.#synced;
    const resourceVersion = synced ? this.#resourceVersion : this.#intake.resourceVersion;
    // Reported by whoever keeps the store.
    if (error instanceof StoreRefusedError)
      return { type: 'failed', error, resourceVersion, synced: true, healthy: false };
    // Silence alone proves nothing: the request may be waiting for its turn, or its answer be lost.
    const silence = error instanceof WatchListUnsupportedError && !this.#answered;
    const unsupported = !synced && !silence && classifyFailure(error) === 'unsupported';
    if (unsupported) this.#options.support.lacking();
    else this.#intake.report('watch', error, this.#signal);
    return { type: 'failed', error, synced, healthy: this.#healthy, resourceVersion };
  }

  /** A server that is stopped ends all its watches, and will have initial events when it is back; one that took its time has none. */
  #endedEarly(): Error {
    const message = 'the watch ended before its initial events did';
    return this.#patience.isOver() ? new WatchListUnsupportedError(message) : new Error(message);
  }

  /** What has brought nothing new may be a proxy, or a server, that answers everything with the same. */
  get #healthy(): boolean {
    return this.#resourceVersion !== this.#state.resourceVersion || this.#clock.now() - this.#startedMs >= ShortWatchMs;
  }

  /** Whoever reads no further holds up the server: what the source has sent waits in the socket. */
  async #untilRoom(first: Promise<void>): Promise<void> {
    const patience = this.#patience;
    patience.paused();
    for (let room: Promise<void> | undefined = first; room; room = this.#options.room?.())
      await abortable(room, patience.signal);
    patience.resumed();
  }

  /** The source waits before it asks once more. */
  #retrying({ delayMs, error }: Retry): void {
    this.#patience.retrying(delayMs, !this.#synced);
    this.#health.failed(error, this.#synced);
    if (this.#synced) this.#settleAfter(delayMs + SettledMs);
  }

  #settleAfter(ms: number): void {
    this.#clock.clearTimeout(this.#settling);
    this.#settling = this.#clock.setTimeout(() => this.#works(), ms);
  }

  #works(): void {
    this.#clock.clearTimeout(this.#settling);
    this.#health.watching();
  }

  /** An event has come. Returns the time: one look at the clock for all who want to know, that of Node.js is not free. */
  #heard(): number {
    this.#answered = true;
    const nowMs = this.#clock.now();
    this.#health.heard(nowMs);
    if (this.#synced && this.#health.state !== 'watching') this.#works();
    return nowMs;
  }

  #handle(event: WatchEvent<T>): void {
    const nowMs = this.#heard();
    if (this.#initial) {
      this.#handleInitial(event, this.#initial, nowMs);
      return;
    }
    const version = event.object.metadata?.resourceVersion;
    if (event.type === 'BOOKMARK') {
      this.#patience.bookmark(nowMs);
      if (version) this.#intake.bookmark(version);
    } else {
      this.#patience.heard(nowMs);
      this.#intake.change(event);
    }
    this.#reached(version);
  }

  /** Called by the source, which is not to be thrown at. */
  #undecodable(found: UndecodableObject): void {
    try {
      this.#handleUndecodable(found);
    } catch (error) {
      this.#patience.giveUp(error as Error);
    }
  }

  #handleUndecodable(found: UndecodableObject): void {
    const nowMs = this.#heard();
    const initial = this.#initial;
    if (initial) {
      const before = initial.size;
      this.#intake.gatherUndecodable(found, initial);
      this.#progress(initial, before, nowMs);
      return;
    }
    this.#patience.heard(nowMs);
    this.#intake.changeUndecodable(found);
    this.#reached(found.metadata?.resourceVersion);
  }

  #handleInitial(event: WatchEvent<T>, initial: Replacement<T>, nowMs: number): void {
    if (event.type !== 'BOOKMARK') {
      const before = initial.size;
      if (event.type === 'DELETED') this.#intake.gatherDeletion(event.object, initial);
      else this.#intake.gather(event.object, initial);
      this.#progress(initial, before, nowMs);
      return;
    }
    const { metadata } = event.object;
    if (metadata.annotations?.[InitialEventsAnnotation] !== 'true')
      throw new WatchListUnsupportedError(
        'the server sent another bookmark than that of the end of the initial events',
      );
    const resourceVersion = versionRead(metadata, 'end of the initial events');
    this.#intake.replace(initial, resourceVersion);
    this.#health.read('watchList');
    this.#initial = undefined;
    this.#synced = true;
    this.#patience.heard();
    this.#reached(resourceVersion);
  }

  /** Changes alone are none: they also come from a server that does not know of initial events. */
  #progress(initial: Replacement<T>, before: number, nowMs: number): void {
    if (initial.size > before) this.#patience.initialEvent(nowMs);
  }

  #reached(resourceVersion: string | undefined): void {
    if (!resourceVersion || typeof resourceVersion !== 'string') return;
    this.#resourceVersion = resourceVersion;
    this.#intake.reached(resourceVersion);
  }
}
