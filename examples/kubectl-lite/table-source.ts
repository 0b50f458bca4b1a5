import type { KubernetesList, Table, TableRow } from '@client-ts/apimachinery';
import { eachListChunk } from '@client-ts/pager';
import { asTable, restClientFor, type TableInterface } from '@client-ts/rest';
import type { Found, Source } from './find.js';
import { sortedBy } from './printing/sort-by.js';
import type { Session } from './session.js';
import type { Collection, Target } from './targets.js';

export interface TableSourceOptions {
  /** Rows per request; 0 for all at once. */
  readonly limit: number;
  readonly subresource: string | undefined;
  /** The path by which each table is sorted; empty for none. */
  readonly sortBy: string;
}

/** Tables, as a server makes them for people; a long one comes in pieces. */
export class TableSource implements Source<Table> {
  readonly #session: Session;
  readonly #options: TableSourceOptions;

  constructor(session: Session, options: TableSourceOptions) {
    this.#session = session;
    this.#options = options;
  }

  async get(target: Target): Promise<Table> {
    const { subresource } = this.#options;
    const table = await this.#tablesOf(target).get(target.name, { subresource, includeObject: this.#includeObject() });
    return this.#sorted(table);
  }

  async *list(collection: Collection): AsyncGenerator<Found<Table>> {
    const { mapping, namespace, labelSelector, fieldSelector } = collection;
    const tables = this.#tablesOf(collection);
    const rows = {
      list: async (options: object) => {
        const table = await tables.list({ ...options, includeObject: this.#includeObject() });
        return { ...table, items: table.rows };
      },
    };
    const { signal } = this.#session.io;
    const options = { labelSelector, fieldSelector, limit: this.#options.limit, signal };
    for await (const page of eachListChunk<TableRow>(rows, options)) {
      yield { mapping, namespace, name: '', object: this.#sorted(page as KubernetesList<TableRow> & Table) };
    }
  }

  #tablesOf({ mapping, namespace }: Pick<Target, 'mapping' | 'namespace'>): TableInterface {
    return asTable(restClientFor(this.#session.config), mapping, namespace);
  }

  /** Metadata is enough for all columns, but not to sort by any field. */
  #includeObject(): 'Object' | undefined {
    return this.#options.sortBy === '' ? undefined : 'Object';
  }

  #sorted(table: Table): Table {
    const { sortBy } = this.#options;
    return sortBy === '' ? table : { ...table, rows: sortedBy(sortBy, table.rows, ({ object }) => object) };
  }
}
