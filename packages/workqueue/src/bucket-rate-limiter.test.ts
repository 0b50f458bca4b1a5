import { FakeClock } from '@client-ts/apimachinery/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BucketRateLimiter } from './bucket-rate-limiter.js';
import type { RateLimiter } from './rate-limiter.js';

test('the burst is free, and after it there is one token for each interval', () => {
  const limiter: RateLimiter<string> = new BucketRateLimiter(10, 3, new FakeClock());
  expect(Array.from({ length: 6 }, () => limiter.when('one'))).toEqual([0, 0, 0, 100, 200, 300]);
});

test('all items share the tokens, and forgetting one gives none back', () => {
  const limiter: RateLimiter<string> = new BucketRateLimiter(1, 1, new FakeClock());
  expect([limiter.when('one'), limiter.when('two')]).toEqual([0, 1000]);
  limiter.forget('one');
  expect(limiter.numRequeues('one')).toBe(0);
  expect(limiter.when('one')).toBe(2000);
});

test('tokens come back with time, and never more than the burst', async () => {
  const clock = new FakeClock();
  const limiter: RateLimiter<string> = new BucketRateLimiter(10, 2, clock);
  const three = () => Array.from({ length: 3 }, () => limiter.when('one'));
  expect(three()).toEqual([0, 0, 100]);
  await clock.advance(250);
  expect(three()).toEqual([0, 50, 150]);
  await clock.advance(1_000_000);
  expect(three()).toEqual([0, 0, 100]);
});

test('defaults to 10 a second and 100 at once', () => {
  const limiter: RateLimiter<string> = new BucketRateLimiter(undefined, undefined, new FakeClock());
  expect(Array.from({ length: 102 }, () => limiter.when('one')).slice(98)).toEqual([0, 0, 100, 200]);
});

test('agrees with a bucket that is filled and emptied', async () => {
  const takes = fc.array(fc.record({ pauseMs: fc.nat(2000), count: fc.nat(5) }), { maxLength: 30, size: 'max' });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 10 }),
      takes,
      async (qps, burst, all) => {
        const clock = new FakeClock(0);
        const limiter: RateLimiter<string> = new BucketRateLimiter(qps, burst, clock);
        let tokens = burst;
        for (const { pauseMs, count } of all) {
          await clock.advance(pauseMs);
          tokens = Math.min(burst, tokens + (pauseMs * qps) / 1000);
          for (let i = 0; i < count; i++) {
            tokens -= 1;
            expect(limiter.when('one')).toBeCloseTo(Math.max(0, (-tokens * 1000) / qps), 6);
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});

test.each([
  [0, 1],
  [-1, 1],
  [NaN, 1],
  [1, 0],
  [1, NaN],
])('refuses %d a second and %d at once', (qps, burst) => {
  expect(() => new BucketRateLimiter(qps, burst)).toThrow(
    new RangeError(`qps must be positive and burst at least 1, got ${qps} and ${burst}`),
  );
});
