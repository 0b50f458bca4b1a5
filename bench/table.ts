import type { Measurement } from './measure.js';

/** The measurements of one benchmark as lines of text: a row for each contender. */
export function tableOf(unit: string, units: number, measurements: readonly Measurement[]): string[] {
  const counted = [...new Set(measurements.flatMap(({ counts }) => Object.keys(counts)))];
  const head = [
    '',
    `${unit}s/s`,
    'rate',
    `µs/${unit}`,
    'ratio',
    `CPU µs/${unit}`,
    'ratio',
    'longest stall ms',
    ...counted,
  ];
  const rows = measurements.map(({ name, wallMs, cpuMs, wallRatio, cpuRatio, stallMs, counts }) => [
    name,
    number((units / wallMs) * 1000),
    `${(1 / wallRatio).toFixed(2)}×`,
    number((wallMs / units) * 1000),
    `${wallRatio.toFixed(2)}×`,
    number((cpuMs / units) * 1000),
    `${cpuRatio.toFixed(2)}×`,
    number(stallMs),
    ...counted.map((column) => (counts[column] === undefined ? '' : number(counts[column]))),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** Three digits that count, and no more; whole numbers from a hundred on. */
function number(value: number): string {
  if (Number.isNaN(value)) return '';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const rounded = value.toFixed(Number.isInteger(value) ? 0 : digits);
  return rounded.replace(/\B(?=(?:\d{3})+$)/g, ',');
}
