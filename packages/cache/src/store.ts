import type { ObjectKey } from './key.js';

/**
 * Objects by key. What is read is shared and must not be changed.
 *
 * An implementation may keep objects in any form; `T` is what it gives back.
 */
export interface Store<T> {
  /** What the store holds, and takes. Left out by stores that cannot tell. */
  stats?(): StoreStats;
  getByKey(key: ObjectKey): T | undefined;
  list(): readonly T[];
  listKeys(): readonly ObjectKey[];
  readonly size: number;
}

export interface StoreStats {
  readonly objects: number;
  /**
   * Memory for the objects, in bytes, without keys and indexes. `newCompactIndexer` knows it; `newIndexer` looks at a hundred
   * objects and estimates it from what V8 takes for objects, arrays and strings.
   */
  readonly bytes: number;
}

/** Values under which an index finds an object. */
export type IndexFunc<T> = (object: T) => readonly string[];

export type Indexers<T, I extends string> = { readonly [Name in I]: IndexFunc<T> };

/** Name of the index that every informer has. */
export const NamespaceIndex = 'namespace';

/** A store that also finds objects by the values of indexes. */
export interface Indexer<T, I extends string = never> extends Store<T> {
  /** @throws RangeError when there is no such index. */
  byIndex(index: I | typeof NamespaceIndex, value: string): readonly T[];
  /** @throws RangeError when there is no such index. */
  indexKeys(index: I | typeof NamespaceIndex, value: string): readonly ObjectKey[];
  /** The values that find something, in any order: of `namespace`, those that have objects. @throws RangeError as above. */
  indexValues(index: I | typeof NamespaceIndex): readonly string[];
}

/** A list that is not yet to be seen. */
export interface IndexerReplacement<T> {
  set(key: ObjectKey, object: T): void;
  /** From here on readers see what was set, and nothing else. */
  commit(): void;
}

/**
 * What an informer writes to. The pluggable part: an implementation decides how objects are kept, and is proven by
 * `indexerCases`.
 */
export interface WritableIndexer<T, I extends string = never> extends Indexer<T, I> {
  /** Adds or replaces; returns what was there before. */
  set(key: ObjectKey, object: T): T | undefined;
  /** Returns what was there. */
  delete(key: ObjectKey): T | undefined;
  /** All at once: no reader sees a mixture. */
  replace(objects: ReadonlyMap<ObjectKey, T>): void;
  /**
   * The same, prepared object by object beside what readers see, so that a large list holds up nobody. Left out by indexers
   * that can do nothing but `replace`. Nothing else is written before its commit; one that is dropped leaves no trace.
   */
  startReplacement?(): IndexerReplacement<T>;
  /** @throws RangeError when an index of that name exists. */
  addIndexers<J extends string>(indexers: Indexers<T, J>): void;
}
