import { expect, test } from 'vitest';
import { SilenceLimit } from './silence-limit.js';

test('is 75 seconds, and doubles each time that it is exceeded', () => {
  const limit = new SilenceLimit();
  const limits = [limit.ms];
  for (let i = 0; i < 3; i++) {
    limit.exceeded();
    limits.push(limit.ms);
  }
  expect(limits).toEqual([75_000, 150_000, 300_000, 600_000]);
});

test('is as it was once a bookmark has come in time', () => {
  const limit = new SilenceLimit();
  limit.exceeded();
  limit.exceeded();
  limit.bookmark(75_001);
  expect(limit.ms).toBe(300_000);
  limit.bookmark(75_000);
  expect(limit.ms).toBe(75_000);
});

test('doubles where bookmarks came in time only after it was exceeded five times in a row', () => {
  const limit = new SilenceLimit();
  const limits = (n: number): number[] =>
    Array.from({ length: n }, () => {
      limit.exceeded();
      return limit.ms;
    });
  limit.bookmark(60_000);
  expect(limits(2)).toEqual([75_000, 75_000]);
  limit.bookmark(60_000);
  expect(limits(6)).toEqual([75_000, 75_000, 75_000, 75_000, 150_000, 300_000]);
});
