export { applyDeltas } from './apply-deltas.js';
export { allChanges } from './all-changes.js';
export type { Backlog, NewBacklog } from './backlog.js';
export type {
  CacheMeter,
  InformerMeter,
  MeteredInformer,
  MeteredReflector,
  MeteredRequest,
  ReflectorMeter,
} from './cache-meter.js';
export { cacheMetrics } from './cache-metrics.js';
export { newCompactIndexer } from './compact-indexer.js';
export { type CompactObject, compactObject } from './compact-object.js';
export { deepFreeze } from './deep-freeze.js';
export type { CachedObject, DeepMutable, DeepReadonly } from './deep-readonly.js';
export { DeltaFIFO, type DeltaFIFOOptions } from './delta-fifo.js';
export type { Delta, LeftOut, ObjectDelta, ReplacedAll } from './delta.js';
export { CacheError, type CacheErrorHandler, type CacheStage } from './error-handler.js';
export type {
  DeletedObject,
  HandlerBacklog,
  Notification,
  ResourceEventHandler,
  ResourceEventHandlerRegistration,
} from './event-handler.js';
export {
  ExpirationStore,
  type ExpirationStoreOptions,
  newTTLStore,
  type TimestampedEntry,
} from './expiration-store.js';
export type { FailureClass } from './failure-class.js';
export { filteringHandler, type FilteringHandlerOptions } from './filtering-handler.js';
export { findInconsistencies, type Inconsistency } from './find-inconsistencies.js';
export { FreshAsTimeoutError, type FreshAsOptions } from './fresh-as.js';
export type { HealthHandler, HealthState, ReflectorHealth } from './health.js';
export { interning, type InterningOptions } from './interning.js';
export { latestStates } from './latest-states.js';
export { metaNamespaceKey, type ObjectKey, splitMetaNamespaceKey } from './key.js';
export { type IndexerOptions, IndexError, newIndexer } from './map-indexer.js';
export { metaNamespaceIndex } from './meta-namespace-index.js';
export { mutableCopy } from './mutable-copy.js';
export { MutationCache, type MutationCacheOptions } from './mutation-cache.js';
export type { Metric, MetricLabels, MetricSample, MetricsProvider } from '@client-ts/apimachinery';
export type { NotificationBatch } from './notification-batch.js';
export type { PoppedQueue, ProcessDeltas, Queue, QueueOptions, ReflectorStore, Replacement } from './queue.js';
export { RealFIFO } from './real-fifo.js';
export { recordingClient, type RecordingClientOptions, type WriteRecorder } from './recording-client.js';
export type { ReflectorState } from './reflector-state.js';
export { Reflector } from './reflector.js';
export type { ReflectorOptions } from './reflector-options.js';
export type {
  HandlerOptions,
  InformerHealth,
  ProjectingInformerOptions,
  SharedIndexInformerOptions,
} from './shared-informer-options.js';
export { SharedIndexInformer } from './shared-informer.js';
export {
  type Indexer,
  type IndexerReplacement,
  type Indexers,
  type IndexFunc,
  NamespaceIndex,
  type Store,
  type StoreStats,
  type WritableIndexer,
} from './store.js';
export {
  ListTimeoutError,
  StoreRefusedError,
  UnknownDeletionError,
  VeryShortWatchError,
  WatchListUnsupportedError,
  WatchSilentError,
} from './watch-failure.js';
export type { TweakListOptions } from './tweaked-source.js';
export { UndeltaStore } from './undelta-store.js';
export { type OverlaidCache, WriteOverlay, type WriteOverlayOptions } from './write-overlay.js';
