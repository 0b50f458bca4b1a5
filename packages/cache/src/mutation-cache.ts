import { type Clock, realClock } from '@client-ts/apimachinery';
import type { CachedObject } from './deep-readonly.js';
import type { DeletedObject, ResourceEventHandler } from './event-handler.js';
import { versionOf } from './has-changed.js';
import { metaNamespaceKey, type ObjectKey } from './key.js';
import { type Indexer, type Indexers, NamespaceIndex } from './store.js';
import { isNewerThan } from './version-order.js';

export interface MutationCacheOptions<T, I extends string> {
  /** Those of the indexer, as far as `byIndex` is to know what mutations have changed. */
  readonly indexers?: Indexers<T, I> | undefined;
  /** Milliseconds for which a mutation is remembered. Default: 5 minutes. */
  readonly ttlMs?: number | undefined;
  /** How many mutations are remembered; those that were used last. Default: 100. */
  readonly maxSize?: number | undefined;
  /** Also show objects that the indexer does not have. Default: false. */
  readonly includeAdds?: boolean | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

type Entry<T> = {
  readonly version: string | undefined;
  readonly uid: string | undefined;
  readonly expiresMs: number;
  /** `undefined`: it was deleted. */
  readonly object: T | undefined;
};

/**
 * client-go's MutationCache: remembers, for a while, objects as writes were answered, and gives them in place of older ones
 * of an indexer. It knows nothing of how far a watch has come, so time decides how long a mutation is believed; for informers
 * a `WriteOverlay`, which does know, is the better choice.
 *
 * Added to an informer as a handler, it takes no mutation of an object that was deleted: one that comes late would bring it back.
 *
 * Of versions that cannot be compared (KEP-5504) none is newer: the indexer's object is given.
 */
export class MutationCache<T extends CachedObject, I extends string = never> implements ResourceEventHandler<T> {
  readonly #indexer: Indexer<T, I>;
  readonly #options: MutationCacheOptions<T, I>;
  readonly #clock: Clock;
  /** Those that were used last come last. */
  readonly #entries = new Map<ObjectKey, Entry<T>>();

  constructor(indexer: Indexer<T, I>, options: MutationCacheOptions<T, I> = {}) {
    this.#indexer = indexer;
    this.#options = options;
    this.#clock = options.clock ?? realClock;
  }

  /** The server has answered that an object is like this. It is shared from then on: do not change it. Not taken when something newer is known. */
  mutation(object: T): void {
    const key = metaNamespaceKey(object);
    const { resourceVersion: version, uid } = object.metadata ?? {};
    const known = this.#entries.get(key);
    if (known && !isExpired(known, this.#clock)) {
      const ofDeleted = known.object === undefined && (known.uid === uid || !isNewerThan(version, known.version));
      if (ofDeleted || isNewerThan(known.version, version)) return;
    }
    this.#put(key, { version, uid, object });
  }

  getByKey(key: ObjectKey): T | undefined {
    const cached = this.#indexer.getByKey(key);
    if (cached !== undefined) return this.#newer(key, cached);
    return this.#options.includeAdds ? this.#use(key)?.object : undefined;
  }

  /**
   * Objects by the value of an index: those that the indexer finds and, with `includeAdds`, others whose mutation has that
   * value. One whose mutation has it no more is left out, if `indexers` has the index.
   *
   * @throws RangeError when the indexer has no such index, or with `includeAdds` when `indexers` has not.
   */
  byIndex(index: I | typeof NamespaceIndex, value: string): readonly T[] {
    const keys = this.#indexer.indexKeys(index, value);
    const { includeAdds = false } = this.#options;
    const indexers = { [NamespaceIndex]: namespaceOf, ...this.#options.indexers } as Partial<Indexers<T, string>>;
    const func = Object.hasOwn(indexers, index) ? indexers[index] : undefined;
    if (includeAdds && !func)
      throw new RangeError(`index ${JSON.stringify(index)} is not in the indexers of the mutation cache`);
    const found = keys
      .map((key) => this.getByKey(key))
      .filter((object) => object !== undefined && (!func || func(object).includes(value))) as T[];
    if (!includeAdds || !func) return found;
    const known = new Set(keys);
    // Looking through all of them is no use that keeps one longer.
    for (const [key, entry] of this.#entries) {
      if (known.has(key) || entry.object === undefined || isExpired(entry, this.#clock)) continue;
      const cached = this.#indexer.getByKey(key);
      if (cached !== undefined && !isNewerThan(entry.version, versionOf(cached))) continue;
      if (func(entry.object).includes(value)) found.push(entry.object);
    }
    return found;
  }

  onAdd(object: T): void {
    this.#newer(metaNamespaceKey(object), object);
  }

  onUpdate(_old: T, object: T): void {
    this.#newer(metaNamespaceKey(object), object);
  }

  onDelete({ key, object }: DeletedObject<T>): void {
    const { resourceVersion: version, uid } = object?.metadata ?? {};
    const known = this.#entries.get(key);
    // A later object of that name has not been deleted.
    if (known?.object !== undefined && known.uid !== uid && isNewerThan(known.version, version)) return;
    if (object === undefined) this.#entries.delete(key);
    else this.#put(key, { version, uid, object: undefined });
  }

  /** The mutation, if it is newer than `cached`; otherwise it is forgotten. */
  #newer(key: ObjectKey, cached: T): T {
    const entry = this.#use(key);
    // What says that an object was deleted is kept: mutations of it may still come.
    if (entry?.object === undefined) return cached;
    if (isNewerThan(entry.version, versionOf(cached))) return entry.object;
    this.#entries.delete(key);
    return cached;
  }

  /** Looks a mutation up, as a use of it. */
  #use(key: ObjectKey): Entry<T> | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (isExpired(entry, this.#clock)) return undefined;
    this.#entries.set(key, entry);
    return entry;
  }

  #put(key: ObjectKey, entry: Omit<Entry<T>, 'expiresMs'>): void {
    const { ttlMs = 5 * 60_000, maxSize = 100 } = this.#options;
    this.#entries.delete(key);
    this.#entries.set(key, { ...entry, expiresMs: this.#clock.now() + ttlMs });
    for (const [oldest] of this.#entries) {
      if (this.#entries.size <= maxSize) break;
      this.#entries.delete(oldest);
    }
  }
}

function isExpired({ expiresMs }: Entry<unknown>, clock: Clock): boolean {
  return clock.now() > expiresMs;
}

function namespaceOf({ metadata }: CachedObject): readonly string[] {
  return [metadata?.namespace ?? ''];
}
