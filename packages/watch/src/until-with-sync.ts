import type { KubernetesObject, ListerWatcher } from '@client-ts/apimachinery';
import type { Indexer, SharedIndexInformerOptions } from '@client-ts/cache';
import { InformerWatcher } from './informer-watcher.js';
import { Limit, type LimitOptions } from './limit.js';
import type { ObjectEvent } from './object-event.js';
import { type Conditions, untilWithoutRetry } from './until.js';

export interface UntilWithSyncOptions<T extends KubernetesObject, I extends string>
  extends SharedIndexInformerOptions<T, I>, LimitOptions {
  /** Looks at all there is, once it is known, and says whether there is nothing to wait for. */
  readonly precondition?: ((indexer: Indexer<T, I>) => boolean | PromiseLike<boolean>) | undefined;
}

/**
 * Waits until a resource has met all conditions, on an informer of its own: begins with what is there, and goes on whatever
 * happens to the connection or to the server's history. Conditions are tried as by {@link untilWithoutRetry}: first on every
 * object that there is, as ADDED.
 *
 * Of many objects it looks at those that `tweakListOptions` asks for: `() => ({ fieldSelector: 'metadata.name=web' })`. No others
 * are sent or stored.
 *
 * Resolves with the last event, or with `undefined` when `precondition` says that there is nothing to wait for. Rejects with what
 * a condition rejects with, with `signal.reason`, or with `UntilTimeoutError`; what fails otherwise is told to `onError`. Has
 * stopped its informer when it settles.
 */
export async function untilWithSync<T extends KubernetesObject, I extends string = never>(
  source: ListerWatcher<T>,
  conditions: Conditions<T>,
  options: UntilWithSyncOptions<T, I> = {},
): Promise<ObjectEvent<T> | undefined> {
  const { precondition, signal, timeoutMs, ...informerOptions } = options;
  signal?.throwIfAborted();
  using limit = new Limit({ signal, timeoutMs, clock: options.clock });
  await using watch = new InformerWatcher<T, I>(source, informerOptions);
  const work = async (): Promise<ObjectEvent<T> | undefined> => {
    if (precondition) {
      await watch.waitForSync();
      if (await precondition(watch.indexer)) return undefined;
    }
    return untilWithoutRetry(watch, conditions);
  };
  return await limit.race(work);
}
