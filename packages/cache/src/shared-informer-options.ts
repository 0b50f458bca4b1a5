import type { NewBacklog } from './backlog.js';
import type { CachedObject } from './deep-readonly.js';
import type { HandlerBacklog } from './event-handler.js';
import type { HealthHandler, ReflectorHealth } from './health.js';
import type { IndexerOptions } from './map-indexer.js';
import type { Queue, QueueOptions } from './queue.js';
import type { ReflectorOptions } from './reflector-options.js';
import type { Indexer, Indexers, WritableIndexer } from './store.js';

/** @typeParam In - what the source gives. */
export interface SharedIndexInformerOptions<
  T extends CachedObject,
  I extends string,
  In extends CachedObject = T,
> extends Omit<ReflectorOptions, 'onHealth' | 'room'> {
  /** Told whenever the state of its health has changed, or a request has failed; see `addHealthHandler`. */
  readonly onHealth?: HealthHandler<InformerHealth> | undefined;
  /** Extra indexes, by name. `namespace` is always there. */
  readonly indexers?: Indexers<T, I> | undefined;
  /**
   * Runs once, before an object is stored; may change it. Use it to drop fields and save memory. When it throws, that is
   * reported, and the cache keeps what it had of the object. Name and namespace have to stay as they are.
   */
  readonly transform?: ((object: In) => In) | undefined;
  /**
   * Freeze stored objects, so that changing a shared one throws. Costs a tenth of the sync. Default: whether the environment
   * variable `NODE_ENV` is `development` or `test`.
   */
  readonly freeze?: boolean | undefined;
  /** Resync period of handlers that are added without one, in milliseconds. Default: none. */
  readonly defaultResyncMs?: number | undefined;
  /**
   * Where objects are kept. Must be empty, and have no index named `namespace`. When it throws, that is reported, and a new
   * list makes up for the change, after a pause and as often as it takes. A function that makes it is told where failures of
   * index functions are reported. Default: `newIndexer`.
   */
  readonly indexer?:
    WritableIndexer<T, string> | ((options: IndexerOptions<T, string>) => WritableIndexer<T, string>) | undefined;
  /** What stands between reflector and store. Default: `RealFIFO`. */
  readonly newQueue?: ((options: QueueOptions<T, In>, indexer: Indexer<T, string>) => Queue<T, In>) | undefined;
}

/** Options of an informer that stores something else than what its source gives. */
export interface ProjectingInformerOptions<
  T extends CachedObject,
  I extends string,
  In extends CachedObject,
> extends SharedIndexInformerOptions<NoInfer<T>, I, In> {
  /**
   * Runs once, after `transform`: what it returns is what is stored, and what handlers are told of. Otherwise as `transform`.
   * Without `metadata.resourceVersion` a new list tells of objects that have not changed, too.
   */
  readonly project: (object: In) => T;
}

/** What an informer knows about itself. A copy: it does not change. */
export interface InformerHealth extends ReflectorHealth {
  /** See `SharedIndexInformer.lastSyncResourceVersion`. */
  readonly lastSyncResourceVersion: string;
  /** See `SharedIndexInformer.hasSynced`. */
  readonly synced: boolean;
  /** How many changes wait to be taken into the cache. */
  readonly queued: number;
  /** What waits for each handler. */
  readonly handlers: readonly HandlerBacklog[];
}

export interface HandlerOptions {
  /** For {@link InformerHealth.handlers}. Default: `handler-1`, and so on. */
  readonly name?: string | undefined;
  /**
   * What is kept of the changes that wait for the handler: `allChanges`, as in client-go, without a limit; or `latestStates`, one
   * change for each object. Default: `allChanges`.
   */
  readonly backlog?: NewBacklog | undefined;
  /**
   * When so many changes wait for the handler, the cache takes no more until half of them are gone, and reads no more from the
   * server. Everybody else waits, too: other handlers, and readers, who see an older state. A server does not wait for ever; it
   * ends the watch, which goes on from where it was, or with a new list. A list is taken whole, whatever its length. At least 1.
   * Default: no limit.
   */
  readonly maxBacklog?: number | undefined;
  /**
   * Call `onUpdate(o, o)` for every object, this often. At least 1000; 0: never. Left out for as long as the handler is
   * behind. Default: the informer's.
   */
  readonly resyncPeriodMs?: number | undefined;
}
