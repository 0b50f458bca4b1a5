import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeFormatter, ZeroSeconds } from './times.js';

test('times are those of a Date, whatever came before', () => {
  const times = new TimeFormatter();
  const seconds = fc.oneof(
    fc.integer({ min: ZeroSeconds, max: 253_402_300_799 }),
    fc.integer({ min: -200_000, max: 200_000 }),
    fc.constantFrom(0, -1, 86_399, 86_400, ZeroSeconds, 253_402_300_799),
  );
  fc.assert(
    fc.property(seconds, (at) => {
      expect(times.time(at)).toBe(new Date(at * 1000).toISOString().replace('.000Z', 'Z'));
    }),
    { numRuns: 1000 },
  );
});

test.each([ZeroSeconds - 1, 253_402_300_800, 2 ** 63, NaN, Infinity])('%d s are no time', (seconds) => {
  const times = new TimeFormatter();
  expect(times.time(seconds)).toBeUndefined();
  expect(times.microTime(seconds, 5)).toBeUndefined();
});

test('microseconds are cut, not rounded', () => {
  expect(new TimeFormatter().microTime(1, 999_999_999)).toBe('1970-01-01T00:00:01.999999Z');
  expect(new TimeFormatter().microTime(1, 999)).toBe('1970-01-01T00:00:01.000000Z');
});
