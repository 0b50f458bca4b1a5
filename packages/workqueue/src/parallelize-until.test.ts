import { settle } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { parallelizeUntil } from './parallelize-until.js';

test.each([
  { workers: 10, pieces: 1000, chunkSize: 1 },
  { workers: 10, pieces: 1000, chunkSize: 10 },
  { workers: 10, pieces: 999, chunkSize: 13 },
  { workers: 100, pieces: 5, chunkSize: 1 },
  { workers: 3, pieces: 0, chunkSize: 1 },
])('TestParallelizeUntil: %j: each piece once, and no more workers than asked for', async (options) => {
  const { workers, pieces, chunkSize } = options;
  const seen = new Array<number>(pieces).fill(0);
  let [busy, most] = [0, 0];
  await parallelizeUntil(
    workers,
    pieces,
    async (piece) => {
      most = Math.max(most, ++busy);
      await Promise.resolve();
      seen[piece] = (seen[piece] ?? 0) + 1;
      busy--;
    },
    { chunkSize },
  );
  expect(seen.every((count) => count === 1)).toBe(true);
  expect(most).toBe(Math.min(workers, Math.ceil(pieces / chunkSize)));
});

test('an abort starts nothing more, and rejects with its reason when what was started has ended', async () => {
  const controller = new AbortController();
  const ends: (() => void)[] = [];
  const done = parallelizeUntil(2, 10, () => new Promise((resolve) => ends.push(resolve)), {
    signal: controller.signal,
  });
  let settled = false;
  const outcome = done.then(
    () => 'resolved',
    (reason: unknown) => {
      settled = true;
      return reason;
    },
  );
  controller.abort('enough');
  ends[0]?.();
  await settle();
  expect([ends.length, settled]).toEqual([2, false]);
  ends[1]?.();
  expect(await outcome).toBe('enough');
  expect(ends.length).toBe(2);
});

test('a piece that fails starts nothing more, and the first failure is told', async () => {
  const started: number[] = [];
  const failing = (piece: number): void => {
    started.push(piece);
    throw new Error(`piece ${piece}`);
  };
  await expect(parallelizeUntil(1, 10, failing, { chunkSize: 5 })).rejects.toThrow('piece 0');
  expect(started).toEqual([0]);
});

test.each([
  [0, 1, 'workers: expected a positive integer, got 0'],
  [1, 0.5, 'chunkSize: expected a positive integer, got 0.5'],
])('refuses %d workers with chunks of %d', async (workers, chunkSize, message) => {
  await expect(parallelizeUntil(workers, 1, () => {}, { chunkSize })).rejects.toThrow(new RangeError(message));
});
