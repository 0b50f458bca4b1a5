import { expect, test } from 'vitest';
import { microTime } from './micro-time.js';

test('a MicroTime has six digits of a second', () => {
  expect(microTime(0)).toBe('1970-01-01T00:00:00.000000Z');
  expect(microTime(Date.UTC(2026, 1, 3, 4, 5, 6, 789))).toBe('2026-02-03T04:05:06.789000Z');
  expect(microTime(1.9)).toBe('1970-01-01T00:00:00.001000Z');
});
