import type { KubernetesList, Table, TableRow } from '@client-ts/apimachinery';
import { eachListChunk } from '@client-ts/pager';
import { asTable, restClientFor, type TableInterface } from '@client-ts/rest';
import type { Found, Source } from './find.js';
import type { Session } from './session.js';
import type { Collection, Target } from './targets.js';

/** Tables, as a server makes them for people; a long one comes in pieces. */
export class TableSource implements Source<Table> {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  get(target: Target): Promise<Table> {
    return this.#tablesOf(target).get(target.name);
  }

  async *list(collection: Collection): AsyncGenerator<Found<Table>> {
    const { mapping, namespace, labelSelector, fieldSelector } = collection;
    const tables = this.#tablesOf(collection);
    const rows = {
      list: async (options: object) => {
        const table = await tables.list(options);
        return { ...table, items: table.rows };
      },
    };
    const { signal } = this.#session.io;
    for await (const page of eachListChunk<TableRow>(rows, { labelSelector, fieldSelector, signal })) {
      yield { mapping, namespace, name: '', object: page as KubernetesList<TableRow> & Table };
    }
  }

  #tablesOf({ mapping, namespace }: Pick<Target, 'mapping' | 'namespace'>): TableInterface {
    return asTable(restClientFor(this.#session.config), mapping, namespace);
  }
}
