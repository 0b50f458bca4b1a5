import type { BackoffOptions, Clock } from '@client-ts/apimachinery';
import type { CacheMeter } from './cache-meter.js';
import type { CacheErrorHandler } from './error-handler.js';
import type { HealthHandler } from './health.js';
import type { TweakListOptions } from './tweaked-source.js';

export interface ReflectorOptions {
  /** For error messages. Default: `objects`. */
  readonly name?: string | undefined;
  /** Ask for the initial state as a stream of events, where the server can. Default: true. */
  readonly watchList?: boolean | undefined;
  /**
   * Objects in each request of a list; a whole number from 1 on. Pages are read from etcd, and not from the cache of kube-apiserver.
   * Default: 500 for what has to be, or may be, read from there anyway, and everything at once as of a version that the cache
   * has.
   */
  readonly pageSize?: number | undefined;
  /**
   * Watches are asked to end after a random time from this to its double, so that servers can shed load; at least 1000 ms. Less
   * than the default is for proxies that cut long answers off. Default: 5 minutes.
   */
  readonly minWatchTimeoutMs?: number | undefined;
  /**
   * Pauses after failures, which begin anew after two minutes without one; the first is longer than 0. What a server asks for with
   * `Retry-After` is a minimum. Default: 0.8 seconds, twice as long each time up to 30, lengthened by chance by up to as much
   * again.
   */
  readonly backoff?: BackoffOptions | undefined;
  /**
   * For so long, from the first InternalError (500) on with which a watch is refused or ends, it is asked for again from where it was;
   * after that, a list is. A minute without one begins it anew. For servers whose storage fails for moments, and where a list is
   * dear. Default: 0, as client-go's `MaxInternalErrorRetryDuration`: a list, at once.
   */
  readonly maxInternalErrorRetryMs?: number | undefined;
  /** Gives options that replace those of every list and watch, such as a selector. */
  readonly tweakListOptions?: TweakListOptions | undefined;
  readonly clock?: Clock | undefined;
  /**
   * Asked after each change that was given to the store: no more is read before what it returns has resolved. Default: the
   * store has always room.
   */
  readonly room?: (() => Promise<void> | undefined) | undefined;
  /** Told of every failure. Default: `console.error`. */
  readonly onError?: CacheErrorHandler | undefined;
  /** Told whenever the state of its health has changed, or a request has failed. */
  readonly onHealth?: HealthHandler | undefined;
  /** What it does is counted here: `cacheMetrics(provider)`. Default: nowhere. */
  readonly metrics?: CacheMeter | undefined;
}

/** @throws RangeError that names the option. */
export function expectSound(options: ReflectorOptions): void {
  const { pageSize = 1, minWatchTimeoutMs = 1000, maxInternalErrorRetryMs = 0, backoff } = options;
  if (!(Number.isInteger(pageSize) && pageSize >= 1))
    throw new RangeError(`pageSize must be a whole number from 1 on, got ${pageSize}`);
  if (!(minWatchTimeoutMs >= 1000 && minWatchTimeoutMs < Infinity))
    throw new RangeError(`minWatchTimeoutMs must be at least 1000, and finite, got ${minWatchTimeoutMs}`);
  if (!(maxInternalErrorRetryMs >= 0))
    throw new RangeError(`maxInternalErrorRetryMs must be at least 0, got ${maxInternalErrorRetryMs}`);
  // Without a pause, whatever refuses everything would be asked in a busy loop.
  if (backoff && !(backoff.durationMs > 0))
    throw new RangeError(`backoff.durationMs must be greater than 0, got ${backoff.durationMs}`);
}
