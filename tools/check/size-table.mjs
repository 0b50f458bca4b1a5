// The table of sizes in README.md, between two comments.

const Begin = '<!-- sizes: npm run size -- --write -->\n\n';
const End = '\n<!-- /sizes -->';

/** What may be said of a size that is not quite so: it need not be brought up to date with every change. */
const Tolerance = 0.05;
/** Bytes that count for nothing in any case: kilobytes are rounded to tenths. */
const Slack = 60;

/** @param sizes - `{ name, minified, gzip }`, in bytes. */
export function sizeTable(sizes) {
  const rows = [
    ['a program that has', 'minified', 'gzip'],
    ...sizes.map(({ name, minified, gzip }) => [name, kilobytes(minified), kilobytes(gzip)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join(' | ')} |\n`;
  const [head, ...body] = rows.map(line);
  const rule = `| ${'-'.repeat(widths[0])} | ${'-'.repeat(widths[1] - 1)}: | ${'-'.repeat(widths[2] - 1)}: |\n`;
  return head + rule + body.join('');
}

/** @throws Error when there is no place for a table. */
export function withTable(readme, table) {
  const { start, end } = placeOf(readme);
  return readme.slice(0, start) + table + readme.slice(end);
}

/** Whether the table in the text has these programs, and says of each nearly what was measured. */
export function isUpToDate(readme, sizes) {
  const { start, end } = placeOf(readme);
  const rows = readme.slice(start, end).split('\n').slice(2, -1).map(cells);
  return (
    rows.length === sizes.length &&
    rows.every(([name, minified, gzip], index) => {
      const size = sizes[index];
      return name === size.name && isNear(minified, size.minified) && isNear(gzip, size.gzip);
    })
  );
}

function placeOf(readme) {
  const begin = readme.indexOf(Begin);
  const start = begin + Begin.length;
  const end = readme.indexOf(End, start);
  if (begin < 0 || end < 0) throw new Error('README.md: there is no place for the table of sizes');
  return { start, end };
}

function cells(row) {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function isNear(said, bytes) {
  const saidBytes = Number.parseFloat(said) * 1000;
  return Math.abs(saidBytes - bytes) <= Math.max(Slack, bytes * Tolerance);
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
