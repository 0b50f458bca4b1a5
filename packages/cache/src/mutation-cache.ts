import { type Clock, realClock } from '@client-ts/apimachinery';
import type { CachedObject } from './deep-readonly.js';
import type { DeletedObject, ResourceEventHandler } from './event-handler.js';
import { versionOf } from './has-changed.js';
import { metaNamespaceKey, type ObjectKey } from './key.js';
import { metaNamespaceIndex } from './meta-namespace-index.js';
import { RecentValues } from './recent-values.js';
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

/** The object that was deleted last under a name. */
interface Deletion {
  readonly version: string | undefined;
  readonly uid: string | undefined;
}

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
  readonly #mutations: RecentValues<T>;
  /** Apart from mutations, which many deletions would crowd out. */
  readonly #deletions: RecentValues<Deletion>;

  constructor(indexer: Indexer<T, I>, options: MutationCacheOptions<T, I> = {}) {
    this.#indexer = indexer;
    this.#options = options;
    const { ttlMs = 5 * 60_000, maxSize = 100, clock = realClock } = options;
    this.#mutations = new RecentValues({ ttlMs, maxSize, clock });
    this.#deletions = new RecentValues({ ttlMs, maxSize, clock });
  }

  /**
   * The server has answered that an object is like this. Not taken when something newer is known. It is shared from then on: do
   * not change it.
   */
  mutation(object: T): void {
    const key = metaNamespaceKey(object);
    const version = versionOf(object);
    const known = this.#mutations.get(key);
    if (known && isNewerThan(versionOf(known), version)) return;
    const deletion = this.#deletions.get(key);
    if (deletion && (deletion.uid === object.metadata?.uid || !isNewerThan(version, deletion.version))) return;
    this.#mutations.set(key, object);
  }

  getByKey(key: ObjectKey): T | undefined {
    const cached = this.#indexer.getByKey(key);
    if (cached !== undefined) return this.#newer(key, cached);
    return this.#options.includeAdds ? this.#mutations.get(key) : undefined;
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
    const indexers = { [NamespaceIndex]: metaNamespaceIndex, ...this.#options.indexers } as Partial<
      Indexers<T, string>
    >;
    const func = Object.hasOwn(indexers, index) ? indexers[index] : undefined;
    if (includeAdds && !func)
      throw new RangeError(`index ${JSON.stringify(index)} is not in the indexers of the mutation cache`);
    const found = keys
      .map((key) => this.getByKey(key))
      .filter((object) => object !== undefined && (!func || func(object).includes(value))) as T[];
    if (!includeAdds || !func) return found;
    const known = new Set(keys);
    for (const [key, mutation] of this.#mutations) {
      if (known.has(key) || !func(mutation).includes(value)) continue;
      const cached = this.#indexer.getByKey(key);
      if (cached === undefined || isNewerThan(versionOf(mutation), versionOf(cached))) found.push(mutation);
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
    const mutation = this.#mutations.get(key);
    if (object === undefined) return this.#mutations.delete(key);
    const deletion = { version: versionOf(object), uid: object.metadata?.uid };
    this.#deletions.set(key, deletion);
    // A later object of that name has not been deleted.
    const isLater =
      mutation?.metadata?.uid !== deletion.uid && isNewerThan(mutation && versionOf(mutation), deletion.version);
    if (!isLater) this.#mutations.delete(key);
  }

  /** The mutation, if it is newer than `cached`; otherwise it is forgotten. */
  #newer(key: ObjectKey, cached: T): T {
    const mutation = this.#mutations.get(key);
    if (!mutation) return cached;
    if (isNewerThan(versionOf(mutation), versionOf(cached))) return mutation;
    this.#mutations.delete(key);
    return cached;
  }
}
