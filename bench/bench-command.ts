import { availableParallelism } from 'node:os';
import type { Benchmark } from './benchmark.js';
import { runBenchmark, type RunOptions } from './run-benchmark.js';

/** Runs the benchmarks with the given names, or all, and prints their tables. Resolves with the exit code. */
export async function benchCommand(
  names: readonly string[],
  benchmarks: readonly Benchmark[],
  options: RunOptions,
  print: (line: string) => void,
): Promise<number> {
  const unknown = names.filter((name) => benchmarks.every((benchmark) => benchmark.name !== name));
  if (unknown.length > 0) {
    const known = benchmarks.map(({ name }) => name).join(', ');
    print(`there is no benchmark ${unknown.join(', ')}; there are ${known}`);
    return 1;
  }
  print(`Node.js ${process.versions.node}, ${availableParallelism()} cores`);
  for (const benchmark of benchmarks) {
    if (names.length > 0 && !names.includes(benchmark.name)) continue;
    print('');
    for (const line of await runBenchmark(benchmark, options)) print(line);
  }
  return 0;
}
