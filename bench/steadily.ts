import type { Outcome, Spent } from './benchmark.js';

/**
 * What it takes to go on with something: half as much of it is done before, unmeasured, because the collection of all garbage before
 * each run makes V8 forget what it has compiled, which happens to no program that goes on. `peers/client-go` does the same.
 *
 * @param work - does so many units; resolves with how many it did.
 * @param cpuMs - what whoever does it has taken from its start to now. Default: of this process.
 */
export async function steadily(
  size: number,
  work: (size: number) => Promise<number>,
  cpuMs: () => number = ownCpuMs,
): Promise<Outcome & { readonly spent: Omit<Spent, 'stallMs'> }> {
  await work(Math.ceil(size / 2));
  const before = cpuMs();
  const started = performance.now();
  const units = await work(size);
  return { units, spent: { wallMs: performance.now() - started, cpuMs: cpuMs() - before } };
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
