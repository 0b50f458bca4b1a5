/** Columns are at least this wide, and this far from each other; kubectl's numbers. */
const MinWidth = 6;
const Padding = 3;

/**
 * Aligns cells that end with a tab. Lines one after the other that have a cell make a column; the last cell of a line is in
 * none. A width, once used, is never less afterwards, so that what a watch shows later stays below what it has shown.
 *
 * Widths are counted in code points.
 */
export class TabWriter {
  readonly #write: (text: string) => void;
  #text = '';
  #widths: number[] = [];

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  write(text: string): void {
    this.#text += text;
  }

  forgetWidths(): void {
    this.#widths = [];
  }

  /** Writes what is complete, and forgets it. */
  flush(): void {
    // A form feed is the end of all columns, too.
    for (const block of this.#text.split(/(?<=\f)/)) this.#writeBlock(block);
    this.#text = '';
  }

  #writeBlock(block: string): void {
    if (block === '') return;
    const lines = block.split(/[\n\f]/).map((line) => line.split(/[\t\v]/));
    const columns = lines.reduce((most, { length }) => Math.max(most, length - 1), 0);
    for (let column = 0; column < columns; column++) this.#alignColumn(lines, column);
    this.#write(lines.map((cells) => cells.join('')).join('\n'));
  }

  #alignColumn(lines: string[][], column: number): void {
    for (let from = 0; from < lines.length; from++) {
      let to = from;
      while (to < lines.length && column < lines[to]!.length - 1) to++;
      const cells = lines.slice(from, to);
      if (cells.length === 0) continue;
      const widest = cells.reduce((most, cell) => Math.max(most, widthOf(cell[column]!)), 0);
      const width = Math.max(MinWidth, widest + Padding, this.#widths[column] ?? 0);
      this.#widths[column] = width;
      for (const cell of cells) cell[column] += ' '.repeat(width - widthOf(cell[column]!));
      from = to;
    }
  }
}

function widthOf(text: string): number {
  let width = 0;
  for (const _ of text) width++;
  return width;
}
