import type { Table, TableColumnDefinition, Watch, WatchEvent } from '@client-ts/apimachinery';

/** What servers send: null for an empty list, and in a watch the columns with its first event only, which may be a bookmark. */
interface SentTable {
  readonly columnDefinitions?: TableColumnDefinition[] | null;
  readonly rows?: Table['rows'] | null;
}

/** A table with lists in the place of null. @param known - its columns, when it does not say them. */
export function withColumns(table: Table, known: TableColumnDefinition[] = []): Table {
  const { columnDefinitions, rows }: SentTable = table;
  return { ...table, columnDefinitions: columnDefinitions?.length ? columnDefinitions : known, rows: rows ?? [] };
}

/** The same watch, except that all tables have their columns. These are the same array until the server says others. */
export class TableWatch implements Watch<Table> {
  readonly #watch: Watch<Table>;

  constructor(watch: Watch<Table>) {
    this.#watch = watch;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent<Table>, void, void> {
    let columns: TableColumnDefinition[] | undefined;
    for await (const event of this.#watch) {
      const table = withColumns(event.object as Table, columns);
      columns = table.columnDefinitions;
      yield event.type === 'BOOKMARK' ? event : { ...event, object: table };
    }
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#watch[Symbol.asyncDispose]();
  }
}
