import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BackoffOptions } from './backoff.js';
import { backoffDelays } from './backoff-delays.js';
import { DefaultBackoff, DefaultRetry } from './retry.js';

test.each<[BackoffOptions, number[]]>([
  [DefaultRetry, [10, 10, 10, 10]],
  [DefaultBackoff, [10, 50, 250]],
  [{ durationMs: 10, steps: 1 }, []],
  [{ durationMs: 10, steps: 0 }, []],
  [{ durationMs: 1000, factor: 2, steps: 5, capMs: 3000 }, [1000, 2000, 3000, 3000]],
])('%j gives the pauses %j', (options, delays) => {
  expect([...backoffDelays(options, () => 0)]).toEqual(delays);
});

test('without steps there is no end, and each pause is longer by its share of itself at the most', () => {
  const options = fc.record({
    durationMs: fc.integer({ min: 0, max: 10_000 }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    jitter: fc.double({ min: 0, max: 5, noNaN: true }),
    capMs: fc.integer({ min: 0, max: 100_000 }),
  });
  fc.assert(
    fc.property(options, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (options, random) => {
      const jittered = backoffDelays(options, () => random.next().value);
      const exact = backoffDelays(options, () => 0);
      for (let step = 0; step < 100; step++) {
        const least = exact.next().value ?? NaN;
        const delay = jittered.next().value ?? NaN;
        expect(least).toBeLessThanOrEqual(options.capMs);
        expect(delay).toBeGreaterThanOrEqual(least);
        expect(delay).toBeLessThanOrEqual(least * (1 + options.jitter) * (1 + Number.EPSILON * 4));
      }
    }),
    { numRuns: 100 },
  );
});
