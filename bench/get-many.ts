import type { Outcome } from './benchmark.js';
import { steadily } from './steadily.js';

/** What getting steadily takes. */
export function getSteadily(count: number, concurrency: number, get: () => Promise<unknown>): Promise<Outcome> {
  return steadily(count, (some) => getMany(some, concurrency, get));
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
