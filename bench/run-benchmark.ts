import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Benchmark } from './benchmark.js';
import { measure } from './measure.js';
import { tableOf } from './table.js';

export interface RunOptions {
  /** Units of each run. Default: the benchmark's. */
  readonly size?: number | undefined;
  /** Default: 5, or 3 where each run takes long. */
  readonly rounds?: number | undefined;
  /** Where `<name>.json` is written, if anywhere. */
  readonly folder?: string | undefined;
}

/** Measures, and gives the title and the table as lines of text. */
export async function runBenchmark(benchmark: Benchmark, options: RunOptions = {}): Promise<string[]> {
  const { name, title, unit } = benchmark;
  const { size = benchmark.size, rounds = benchmark.long ? 3 : 5, folder } = options;
  await using contest = await benchmark.prepare(size);
  const measurements = await measure(contest, size, rounds, !benchmark.long);
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    const result = { name, unit, size, rounds, node: process.version, measurements };
    writeFileSync(path.join(folder, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
  }
  return [
    `${name}: ${title} (${size} ${unit}s a run, medians of ${rounds} rounds)`,
    ...tableOf(unit, size, measurements),
  ];
}
