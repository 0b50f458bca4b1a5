import type { Outcome } from './benchmark.js';

/** What getting steadily takes: half as many come before the measurement, as in `peers/client-go`. */
export async function getSteadily(count: number, concurrency: number, get: () => Promise<unknown>): Promise<Outcome> {
  await getMany(Math.floor(count / 2) + 1, concurrency, get);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const units = await getMany(count, concurrency, get);
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { units, spent: { wallMs, cpuMs: (user + system) / 1000 } };
}

/** Keeps `concurrency` requests under way until `count` have been answered; resolves with how many were. */
async function getMany(count: number, concurrency: number, get: () => Promise<unknown>): Promise<number> {
  let started = 0;
  let answered = 0;
  const worker = async (): Promise<void> => {
    while (started++ < count) if (await get()) answered++;
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return answered;
}
