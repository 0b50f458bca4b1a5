import type { KubernetesObject, ListerWatcher, Watch } from '@client-ts/apimachinery';
import { Limit, type LimitOptions } from './limit.js';
import type { ObjectEvent } from './object-event.js';
import { RetryWatcher, type RetryWatcherOptions } from './retry-watcher.js';

/** Whether what was waited for has happened. What it throws ends the wait. */
export type Condition<T> = (event: ObjectEvent<T>) => boolean | PromiseLike<boolean>;

/** One condition, or several that are to be met one after the other. */
export type Conditions<T> = Condition<T> | readonly Condition<T>[];

/** The watch ended before all conditions were met. */
export class WatchClosedError extends Error {
  override readonly name = 'WatchClosedError';
}

/**
 * Waits until the events of a watch have met all conditions, one after the other: each is tried first on the event that met
 * the one before, and then on new ones. Bookmarks are not shown to them. Resolves with the last event; with `undefined` when
 * there are no conditions.
 *
 * Rejects with what the watch or a condition rejects with, with {@link WatchClosedError}, with `signal.reason`, or with
 * `UntilTimeoutError`. The watch is closed, however it ends.
 */
export async function untilWithoutRetry<T>(
  watch: Watch<T>,
  conditions: Conditions<T>,
  options: LimitOptions = {},
): Promise<ObjectEvent<T> | undefined> {
  using limit = new Limit(options);
  try {
    return await limit.race(() => meet(watch, typeof conditions === 'function' ? [conditions] : conditions));
  } finally {
    await watch[Symbol.asyncDispose]();
  }
}

export interface UntilOptions extends RetryWatcherOptions, Pick<LimitOptions, 'timeoutMs'> {}

/**
 * The same for the changes of a resource after `resourceVersion`, watched with a {@link RetryWatcher}: the wait goes on when the
 * server ends the watch, or the connection breaks.
 */
export async function until<T extends KubernetesObject>(
  source: Pick<ListerWatcher<T>, 'watch'>,
  conditions: Conditions<T>,
  { signal, timeoutMs, ...options }: UntilOptions,
): Promise<ObjectEvent<T> | undefined> {
  const watch = new RetryWatcher<T>(source, options);
  return untilWithoutRetry(watch, conditions, { signal, timeoutMs, clock: options.clock });
}

async function meet<T>(watch: Watch<T>, conditions: readonly Condition<T>[]): Promise<ObjectEvent<T> | undefined> {
  let left = conditions;
  if (left.length === 0) return undefined;
  for await (const event of watch) {
    if (event.type === 'BOOKMARK') continue;
    while (left[0] && (await left[0](event))) left = left.slice(1);
    if (left.length === 0) return event;
  }
  const count =
    conditions.length === 1 ? 'its condition was' : `${left.length} of ${conditions.length} conditions were`;
  throw new WatchClosedError(`the watch ended before ${count} met`);
}
