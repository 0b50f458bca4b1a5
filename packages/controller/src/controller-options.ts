import type { Clock } from '@client-ts/apimachinery';
import type { CachedObject } from '@client-ts/cache';
import type { RateLimiter, ReadyQueue } from '@client-ts/workqueue';
import type { ControllerErrorHandler } from './controller-error.js';
import type { ControllerMeter } from './controller-metrics.js';
import type { Recorder } from './recorder.js';
import type { WatchedResource } from './informer-source.js';
import type { ReconcileRequest } from './object-ref.js';
import type { Partition } from './partition.js';
import type { Predicate } from './predicate.js';
import type { Reconcile } from './reconcile.js';
import type { Source } from './source.js';
import type { TraceApi } from './tracing.js';

/** The informers that a controller reads: a `SharedInformerFactory`. */
export interface Informers {
  start(): void;
  waitForCacheSync(options: { readonly signal: AbortSignal }): Promise<void>;
}

export interface ControllerOptions<T extends CachedObject> {
  /** For messages, metrics and spans. */
  readonly name: string;
  /** The resource whose objects are reconciled. Left out by a controller of something else, which has `sources` only. */
  readonly primary?: WatchedResource<T> | undefined;
  /** Which changes of the primary resource are worth a reconcile. Default: all. */
  readonly predicate?: Predicate<T> | undefined;
  /** Leave out changes of the primary resource that this process made by itself; see `WriteLog`. Default: false. */
  readonly dropOwn?: boolean | undefined;
  /** What else makes an object worth a reconcile: {@link owned}, {@link mapped}, {@link fromStream}. */
  readonly sources?: readonly Source[] | undefined;
  readonly reconcile: Reconcile<T>;
  /**
   * Started, as far as they are not, and waited for before anything is reconciled. Stopping them is their owner's business: several
   * controllers may share them. Default: somebody else starts them; those of primary resource and sources are waited for.
   */
  readonly informers?: Informers | undefined;
  /** How many objects are reconciled at the same time. Default: 1, as controller-runtime. */
  readonly concurrency?: number | undefined;
  /**
   * After how many milliseconds the signal of a reconcile aborts. One that does not heed it goes on, and its object is not reconciled
   * beside it. Default: never.
   */
  readonly reconcileTimeoutMs?: number | undefined;
  /** How long what runs may go on when the process is to end, before its signal aborts. Default: 30,000, as controller-runtime. */
  readonly shutdownGraceMs?: number | undefined;
  /** When an object that failed is tried again. Default: after 5 ms, doubling to 1000 s, each object by itself. */
  readonly rateLimiter?: RateLimiter<ReconcileRequest | string> | undefined;
  /**
   * In which order objects are reconciled, of this controller alone. Default: a `PriorityQueue`, so that what an initial list or a
   * resync brings waits for what changes now. A `FairQueue` lets namespaces take turns.
   */
  readonly queue?: ReadyQueue<ReconcileRequest | string, ReconcileRequest> | undefined;
  /** Which objects are this process's. Default: all. */
  readonly partition?: Partition | undefined;
  /**
   * How long what runs may go on when its object is to be another process's, before its signal aborts. Default: 5,000: half of the
   * time for which a Lease is good by default.
   */
  readonly releaseGraceMs?: number | undefined;
  /** Handed on to every reconcile. */
  readonly recorder?: Recorder | undefined;
  /** `controllerMetrics(provider)`. Default: nothing is measured. */
  readonly metrics?: ControllerMeter | undefined;
  /** `trace` of `@opentelemetry/api`. Default: no spans, which costs nothing. */
  readonly tracing?: TraceApi | undefined;
  /** Told of every failure, all of which are survived. Default: `console.error`. */
  readonly onError?: ControllerErrorHandler | undefined;
  readonly clock?: Clock | undefined;
}

/** @throws RangeError or TypeError that names the field. */
export function checkOptions<T extends CachedObject>(options: ControllerOptions<T>): void {
  const { name, concurrency = 1, reconcileTimeoutMs = 1, shutdownGraceMs = 0, releaseGraceMs = 0 } = options;
  if (!name) throw new TypeError('Controller: name: expected a text that is not empty');
  const refuse = (field: string, expected: string, got: number): never => {
    throw new RangeError(`Controller ${name}: ${field}: expected ${expected}, got ${got}`);
  };
  if (!Number.isInteger(concurrency) || concurrency < 1) refuse('concurrency', 'a whole number from 1 on', concurrency);
  if (!(reconcileTimeoutMs > 0)) refuse('reconcileTimeoutMs', 'more than 0 milliseconds', reconcileTimeoutMs);
  if (!(shutdownGraceMs >= 0)) refuse('shutdownGraceMs', 'milliseconds from 0 on', shutdownGraceMs);
  if (!(releaseGraceMs >= 0)) refuse('releaseGraceMs', 'milliseconds from 0 on', releaseGraceMs);
}
