import type { KubernetesObject, Lister } from '@client-ts/apimachinery';
import { eachListItem } from '@client-ts/pager';
import type { CachedObject } from './deep-readonly.js';
import { versionOf } from './has-changed.js';
import { metaNamespaceKey, type ObjectKey } from './key.js';
import type { OverlaidCache } from './write-overlay.js';
import { isNewerThan } from './version-order.js';

/** An object that a cache has in another state than the server had at that version. */
export interface Inconsistency {
  readonly key: ObjectKey;
  /** Version of the state that is cached; `undefined`: it is not there. */
  readonly cached: string | undefined;
  /** Version of the state that the server lists; `undefined`: it is not there. */
  readonly listed: string | undefined;
}

/**
 * Holds a cache to the server: lists what there was at the very version that the cache is as of, and resolves with what differs;
 * with nothing, if all is well. client-go's consistency detector, to be called when and as often as you like: a list that is
 * answered by etcd, page by page.
 *
 * The cache may just be taking the next changes, so what differs is looked at once more: found is what differs both times.
 *
 * Rejects with what a list rejects with, such as Expired when the server remembers no such version any more, and with an Error
 * when the cache holds no list.
 *
 * @param source - lists what the cache was filled with: the same namespace, the same selectors.
 */
export async function findInconsistencies<T extends CachedObject>(
  cache: OverlaidCache<T>,
  source: Lister<KubernetesObject>,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<readonly Inconsistency[]> {
  const suspects = await compare(cache, source, signal);
  if (suspects.size === 0) return [];
  const confirmed = await compare(cache, source, signal);
  return [...confirmed.values()].filter(({ key }) => suspects.has(key));
}

async function compare<T extends CachedObject>(
  cache: OverlaidCache<T>,
  source: Lister<KubernetesObject>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<ObjectKey, Inconsistency>> {
  const resourceVersion = cache.lastSyncResourceVersion();
  if (resourceVersion === '') throw new Error('there is nothing to compare: the cache holds no list');
  const unlisted = new Map(cache.indexer.listKeys().map((key) => [key, versionAt(cache, key)]));
  const found = new Map<ObjectKey, Inconsistency>();
  const note = (key: ObjectKey, cached: string | undefined, listed: string | undefined): void => {
    // What came after that version is no business of this list.
    if (cached !== listed && !isNewerThan(cached, resourceVersion)) found.set(key, { key, cached, listed });
  };
  const options = { resourceVersion, resourceVersionMatch: 'Exact', dropManagedFields: true, signal } as const;
  for await (const object of eachListItem(source, options)) {
    const key = metaNamespaceKey(object);
    note(key, unlisted.get(key), object.metadata?.resourceVersion);
    unlisted.delete(key);
  }
  for (const [key, cached] of unlisted) note(key, cached, undefined);
  return found;
}

function versionAt<T extends CachedObject>({ indexer }: OverlaidCache<T>, key: ObjectKey): string | undefined {
  const object = indexer.getByKey(key);
  return object && versionOf(object);
}
