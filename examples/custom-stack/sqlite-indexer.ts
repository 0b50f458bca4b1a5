import type { IndexerReplacement, Indexers, IndexFunc, ObjectKey, WritableIndexer } from '@client-ts/cache';
import sqlite from 'node-sqlite3-wasm';

/** Keys keep the order in which they came; `indexed` finds them by the values of indexes. */
const tables = (prefix: string): string => `
  CREATE TABLE ${prefix}objects (position INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, json TEXT NOT NULL);
  CREATE TABLE ${prefix}indexed (
    name TEXT NOT NULL, value TEXT NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (name, value, key)
  ) WITHOUT ROWID;
  CREATE INDEX ${prefix}indexed_by_key ON ${prefix}indexed (key);
`;

/** Where a list is prepared, beside what readers see. */
const Next = 'next_';

export interface SqliteIndexerOptions<T, I extends string> {
  readonly indexers?: Indexers<T, I>;
  /** Default: a database in memory, outside of the JavaScript heap. */
  readonly file?: string;
  /** Told of index functions that throw: the object is stored, and not found by them. Default: `console.error`. */
  readonly onError?: (error: unknown) => void;
}

/** Objects as JSON in an SQLite database: they take no heap but while they are read, and each read is a copy. */
export class SqliteIndexer<T, I extends string = never> implements WritableIndexer<T, I>, Disposable {
  readonly #database: sqlite.Database;
  readonly #indexers = new Map<string, IndexFunc<T>>();
  readonly #onError: (error: unknown) => void;

  constructor({ indexers, file, onError = (error) => console.error(error) }: SqliteIndexerOptions<T, I> = {}) {
    this.#database = new sqlite.Database(file);
    this.#onError = onError;
    this.#database.exec(tables('') + tables(Next));
    if (indexers) this.addIndexers(indexers);
  }

  get size(): number {
    return Number(this.#database.get('SELECT count(*) AS size FROM objects')?.['size']);
  }

  getByKey(key: ObjectKey): T | undefined {
    const row = this.#database.get('SELECT json FROM objects WHERE key = ?', [key]);
    return row ? this.#parse(row) : undefined;
  }

  list(): readonly T[] {
    return this.#database.all('SELECT json FROM objects ORDER BY position').map((row) => this.#parse(row));
  }

  listKeys(): readonly ObjectKey[] {
    return this.#database.all('SELECT key FROM objects ORDER BY position').map(({ key }) => key as string);
  }

  byIndex(index: string, value: string): readonly T[] {
    this.#expectIndex(index);
    const sql = 'SELECT json FROM objects JOIN indexed USING (key) WHERE name = ? AND value = ? ORDER BY position';
    return this.#database.all(sql, [index, value]).map((row) => this.#parse(row));
  }

  indexKeys(index: string, value: string): readonly ObjectKey[] {
    this.#expectIndex(index);
    const sql = 'SELECT key FROM indexed WHERE name = ? AND value = ?';
    return this.#database.all(sql, [index, value]).map(({ key }) => key as string);
  }

  indexValues(index: string): readonly string[] {
    this.#expectIndex(index);
    const rows = this.#database.all('SELECT DISTINCT value FROM indexed WHERE name = ?', [index]);
    return rows.map(({ value }) => value as string);
  }

  set(key: ObjectKey, object: T): T | undefined {
    return this.#atOnce(() => {
      const before = this.getByKey(key);
      this.#store(key, object);
      return before;
    });
  }

  delete(key: ObjectKey): T | undefined {
    return this.#atOnce(() => {
      const before = this.getByKey(key);
      this.#database.run('DELETE FROM objects WHERE key = ?', [key]);
      this.#database.run('DELETE FROM indexed WHERE key = ?', [key]);
      return before;
    });
  }

  replace(objects: ReadonlyMap<ObjectKey, T>): void {
    const replacement = this.startReplacement();
    for (const [key, object] of objects) replacement.set(key, object);
    replacement.commit();
  }

  startReplacement(): IndexerReplacement<T> {
    // Of one that was dropped something may be left.
    this.#database.exec(`DELETE FROM ${Next}objects; DELETE FROM ${Next}indexed`);
    const indexers = new Map(this.#indexers);
    return {
      set: (key, object) => this.#atOnce(() => this.#store(key, object, indexers, Next)),
      commit: () =>
        this.#atOnce(() => {
          for (const table of ['objects', 'indexed'])
            this.#database.exec(`DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM ${Next}${table}`);
          this.#indexAll([...this.#indexers].filter(([name]) => !indexers.has(name)));
        }),
    };
  }

  addIndexers<J extends string>(indexers: Indexers<T, J>): void {
    const added = Object.entries<IndexFunc<T>>(indexers);
    const taken = added.find(([name]) => this.#indexers.has(name));
    if (taken) throw new RangeError(`indexer conflict: there is an index ${JSON.stringify(taken[0])} already`);
    for (const [name, func] of added) this.#indexers.set(name, func);
    this.#atOnce(() => this.#indexAll(added));
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #parse({ json }: Record<string, unknown>): T {
    return JSON.parse(json as string) as T;
  }

  #store(key: ObjectKey, object: T, indexers: ReadonlyMap<string, IndexFunc<T>> = this.#indexers, prefix = ''): void {
    this.#database.run(
      `INSERT INTO ${prefix}objects (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json`,
      [key, JSON.stringify(object)],
    );
    this.#database.run(`DELETE FROM ${prefix}indexed WHERE key = ?`, [key]);
    this.#index(key, object, indexers, prefix);
  }

  #indexAll(indexers: readonly (readonly [string, IndexFunc<T>])[]): void {
    if (indexers.length === 0) return;
    for (const key of this.listKeys()) this.#index(key, this.getByKey(key) as T, indexers);
  }

  #index(key: ObjectKey, object: T, indexers: Iterable<readonly [string, IndexFunc<T>]>, prefix = ''): void {
    for (const [name, func] of indexers) {
      try {
        for (const value of new Set(func(object)))
          this.#database.run(`INSERT INTO ${prefix}indexed (name, value, key) VALUES (?, ?, ?)`, [name, value, key]);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  #expectIndex(name: string): void {
    if (!this.#indexers.has(name)) throw new RangeError(`index with name ${JSON.stringify(name)} does not exist`);
  }

  /** All of it happens, or nothing. */
  #atOnce<R>(work: () => R): R {
    this.#database.exec('BEGIN');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
