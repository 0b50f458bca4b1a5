import type { KubernetesObject } from '@client-ts/apimachinery';
import { newAdmission } from './admission.js';
import type { CachedObject } from './deep-readonly.js';
import { CacheError, type CacheErrorHandler, newErrorReporter } from './error-handler.js';
import { versionOf } from './has-changed.js';
import { metaNamespaceKey, type ObjectKey, splitMetaNamespaceKey } from './key.js';
import { newIndexer } from './map-indexer.js';
import { metaNamespaceIndex } from './meta-namespace-index.js';
import { type Indexer, type Indexers, NamespaceIndex, type WritableIndexer } from './store.js';
import { isAsNewAs, isComparableVersion } from './version-order.js';

/** What an overlay is laid over; every informer is one. */
export interface OverlaidCache<T> {
  readonly indexer: Indexer<T, string>;
  /** All changes up to this version are in the indexer; `""` when it holds no list. */
  lastSyncResourceVersion(): string;
}

export interface WriteOverlayOptions<T, I extends string, In = T> {
  /** Those of the cache, as far as the overlay is read by them. `namespace` is always there. */
  readonly indexers?: Indexers<T, I> | undefined;
  /** What the cache makes of an object before it stores it: its `transform`, or its `project`. */
  readonly project?: ((object: In) => T) | undefined;
  /** Show `metadata.managedFields`, as a cache does that keeps them. Default: false, as of an informer factory. */
  readonly keepManagedFields?: boolean | undefined;
  /** Whether the cache would hold an object, when it is one of a namespace, or of what a selector selects. Default: it holds all. */
  readonly belongs?: ((object: In) => boolean) | undefined;
  /** Freeze what is shown. Default: as by an informer. */
  readonly freeze?: boolean | undefined;
  /** Told of functions above that throw: the write is then seen when the watch brings it. Default: `console.error`. */
  readonly onError?: CacheErrorHandler | undefined;
}

interface RecordedList {
  readonly namespace: string | undefined;
  readonly there: ReadonlySet<ObjectKey>;
  /** The cache had reached this version when the list was recorded. */
  readonly since: string;
  readonly version: string;
}

/**
 * A view of a cache in which a reader finds what he wrote, at once: what the server answered to a write is shown until the
 * watch has brought the same, or something newer. No reader waits; who wants to waits with `informer.freshAs`.
 *
 * - No state is shown that is older than one that was recorded for the same object.
 * - Nothing that was recorded outlives the watch: once the cache has reached its version, by a change, a bookmark or a list,
 *   the cache alone says what there is. So an object that somebody else deleted in the meantime does not linger. The same when
 *   the resource is gone, or the server has come back from a backup with versions that are lower.
 * - What is held is what was written since the version that the cache has reached.
 *
 * Versions tell what is newer (KEP-5504), also of an object that was deleted and created again. Those of a server that does
 * not number them are not compared: its objects are seen when the watch brings them, as without an overlay.
 *
 * Handlers of the informer are not told earlier. Several replicas, or clients, may record into one overlay.
 *
 * @typeParam In - what clients write, where `project` makes something else of it.
 */
export class WriteOverlay<
  T extends CachedObject,
  I extends string = never,
  In extends CachedObject = T,
> implements Indexer<T, I> {
  readonly #cache: OverlaidCache<T>;
  readonly #admit: (object: In) => T | undefined;
  readonly #belongs: (object: In) => boolean;
  readonly #keepManagedFields: boolean;
  readonly #onError: CacheErrorHandler;
  /** Version of the newest state that was recorded for a key; roughly in the order of versions. */
  readonly #versions = new Map<ObjectKey, string>();
  /** That state, unless the object was gone. */
  readonly #written: WritableIndexer<T, string>;
  /** Lists that were recorded: what else the cache shows, and did not when they were, is gone. */
  #lists: RecordedList[] = [];
  /** The newest version of the cache that was ever seen. */
  #reached = '';

  constructor(cache: OverlaidCache<T>, options: WriteOverlayOptions<T, I, In> = {}) {
    const { indexers, belongs = () => true, keepManagedFields = false, onError } = options;
    this.#cache = cache;
    this.#belongs = belongs;
    this.#keepManagedFields = keepManagedFields;
    this.#onError = newErrorReporter(onError);
    this.#admit = newAdmission<T, In>('what was written', options, this.#onError);
    this.#written = newIndexer<T, string>({
      indexers: { [NamespaceIndex]: metaNamespaceIndex },
      onError: ({ message, cause, key }) => this.#onError(new CacheError('index', message, cause, key)),
    });
    if (indexers) this.#written.addIndexers<string>(indexers);
  }

  /** How many objects are held; few besides those of which the cache is behind. */
  get pending(): number {
    this.#catchUp();
    return this.#versions.size;
  }

  /** The server has answered that an object is like this. A copy is kept, unless something newer is known. */
  record(object: In): void {
    const version = object.metadata?.resourceVersion;
    if (version === undefined) return;
    const key = metaNamespaceKey(object);
    if (!this.#isNews(key, version)) return;
    try {
      if (!this.#belongs(object)) return this.#put(key, version, undefined);
    } catch (error) {
      return this.#onError(new CacheError('transform', 'what was written: cannot tell whether it belongs', error, key));
    }
    const taken = this.#admit(this.#copy(object));
    if (taken !== undefined) this.#put(key, version, taken);
  }

  /** As of this version, such as that of a list, or of a DELETED event, there is no object of that key. */
  recordGone(key: ObjectKey, resourceVersion: string): void {
    this.#put(key, resourceVersion, undefined);
  }

  /** As of this version, such as that of a list, there are no other objects than these: in a namespace, or anywhere. */
  recordAll(objects: readonly In[], resourceVersion: string, namespace?: string): void {
    this.#catchUp();
    if (!isComparableVersion(resourceVersion) || isAsNewAs(this.#reached, resourceVersion)) return;
    for (const object of objects) this.record(object);
    const there = new Set(objects.map((object) => metaNamespaceKey(object)));
    // Also what is known to be gone as of an older version: it may have come and gone again since.
    for (const key of [...this.listKeys(), ...this.#versions.keys()])
      if (!there.has(key) && isIn(namespace, key)) this.recordGone(key, resourceVersion);
    this.#lists.push({ namespace, there, since: this.#reached, version: resourceVersion });
  }

  getByKey(key: ObjectKey): T | undefined {
    this.#catchUp();
    return this.#isAhead(key) ? this.#written.getByKey(key) : this.#cache.indexer.getByKey(key);
  }

  list(): readonly T[] {
    const { indexer } = this.#cache;
    const ahead = this.#ahead();
    if (ahead.size === 0) return indexer.list();
    return this.#objectsOf(ahead, mergeKeys(ahead, indexer.listKeys(), this.#written.listKeys()));
  }

  listKeys(): readonly ObjectKey[] {
    return mergeKeys(this.#ahead(), this.#cache.indexer.listKeys(), this.#written.listKeys());
  }

  byIndex(index: I | typeof NamespaceIndex, value: string): readonly T[] {
    const { indexer } = this.#cache;
    // Asked whatever is ahead: an index that only one of them has is no index here.
    const written = this.#written.indexKeys(index, value);
    const ahead = this.#ahead();
    if (ahead.size === 0) return indexer.byIndex(index, value);
    return this.#objectsOf(ahead, mergeKeys(ahead, indexer.indexKeys(index, value), written));
  }

  indexKeys(index: I | typeof NamespaceIndex, value: string): readonly ObjectKey[] {
    const written = this.#written.indexKeys(index, value);
    return mergeKeys(this.#ahead(), this.#cache.indexer.indexKeys(index, value), written);
  }

  indexValues(index: I | typeof NamespaceIndex): readonly string[] {
    const values = new Set([...this.#cache.indexer.indexValues(index), ...this.#written.indexValues(index)]);
    return [...values].filter((value) => this.indexKeys(index, value).length > 0);
  }

  get size(): number {
    let size = this.#cache.indexer.size;
    for (const key of this.#ahead()) {
      const [cached, written] = [this.#cache.indexer.getByKey(key), this.#written.getByKey(key)];
      size += Number(written !== undefined) - Number(cached !== undefined);
    }
    return size;
  }

  /** Who wrote an object goes on with the answer, and may change it for the next write. */
  #copy(object: In): In {
    const copy = structuredClone(object);
    if (!this.#keepManagedFields) delete (copy as KubernetesObject).metadata?.managedFields;
    return copy;
  }

  #isNews(key: ObjectKey, version: string): boolean {
    this.#catchUp();
    const known = this.#versions.get(key);
    if (!isComparableVersion(version) || isAsNewAs(this.#reached, version) || isAsNewAs(known, version)) return false;
    return this.#listsWithout(key, version).length === 0;
  }

  #put(key: ObjectKey, version: string, object: T | undefined): void {
    if (!this.#isNews(key, version)) return;
    // Moved to the end, where the newest versions are.
    this.#versions.delete(key);
    this.#versions.set(key, version);
    if (object === undefined) this.#written.delete(key);
    else this.#written.set(key, object);
  }

  /** Forgets what the cache has reached, as far as it was recorded in order: an answer that came late goes with those before it. */
  #catchUp(): void {
    const reached = this.#cache.lastSyncResourceVersion();
    if (reached === this.#reached) return;
    const startsAnew = this.#reached !== '' && !isAsNewAs(reached, this.#reached);
    this.#reached = reached;
    if (this.#lists.length > 0)
      this.#lists = startsAnew ? [] : this.#lists.filter(({ version }) => !isAsNewAs(reached, version));
    for (const [key, version] of this.#versions) {
      if (!startsAnew && !isAsNewAs(reached, version)) return;
      this.#versions.delete(key);
      this.#written.delete(key);
    }
  }

  #isAhead(key: ObjectKey): boolean {
    const version = this.#versions.get(key);
    if (version === undefined) return this.#isUnlisted(key);
    if (isAsNewAs(this.#reached, version)) return false;
    const cached = this.#cache.indexer.getByKey(key);
    return !isAsNewAs(cached && versionOf(cached), version);
  }

  /** Whether the cache shows an object that came after it was last looked at, and was gone by a list that was recorded then. */
  #isUnlisted(key: ObjectKey): boolean {
    if (this.#lists.length === 0) return false;
    const cached = this.#cache.indexer.getByKey(key);
    const shown = cached && versionOf(cached);
    return this.#listsWithout(key, shown).some(({ since }) => !isAsNewAs(since, shown));
  }

  /** Those as new as a version in which there is no such object. */
  #listsWithout(key: ObjectKey, version: string | undefined): readonly RecordedList[] {
    return this.#lists.filter(
      (list) => isIn(list.namespace, key) && !list.there.has(key) && isAsNewAs(list.version, version),
    );
  }

  /** Keys of which the cache shows an older state. */
  #ahead(): ReadonlySet<ObjectKey> {
    this.#catchUp();
    const ahead = new Set<ObjectKey>();
    for (const key of this.#versions.keys()) if (this.#isAhead(key)) ahead.add(key);
    if (this.#lists.length === 0) return ahead;
    for (const key of this.#cache.indexer.listKeys()) if (this.#isAhead(key)) ahead.add(key);
    return ahead;
  }

  #objectsOf(ahead: ReadonlySet<ObjectKey>, keys: readonly ObjectKey[]): readonly T[] {
    const { indexer } = this.#cache;
    return keys
      .map((key) => (ahead.has(key) ? this.#written : indexer).getByKey(key))
      .filter((object) => object !== undefined);
  }
}

function isIn(namespace: string | undefined, key: ObjectKey): boolean {
  return !namespace || splitMetaNamespaceKey(key).namespace === namespace;
}

/** Keys of the cache, as far as nothing is ahead of them, and of what is. */
function mergeKeys(
  ahead: ReadonlySet<ObjectKey>,
  cached: readonly ObjectKey[],
  written: readonly ObjectKey[],
): readonly ObjectKey[] {
  if (ahead.size === 0) return cached;
  return [...cached.filter((key) => !ahead.has(key)), ...written.filter((key) => ahead.has(key))];
}
