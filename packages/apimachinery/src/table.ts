import type { ListMeta, PartialObjectMetadata } from './object.js';

/**
 * Objects as rows of text and numbers, as a server would show them to people (`meta.k8s.io/v1`).
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export interface Table {
  apiVersion?: string;
  kind?: string;
  metadata: ListMeta;
  /** Servers send them with the first event of a watch, and null with the others; `asTable` of `rest` gives all events theirs. */
  columnDefinitions: TableColumnDefinition[];
  rows: TableRow[];
}

export interface TableColumnDefinition {
  name: string;
  /** Of OpenAPI: `string`, `integer`, `number`, `boolean`, `date`. */
  type: string;
  /** Of OpenAPI; `name` marks the column that identifies the object. */
  format: string;
  description: string;
  /** 0 is what matters most; above that a wide screen is needed. */
  priority: number;
}

export interface TableRow {
  /** One for each column. */
  cells: unknown[];
  conditions?: { type: string; status: string; reason?: string; message?: string }[];
  /** The object of the row, as far as it was asked for: its metadata, unless told otherwise. */
  object?: PartialObjectMetadata;
}
