import type { KubernetesObject } from '@client-ts/apimachinery';
import { ByteArena, bytesAt } from './byte-arena.js';
import { CompactObject, type CompactRecord } from './compact-object.js';
import type { ObjectKey } from './key.js';
import { type IndexerOptions, newIndexer } from './map-indexer.js';
import type { IndexerReplacement, IndexFunc, Indexers, StoreStats, WritableIndexer } from './store.js';

/**
 * An indexer that keeps objects as the bytes that came, outside the heap: some 300 bytes of heap for each object, whatever
 * its size, and at most 1.25 times its bytes beside it. Index functions that look at metadata only cost no decoding of the
 * rest; those that call `object()` decode it once for all of them.
 *
 * Each read gives a new `CompactObject`, and each call of its `object()` a new object: nothing that was decoded is kept, and
 * nobody can change what the store has. For lists that are read often in whole, plain objects are the better store.
 */
export function newCompactIndexer<T extends KubernetesObject, I extends string = never>(
  options: IndexerOptions<CompactObject<T>, I> = {},
): WritableIndexer<CompactObject<T>, I> {
  return new CompactIndexer<T>(options);
}

class CompactIndexer<T extends KubernetesObject> implements WritableIndexer<CompactObject<T>, string> {
  readonly #records: WritableIndexer<CompactRecord<T>, string>;
  #arena = new ByteArena();
  /** What index functions look at now. */
  #indexed: { readonly record: CompactRecord<T>; readonly object: CompactObject<T> } | undefined;

  constructor({ indexers, onError }: IndexerOptions<CompactObject<T>, string>) {
    this.#records = newIndexer<CompactRecord<T>, string>({ onError });
    if (indexers) this.addIndexers(indexers);
  }

  get size(): number {
    return this.#records.size;
  }

  /** Exact, but for what the keys and indexes take on the heap. */
  stats(): StoreStats {
    return { objects: this.size, bytes: this.#arena.allocatedBytes };
  }

  getByKey(key: ObjectKey): CompactObject<T> | undefined {
    return objectOf(this.#records.getByKey(key));
  }

  list(): readonly CompactObject<T>[] {
    return this.#records.list().map((record) => new CompactObject(record));
  }

  listKeys(): readonly ObjectKey[] {
    return this.#records.listKeys();
  }

  byIndex(index: string, value: string): readonly CompactObject<T>[] {
    return this.#records.byIndex(index, value).map((record) => new CompactObject(record));
  }

  indexKeys(index: string, value: string): readonly ObjectKey[] {
    return this.#records.indexKeys(index, value);
  }

  indexValues(index: string): readonly string[] {
    return this.#records.indexValues(index);
  }

  set(key: ObjectKey, object: CompactObject<T>): CompactObject<T> | undefined {
    const given = CompactObject.recordOf(object);
    // As when an object is handled again that has not changed.
    if (given.kept && this.#records.getByKey(key) === given) return objectOf(given);
    const record = this.#keep(this.#arena, object);
    return this.#released(this.#whileIndexing(record, object, () => this.#records.set(key, record)));
  }

  delete(key: ObjectKey): CompactObject<T> | undefined {
    return this.#released(this.#records.delete(key));
  }

  replace(objects: ReadonlyMap<ObjectKey, CompactObject<T>>): void {
    const replacement = this.startReplacement();
    for (const [key, object] of objects) replacement.set(key, object);
    replacement.commit();
  }

  /** In an arena of its own: nothing has to be given back, one by one, of what was before, or of a list that is dropped. */
  startReplacement(): IndexerReplacement<CompactObject<T>> {
    const records = this.#records.startReplacement!();
    const arena = new ByteArena();
    return {
      set: (key, object) => {
        const record = this.#keep(arena, object);
        this.#whileIndexing(record, object, () => records.set(key, record));
      },
      commit: () => {
        records.commit();
        this.#arena = arena;
      },
    };
  }

  addIndexers<J extends string>(indexers: Indexers<CompactObject<T>, J>): void {
    const names = Object.keys(indexers) as J[];
    const ofRecords = names.map((name) => [name, this.#ofRecords(indexers[name])] as const);
    this.#records.addIndexers(Object.fromEntries(ofRecords) as Indexers<CompactRecord<T>, J>);
    this.#indexed = undefined;
  }

  /** What is kept already, here or in another store, stays as it is there. */
  #keep(arena: ByteArena, object: CompactObject<T>): CompactRecord<T> {
    const given = CompactObject.recordOf(object);
    const record = given.kept ? { ...given } : given;
    arena.put(record, bytesAt(given));
    return record;
  }

  #released(record: CompactRecord<T> | undefined): CompactObject<T> | undefined {
    if (record) this.#arena.release(record);
    return objectOf(record);
  }

  #whileIndexing<R>(record: CompactRecord<T>, { metadata }: CompactObject<T>, index: () => R): R {
    this.#indexed = { record, object: new IndexedObject(record, metadata) };
    const result = index();
    this.#indexed = undefined;
    return result;
  }

  #ofRecords(func: IndexFunc<CompactObject<T>>): IndexFunc<CompactRecord<T>> {
    return (record) => {
      if (this.#indexed?.record !== record) this.#indexed = { record, object: new IndexedObject(record) };
      return func(this.#indexed.object);
    };
  }
}

/** Decodes once for all index functions that look at it. */
class IndexedObject<T extends KubernetesObject> extends CompactObject<T> {
  #object: T | undefined;

  override object(): T {
    this.#object ??= super.object();
    return this.#object;
  }
}

function objectOf<T extends KubernetesObject>(record: CompactRecord<T> | undefined): CompactObject<T> | undefined {
  return record && new CompactObject(record);
}
