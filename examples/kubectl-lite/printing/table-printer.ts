import type { Table, TableColumnDefinition, TableRow } from '@client-ts/apimachinery';
import { parseJsonPath } from '@client-ts/jsonpath';
import { escapeTerminal } from './escape-terminal.js';
import type { TabWriter } from './tab-writer.js';

export interface TableStyle {
  readonly wide: boolean;
  readonly noHeaders: boolean;
  readonly withNamespace: boolean;
  /** Stands before names; empty for none. */
  readonly kind: string;
  readonly labelColumns: readonly string[];
  readonly showLabels: boolean;
}

/** Prints the tables that a server makes, as kubectl does. Headers come again when columns have changed. */
export class TablePrinter {
  readonly #style: TableStyle;
  readonly #writer: TabWriter;
  #columns: readonly TableColumnDefinition[] = [];

  constructor(style: TableStyle, writer: TabWriter) {
    this.#style = style;
    this.#writer = writer;
  }

  print({ columnDefinitions, rows }: Table): void {
    if (rows.length === 0) return;
    const isKnown = JSON.stringify(columnDefinitions) === JSON.stringify(this.#columns);
    this.#columns = columnDefinitions;
    this.#printRows(rows, this.#style.noHeaders || isKnown);
  }

  #printRows(rows: readonly TableRow[], noHeaders: boolean): void {
    const shown = this.#shownColumns();
    const cells = rows.map((row) => shown.map(({ cellOf }) => cellOf(row)));
    const widths = shown.map((_, i) => cells.reduce((most, row) => Math.max(most, Buffer.byteLength(row[i]!)), 0));
    const lines = cells.map((row) => row.map(inCell));
    const padded = (line: readonly string[], unpadded: readonly string[]): string[] =>
      line.map((cell, i) =>
        i === line.length - 1 ? cell : cell + padding(widths[i]! - Buffer.byteLength(unpadded[i]!)),
      );
    const headers = shown.map(({ name }) => inCell(name.toUpperCase()));
    if (noHeaders) lines[0] = padded(lines[0]!, cells[0]!);
    else this.#writer.write(`${padded(headers, headers).join('\t')}\n`);
    for (const line of lines) this.#writer.write(`${line.join('\t')}\n`);
  }

  #shownColumns(): ShownColumn[] {
    const { wide, withNamespace, kind, labelColumns, showLabels } = this.#style;
    const nameColumn = this.#columns.findIndex(({ format, type }) => format === 'name' && type === 'string');
    return [
      ...(withNamespace
        ? [{ name: 'Namespace', cellOf: ({ object }: TableRow) => object?.metadata.namespace ?? '' }]
        : []),
      ...this.#columns.flatMap(({ name, priority }, i) => {
        if (priority > 0 && !wide) return [];
        const prefix = kind !== '' && i === nameColumn ? `${kind}/` : '';
        return [{ name, cellOf: ({ cells }: TableRow) => prefix + textOf(cells[i]) }];
      }),
      ...labelColumns.map((label) => ({
        name: label.replace(/^.*\//, ''),
        cellOf: ({ object }: TableRow) => labelOf(object?.metadata.labels, label),
      })),
      ...(showLabels
        ? [{ name: 'Labels', cellOf: ({ object }: TableRow) => formatLabels(object?.metadata.labels) }]
        : []),
    ];
  }
}

interface ShownColumn {
  readonly name: string;
  readonly cellOf: (row: TableRow) => string;
}

const asText = parseJsonPath('{@}');

/** In Go's notation, where it is no text. */
function textOf(cell: unknown): string {
  if (typeof cell === 'string') return cell;
  return cell === null || cell === undefined ? '' : asText.printCell(cell);
}

/** As far as it is one line; escaped before it is measured. */
function inCell(text: string): string {
  const end = text.search(/[\f\n\r]/);
  return escapeTerminal(end < 0 ? text : `${text.slice(0, end)}...`);
}

function labelOf(labels: Readonly<Record<string, string>> = {}, name: string): string {
  return Object.hasOwn(labels, name) ? labels[name]! : '';
}

function formatLabels(labels: Readonly<Record<string, string>> = {}): string {
  const texts = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return texts.toSorted().join(',') || '<none>';
}

function padding(width: number): string {
  return ' '.repeat(Math.max(0, width));
}
