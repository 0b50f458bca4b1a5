export { InformerWatcher, type InformerWatcherOptions } from './informer-watcher.js';
export { type LimitOptions, UntilTimeoutError } from './limit.js';
export type { ObjectEvent } from './object-event.js';
export { RetryWatcher, type RetryWatcherOptions } from './retry-watcher.js';
export {
  type Condition,
  type Conditions,
  until,
  type UntilOptions,
  untilWithoutRetry,
  WatchClosedError,
} from './until.js';
export { untilWithSync, type UntilWithSyncOptions } from './until-with-sync.js';
