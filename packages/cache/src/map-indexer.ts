import { estimateBytes } from './estimate-bytes.js';
import type { ObjectKey } from './key.js';
import type { IndexerReplacement, IndexFunc, Indexers, StoreStats, WritableIndexer } from './store.js';

/**
 * The place of one object. Indexes hold cells instead of keys: a read needs no second lookup, and an update that changes
 * no index value touches no index.
 */
interface Cell<T> {
  readonly key: ObjectKey;
  object: T;
  /** Values per index, in the order of the indexes. */
  values: (readonly string[])[];
}

const none: readonly string[] = [];

/** What has one value. */
interface IndexEntry<T> {
  readonly cells: Set<Cell<T>>;
  /** Nothing but the value: what most cells have, and share. */
  readonly alone: readonly string[];
}

interface Index<T> {
  readonly name: string;
  readonly func: IndexFunc<T>;
  readonly entries: Map<string, IndexEntry<T>>;
}

/** An index function failed on an object. The object is stored, and not found through that index. */
export class IndexError extends Error {
  override readonly name = 'IndexError';
  readonly index: string;
  readonly key: ObjectKey;

  constructor(index: string, key: ObjectKey, cause: unknown) {
    super(`index ${JSON.stringify(index)} failed on object ${JSON.stringify(key)}`, { cause });
    this.index = index;
    this.key = key;
  }
}

export interface IndexerOptions<T, I extends string> {
  readonly indexers?: Indexers<T, I> | undefined;
  /** Told of index functions that throw. Default: `console.error`. */
  readonly onError?: ((error: IndexError) => void) | undefined;
}

/** The default indexer: objects in a `Map`, indexes beside it. */
export function newIndexer<T, I extends string = never>(options: IndexerOptions<T, I> = {}): WritableIndexer<T, I> {
  return new MapIndexer<T, I>(options);
}

class MapIndexer<T, I extends string> implements WritableIndexer<T, I> {
  #indexes: Index<T>[] = [];
  readonly #onError: (error: IndexError) => void;
  #cells = new Map<ObjectKey, Cell<T>>();

  constructor({ indexers, onError = (error) => console.error(error) }: IndexerOptions<T, I>) {
    this.#onError = onError;
    if (indexers) this.addIndexers(indexers);
  }

  get size(): number {
    return this.#cells.size;
  }

  stats(): StoreStats {
    return { objects: this.size, bytes: estimateBytes(Array.from(this.#cells.values(), (cell) => cell.object)) };
  }

  getByKey(key: ObjectKey): T | undefined {
    return this.#cells.get(key)?.object;
  }

  list(): readonly T[] {
    return Array.from(this.#cells.values(), (cell) => cell.object);
  }

  listKeys(): readonly ObjectKey[] {
    return [...this.#cells.keys()];
  }

  byIndex(index: string, value: string): readonly T[] {
    return Array.from(this.#cellsOf(index, value), (cell) => cell.object);
  }

  indexKeys(index: string, value: string): readonly ObjectKey[] {
    return Array.from(this.#cellsOf(index, value), (cell) => cell.key);
  }

  indexValues(index: string): readonly string[] {
    return [...this.#indexOf(index).entries.keys()];
  }

  set(key: ObjectKey, object: T): T | undefined {
    const cell = this.#cells.get(key);
    if (!cell) {
      // Of the length that it needs: an array that grows takes room for more.
      const added: Cell<T> = { key, object, values: this.#indexes.map(() => none) };
      this.#cells.set(key, added);
      this.#indexes.forEach((index, i) => this.#reindex(added, index, i));
      return undefined;
    }
    const before = cell.object;
    cell.object = object;
    this.#indexes.forEach((index, i) => this.#reindex(cell, index, i));
    return before;
  }

  delete(key: ObjectKey): T | undefined {
    const cell = this.#cells.get(key);
    if (!cell) return undefined;
    this.#cells.delete(key);
    this.#indexes.forEach((index, i) => {
      for (const value of cell.values[i] ?? []) removeFrom(index, value, cell);
    });
    return cell.object;
  }

  replace(objects: ReadonlyMap<ObjectKey, T>): void {
    const replacement = this.startReplacement();
    for (const [key, object] of objects) replacement.set(key, object);
    replacement.commit();
  }

  /** Beside what readers see stands a second indexer; the commit takes over what it holds. */
  startReplacement(): IndexerReplacement<T> {
    const next = new MapIndexer<T, string>({ onError: this.#onError });
    for (const { name, func } of this.#indexes) next.#indexes.push({ name, func, entries: new Map() });
    return {
      set: (key, object) => void next.set(key, object),
      commit: () => {
        for (const { name, func } of this.#indexes.slice(next.#indexes.length)) next.#addIndex(name, func);
        this.#cells = next.#cells;
        this.#indexes = next.#indexes;
      },
    };
  }

  addIndexers<J extends string>(indexers: Indexers<T, J>): void {
    const names = Object.keys(indexers) as J[];
    const taken = names.find((name) => this.#indexes.some((index) => index.name === name));
    if (taken !== undefined)
      throw new RangeError(`indexer conflict: there is an index ${JSON.stringify(taken)} already`);
    for (const name of names) this.#addIndex(name, indexers[name]);
  }

  #addIndex(name: string, func: IndexFunc<T>): void {
    const index: Index<T> = { name, func, entries: new Map() };
    const position = this.#indexes.push(index) - 1;
    for (const cell of this.#cells.values()) this.#reindex(cell, index, position);
  }

  #reindex(cell: Cell<T>, index: Index<T>, position: number): void {
    const before = cell.values[position] ?? [];
    const after = this.#valuesOf(cell, index);
    if (before.length === after.length && before.every((value, i) => value === after[i])) return;
    for (const value of before) removeFrom(index, value, cell);
    cell.values[position] = after;
    for (const value of after) {
      let entry = index.entries.get(value);
      if (!entry) index.entries.set(value, (entry = { cells: new Set(), alone: [value] }));
      entry.cells.add(cell);
      if (after.length === 1) cell.values[position] = entry.alone;
    }
  }

  #valuesOf(cell: Cell<T>, index: Index<T>): readonly string[] {
    try {
      const values: unknown = index.func(cell.object);
      if (!Array.isArray(values)) throw new TypeError(`the index function returned ${typeof values}, not an array`);
      return values as readonly string[];
    } catch (cause) {
      this.#onError(new IndexError(index.name, cell.key, cause));
      return [];
    }
  }

  #cellsOf(name: string, value: string): Iterable<Cell<T>> {
    return this.#indexOf(name).entries.get(value)?.cells ?? [];
  }

  #indexOf(name: string): Index<T> {
    const index = this.#indexes.find((candidate) => candidate.name === name);
    if (!index) throw new RangeError(`index with name ${JSON.stringify(name)} does not exist`);
    return index;
  }
}

function removeFrom<T>(index: Index<T>, value: string, cell: Cell<T>): void {
  const cells = index.entries.get(value)?.cells;
  cells?.delete(cell);
  if (cells?.size === 0) index.entries.delete(value);
}
