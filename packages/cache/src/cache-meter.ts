import type { ListOrigin } from '@client-ts/apimachinery';
import type { CachedObject } from './deep-readonly.js';
import type { CacheErrorHandler } from './error-handler.js';
import type { HandlerBacklog } from './event-handler.js';
import type { ReflectorHealth } from './health.js';
import type { PoppedQueue } from './queue.js';

/** Told of what reflectors and informers do; must not throw. Made by `cacheMetrics`; who has none pays nothing. */
export interface CacheMeter {
  /** It runs, until the result is disposed. Failures to measure are told to `onError`, which does not throw. */
  reflector(name: string, reflector: MeteredReflector, onError: CacheErrorHandler): ReflectorMeter;
  /** The same of an informer. */
  informer(informer: MeteredInformer, origin: ListOrigin | undefined, onError: CacheErrorHandler): InformerMeter;
}

export interface ReflectorMeter extends Disposable {
  /** A request has ended. */
  requested(request: MeteredRequest): void;
}

/** A list or a watch that has ended. */
export interface MeteredRequest {
  readonly kind: 'list' | 'watchList' | 'watch';
  readonly durationMs: number;
  /** How many objects came with it, initial ones included; bookmarks are none. */
  readonly items: number;
  /** Why it failed. `undefined` when it did not. */
  readonly error: unknown;
}

export interface InformerMeter extends Disposable {
  /** The same queue, with the time taken that what is popped takes. */
  timed<T extends CachedObject>(queue: PoppedQueue<T>, now: () => number): PoppedQueue<T>;
}

/** The part of a `Reflector` that is looked at. */
export interface MeteredReflector {
  readonly lastSyncResourceVersion: string;
}

/** The part of a `SharedIndexInformer` that is looked at. */
export interface MeteredInformer {
  readonly name: string;
  readonly indexer: { readonly size: number };
  health(): ReflectorHealth & { readonly queued: number; readonly handlers: readonly HandlerBacklog[] };
}
