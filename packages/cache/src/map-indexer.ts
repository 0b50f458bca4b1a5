import { estimateBytes } from './estimate-bytes.js';
import { IndexPostings, type Slot } from './index-postings.js';
import type { ObjectKey } from './key.js';
import type { IndexerReplacement, IndexFunc, Indexers, StoreStats, WritableIndexer } from './store.js';

interface Index<T> {
  readonly name: string;
  readonly func: IndexFunc<T>;
  readonly postings: IndexPostings;
}

/** Objects and their keys have numbers, by which indexes name them: a read needs no second lookup. */
interface Table<T> {
  readonly slots: Map<ObjectKey, Slot>;
  readonly keys: (ObjectKey | undefined)[];
  readonly objects: (T | undefined)[];
  /** Slots whose objects have gone. */
  readonly free: Slot[];
  readonly indexes: Index<T>[];
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
  readonly #onError: (error: IndexError) => void;
  #table: Table<T> = newTable([]);

  constructor({ indexers, onError = (error) => console.error(error) }: IndexerOptions<T, I>) {
    this.#onError = onError;
    if (indexers) this.addIndexers(indexers);
  }

  get size(): number {
    return this.#table.slots.size;
  }

  stats(): StoreStats {
    return { objects: this.size, bytes: estimateBytes(this.list()) };
  }

  getByKey(key: ObjectKey): T | undefined {
    const { slots, objects } = this.#table;
    const slot = slots.get(key);
    return slot === undefined ? undefined : objects[slot];
  }

  list(): readonly T[] {
    const { slots, objects } = this.#table;
    return Array.from(slots.values(), (slot) => objects[slot]!);
  }

  listKeys(): readonly ObjectKey[] {
    return [...this.#table.slots.keys()];
  }

  byIndex(index: string, value: string): readonly T[] {
    const { objects } = this.#table;
    return this.#slotsOf(index, value).map((slot) => objects[slot]!);
  }

  indexKeys(index: string, value: string): readonly ObjectKey[] {
    const { keys } = this.#table;
    return this.#slotsOf(index, value).map((slot) => keys[slot]!);
  }

  indexValues(index: string): readonly string[] {
    return this.#indexOf(index).postings.values();
  }

  set(key: ObjectKey, object: T): T | undefined {
    const { slots, keys, objects, free, indexes } = this.#table;
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = free.pop() ?? keys.length;
      slots.set(key, slot);
      keys[slot] = key;
      objects[slot] = undefined;
    }
    const before = objects[slot];
    objects[slot] = object;
    for (const { name, func, postings } of indexes) postings.set(slot, this.#valuesOf(key, object, name, func));
    return before;
  }

  delete(key: ObjectKey): T | undefined {
    const { slots, keys, objects, free, indexes } = this.#table;
    const slot = slots.get(key);
    if (slot === undefined) return undefined;
    const before = objects[slot];
    for (const { postings } of indexes) postings.delete(slot);
    slots.delete(key);
    keys[slot] = undefined;
    objects[slot] = undefined;
    free.push(slot);
    return before;
  }

  replace(objects: ReadonlyMap<ObjectKey, T>): void {
    const replacement = this.startReplacement();
    for (const [key, object] of objects) replacement.set(key, object);
    replacement.commit();
  }

  /** Beside what readers see stands a second indexer; the commit takes over what it holds. */
  startReplacement(): IndexerReplacement<T> {
    const next = new MapIndexer<T, string>({ onError: this.#onError });
    next.#table = newTable(this.#table.indexes);
    return {
      set: (key, object) => void next.set(key, object),
      commit: () => {
        const { indexes } = this.#table;
        for (const { name, func } of indexes.slice(next.#table.indexes.length)) next.#addIndex(name, func);
        this.#table = next.#table;
      },
    };
  }

  addIndexers<J extends string>(indexers: Indexers<T, J>): void {
    const names = Object.keys(indexers) as J[];
    const taken = names.find((name) => this.#table.indexes.some((index) => index.name === name));
    if (taken !== undefined)
      throw new RangeError(`indexer conflict: there is an index ${JSON.stringify(taken)} already`);
    for (const name of names) this.#addIndex(name, indexers[name]);
  }

  #addIndex(name: string, func: IndexFunc<T>): void {
    const { slots, objects, indexes } = this.#table;
    const postings = new IndexPostings();
    indexes.push({ name, func, postings });
    for (const [key, slot] of slots) postings.set(slot, this.#valuesOf(key, objects[slot]!, name, func));
  }

  #valuesOf(key: ObjectKey, object: T, name: string, func: IndexFunc<T>): readonly string[] {
    try {
      const values: unknown = func(object);
      if (!Array.isArray(values)) throw new TypeError(`the index function returned ${typeof values}, not an array`);
      return values as readonly string[];
    } catch (cause) {
      this.#onError(new IndexError(name, key, cause));
      return [];
    }
  }

  #slotsOf(name: string, value: string): readonly Slot[] {
    return this.#indexOf(name).postings.slotsOf(value);
  }

  #indexOf(name: string): Index<T> {
    const index = this.#table.indexes.find((candidate) => candidate.name === name);
    if (!index) throw new RangeError(`index with name ${JSON.stringify(name)} does not exist`);
    return index;
  }
}

/** An empty one, with the same indexes. */
function newTable<T>(indexes: readonly Index<T>[]): Table<T> {
  return {
    slots: new Map(),
    keys: [],
    objects: [],
    free: [],
    indexes: indexes.map(({ name, func }) => ({ name, func, postings: new IndexPostings() })),
  };
}
