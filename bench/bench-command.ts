import { availableParallelism } from 'node:os';
import type { Benchmark } from './benchmark.js';
import { runBenchmark, type RunOptions } from './run-benchmark.js';

const All = '--all';

/**
 * Runs the benchmarks that are named, each by its name or by the words that its name begins with (`gets` for `gets-1` and
 * `gets-64`), and prints their tables. Without names, all but the heavy ones; with `--all`, those too. Resolves with the
 * exit code.
 */
export async function benchCommand(
  args: readonly string[],
  benchmarks: readonly Benchmark[],
  options: RunOptions,
  print: (line: string) => void,
): Promise<number> {
  const names = args.filter((argument) => argument !== All);
  const all = args.includes(All);
  const unknown = names.filter((name) => !benchmarks.some((benchmark) => isCalled(benchmark, name)));
  if (unknown.length > 0) {
    const known = benchmarks.map(({ name }) => name).join(', ');
    print(`there is no benchmark ${unknown.join(', ')}; there are ${known}`);
    return 1;
  }
  print(`Node.js ${process.versions.node}, ${availableParallelism()} cores`);
  for (const benchmark of benchmarks) {
    const named = names.some((name) => isCalled(benchmark, name));
    if (!all && !named && (names.length > 0 || benchmark.heavy)) continue;
    print('');
    const missing = benchmark.missing?.();
    if (missing !== undefined) {
      print(`${benchmark.name}: left out, ${missing}`);
      continue;
    }
    for (const line of await runBenchmark(benchmark, options)) print(line);
  }
  return 0;
}

function isCalled(benchmark: Benchmark, name: string): boolean {
  return benchmark.name === name || benchmark.name.startsWith(`${name}-`);
}
