import { abortable, type Clock, type KubernetesObject, type ListerWatcher, realClock } from '@client-ts/apimachinery';
import { newAdmission } from './admission.js';
import { allChanges } from './all-changes.js';
import type { InformerMeter } from './cache-meter.js';
import type { CachedObject } from './deep-readonly.js';
import { type DeltaObserver, DeltaProcessor } from './delta-processor.js';
import { CacheError, type CacheErrorHandler, newErrorReporter } from './error-handler.js';
import type { ResourceEventHandler, ResourceEventHandlerRegistration } from './event-handler.js';
import { FreshAs, type FreshAsOptions } from './fresh-as.js';
import { Gate } from './gate.js';
import { HandlerListener } from './handler-listener.js';
import type { HealthHandler } from './health.js';
import { type IndexError, newIndexer } from './map-indexer.js';
import { metaNamespaceIndex } from './meta-namespace-index.js';
import { initialAddsOf, resyncOf } from './notification-batch.js';
import type { PoppedQueue } from './queue.js';
import { RealFIFO } from './real-fifo.js';
import { Reflector } from './reflector.js';
import { ResyncTimer } from './resync-timer.js';
import type {
  HandlerOptions,
  InformerHealth,
  ProjectingInformerOptions,
  SharedIndexInformerOptions,
} from './shared-informer-options.js';
import type { SliceGroup } from './slicer.js';
import { type Indexer, type Indexers, NamespaceIndex, type WritableIndexer } from './store.js';
import { StoreRefusedError } from './watch-failure.js';

/** So many changes may wait to be taken into the cache before no more are read. */
const MaxQueued = 1000;

/**
 * A cache of one resource, and those who are told of its changes.
 *
 * For each object the states that the cache goes through are a subsequence of those it had at the server, in order: some may
 * be left out, none comes twice or too late. Every handler sees that same sequence; a handler that is added later first sees
 * all objects as added. A new list tells of what it changes, not of what is as it was.
 *
 * @typeParam In - what the source gives, where `project` makes something else of it.
 */
export class SharedIndexInformer<T extends CachedObject, I extends string = never, In extends CachedObject = T> {
  readonly #defaultResyncMs: number;
  readonly #name: string;
  readonly #clock: Clock;
  readonly #onError: CacheErrorHandler;
  readonly #indexer: WritableIndexer<T, string>;
  readonly #queue: PoppedQueue<T>;
  /** Of its type no more than an informer of other sources may have, too. */
  readonly #reflector: Pick<Reflector<KubernetesObject>, keyof Reflector<KubernetesObject>>;
  readonly #listeners = new Map<HandlerListener<T>, ResyncTimer | undefined>();
  /** Of handlers that were taken away, and may not have returned yet. */
  readonly #leaving = new Set<HandlerListener<T>>();
  readonly #progress = new Gate();
  readonly #drained = new Gate();
  #handlers = 0;
  readonly #slices: SliceGroup = { active: 0 };
  #state: 'new' | 'running' | 'stopped' = 'new';
  readonly #healthHandlers = new Set<{ readonly handler: HealthHandler<InformerHealth> }>();
  readonly #freshAs: FreshAs;
  #resourceVersion = '';
  #synced = false;
  readonly #startMeter: () => InformerMeter | undefined;
  /** The last list that the reflector had read when the store refused a change, which only a later one makes up for. */
  #refusedAt: number | undefined;

  /** For a source whose objects are stored as `project` makes them. */
  constructor(source: ListerWatcher<In>, options: ProjectingInformerOptions<T, I, In>);
  constructor(source: ListerWatcher<T>, options?: SharedIndexInformerOptions<T, I>);
  constructor(source: ListerWatcher<In>, options: Partial<ProjectingInformerOptions<T, I, In>> = {}) {
    this.#defaultResyncMs = options.defaultResyncMs ?? 0;
    this.#name = options.name ?? 'objects';
    this.#clock = options.clock ?? realClock;
    this.#freshAs = new FreshAs(this.#name, this.#clock);
    this.#onError = newErrorReporter(options.onError);
    const { indexer = newIndexer } = options;
    const onError = ({ message, cause, key }: IndexError): void =>
      this.#onError(new CacheError('index', message, cause, key));
    this.#indexer = typeof indexer === 'function' ? indexer({ onError }) : indexer;
    this.#indexer.addIndexers<string>({ [NamespaceIndex]: metaNamespaceIndex });
    if (options.indexers) this.#indexer.addIndexers<string>(options.indexers);
    const newQueue = options.newQueue ?? ((queueOptions) => new RealFIFO<T, In>(queueOptions));
    const queue = newQueue({ transform: newAdmission(this.#name, options, this.#onError) }, this.#indexer);
    this.#queue = queue;
    this.#startMeter = () => options.metrics?.informer(this, source.origin, this.#onError);
    const { onHealth } = options;
    if (onHealth) this.#healthHandlers.add({ handler: onHealth });
    this.#reflector = new Reflector(source, queue, {
      ...options,
      onHealth: () => this.#tellHealth(),
      room: () => this.#listenersRoom() ?? this.#queueRoom(),
    });
  }

  /** The name that it was given; `objects` where it was given none. */
  get name(): string {
    return this.#name;
  }

  /** A read-only view of the cache. Objects are shared: do not change them. */
  get indexer(): Indexer<T, I> {
    return this.#indexer;
  }

  /** Adds indexes, also while running. @throws Error after it has stopped, RangeError when a name is taken. */
  addIndexers<J extends string>(indexers: Indexers<T, J>): void {
    if (this.#state === 'stopped') throw new Error('indexers cannot be added: the informer has stopped');
    this.#indexer.addIndexers(indexers);
  }

  /**
   * Adds a handler; it may be done at any time before the informer has stopped. The same handler added twice is told twice.
   *
   * @throws Error after the informer has stopped, RangeError for a resync period below one second, or a `maxBacklog` below 1.
   */
  addEventHandler(handler: ResourceEventHandler<T>, options: HandlerOptions = {}): ResourceEventHandlerRegistration {
    if (this.#state === 'stopped') throw new Error('a handler cannot be added: the informer has stopped');
    const { resyncPeriodMs = this.#defaultResyncMs } = options;
    const { maxBacklog = Infinity, backlog = allChanges, name = `handler-${++this.#handlers}` } = options;
    if (!(maxBacklog >= 1)) throw new RangeError(`maxBacklog must be at least 1, got ${maxBacklog}`);
    const listener = new HandlerListener(handler, this.#clock, this.#onError, {
      group: this.#slices,
      backlog: backlog<T>(),
      maxBacklog,
      name,
    });
    const resync =
      resyncPeriodMs === 0 ? undefined : new ResyncTimer(this.#clock, resyncPeriodMs, () => this.#resync(listener));
    listener.enqueueAll(initialAddsOf(this.#indexer.list()));
    this.#listeners.set(listener, resync);
    if (this.#state === 'running') resync?.start();
    return {
      hasSynced: () => this.hasSynced() && listener.caughtUp,
      waitForSync: async ({ signal } = {}) => {
        await this.#untilSynced(signal);
        await abortable(listener.untilCaughtUp(), signal);
        if (!listener.caughtUp) throw new Error('the handler was taken away before it had been told of all objects');
      },
      backlog: () => listener.backlog(),
      [Symbol.dispose]: () => this.#remove(listener),
      [Symbol.asyncDispose]: () => {
        this.#remove(listener);
        return listener.idle();
      },
    };
  }

  /** Whether the cache holds a full list. */
  hasSynced(): boolean {
    this.#synced ||= this.#queue.hasSynced() && this.#refusedAt === undefined;
    return this.#synced;
  }

  /** How it goes, and has gone so far. */
  health(): InformerHealth {
    return {
      ...this.#reflector.health(),
      lastSyncResourceVersion: this.#resourceVersion,
      synced: this.hasSynced(),
      queued: this.#queue.length,
      handlers: Array.from(this.#listeners.keys(), (listener) => listener.backlog()),
    };
  }

  /**
   * Tells `handler` of every change of {@link health}'s `state`, and of every request that failed, from now on and at any time,
   * until the result is disposed. A handler that throws is reported.
   */
  addHealthHandler(handler: HealthHandler<InformerHealth>): Disposable {
    const entry = { handler };
    this.#healthHandlers.add(entry);
    return { [Symbol.dispose]: () => void this.#healthHandlers.delete(entry) };
  }

  /**
   * A version that the cache has reached: all changes up to it are in there. `""` before it has synced, and while the server
   * does not serve the resource.
   */
  lastSyncResourceVersion(): string {
    return this.#resourceVersion;
  }

  /**
   * Resolves when the cache is as new as `resourceVersion`, such as that of an object that was just written: from then on it
   * shows that write, or what came of it later. At once when it is; otherwise when the watch has brought it, which takes until
   * the next bookmark, a minute on kube-apiserver, when nothing that is cached has changed at that version.
   *
   * Goes on waiting while the server cannot be reached, lists anew, or does not serve the resource. Rejects with
   * `signal.reason`; with FreshAsTimeoutError; with an Error when the informer stops first; with a RangeError when versions
   * cannot be compared (KEP-5504).
   */
  freshAs(resourceVersion: string, options?: FreshAsOptions): Promise<void> {
    return this.#freshAs.wait(resourceVersion, options);
  }

  /** Resolves when the cache holds a full list and all handlers have been told of it; rejects when `signal` aborts first. */
  async waitForSync({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    await this.#untilSynced(signal);
    for (const listener of this.#listeners.keys()) await abortable(listener.untilCaughtUp(), signal);
  }

  /**
   * Runs until `signal` aborts. From then on no handler is called; resolves once all that went on has ended, handlers included
   * that were taken away before.
   *
   * @throws Error when it has been run before.
   */
  async run({ signal }: { signal: AbortSignal }): Promise<void> {
    if (this.#state !== 'new') throw new Error('an informer can be run once');
    this.#state = 'running';
    for (const resync of this.#listeners.values()) resync?.start();
    // One listener on the caller's signal, whatever goes on in here: many informers may share it.
    const stop = new AbortController();
    const end = (): void => {
      signal.removeEventListener('abort', end);
      this.#shutDown();
      stop.abort(signal.reason);
    };
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      using meter = this.#startMeter();
      const queue = meter?.timed(this.#queue, () => this.#clock.now()) ?? this.#queue;
      await Promise.all([this.#reflector.run({ signal: stop.signal }), this.#newProcessor(queue).run()]);
    } finally {
      // One part that fails, as none should, ends the other.
      end();
      await Promise.all(Array.from(this.#leaving, (listener) => listener.idle()));
    }
  }

  async #untilSynced(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    while (!this.hasSynced()) {
      if (this.#state === 'stopped') throw new Error(`${this.#name}: the informer stopped before it had synced`);
      await abortable(this.#progress.wait(), signal);
    }
  }

  /** From here on no handler is called. */
  #shutDown(): void {
    this.#state = 'stopped';
    this.#queue.close();
    this.#drained.open();
    this.#progress.open();
    this.#freshAs.stop();
    for (const listener of this.#listeners.keys()) this.#remove(listener);
  }

  /** Something has been popped. */
  #advance(): void {
    const isDrained = this.#queue.length === 0;
    if (this.#refusedAt !== undefined) {
      if (!isDrained || this.#refusedAt === this.#reflector.replacements) return;
      this.#refusedAt = undefined;
    }
    const version = isDrained ? this.#reflector.lastSyncResourceVersion : this.#queue.reached;
    if (version === undefined || version === this.#resourceVersion) return;
    this.#resourceVersion = version;
    this.#freshAs.reached(version);
  }

  #tellHealth(): void {
    const health = this.health();
    for (const { handler } of this.#healthHandlers) {
      try {
        handler(health);
      } catch (error) {
        this.#onError(new CacheError('handler', `${this.#name}: a health handler threw`, error));
      }
    }
  }

  #newProcessor(queue: PoppedQueue<T>): DeltaProcessor<T> {
    const observer: DeltaObserver<T> = {
      changed: (notification) => {
        for (const listener of this.#listeners.keys()) listener.enqueue(notification);
      },
      changedAtOnce: (notifications) => {
        for (const listener of this.#listeners.keys()) listener.enqueueAll(notifications);
      },
      refused: (error) => {
        const what = `${this.#name}: the store refused a change`;
        this.#refusedAt = this.#reflector.replacements;
        this.#onError(new CacheError('store', what, error));
        this.#reflector.relist(new StoreRefusedError(what, { cause: error }));
      },
      popped: () => {
        this.#advance();
        if (this.#queue.length <= MaxQueued / 2) this.#drained.open();
        this.#progress.open();
      },
      room: () => this.#listenersRoom(),
    };
    return new DeltaProcessor(queue, this.#indexer, observer, this.#clock, this.#slices);
  }

  #queueRoom(): Promise<void> | undefined {
    return this.#queue.closed || this.#queue.length < MaxQueued ? undefined : this.#drained.wait();
  }

  #listenersRoom(): Promise<void> | undefined {
    for (const listener of this.#listeners.keys()) {
      const room = listener.room();
      if (room) return room;
    }
    return undefined;
  }

  #resync(listener: HandlerListener<T>): void {
    if (listener.length > 0) return;
    listener.enqueueAll(resyncOf(this.#indexer.list()));
  }

  #remove(listener: HandlerListener<T>): void {
    this.#listeners.get(listener)?.stop();
    this.#listeners.delete(listener);
    listener.stop();
    this.#leaving.add(listener);
    void listener.idle().then(() => this.#leaving.delete(listener));
  }
}
