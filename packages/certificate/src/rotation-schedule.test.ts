import { expect, test } from 'vitest';
import { RotationSchedule } from './rotation-schedule.js';

const HourMs = 3600_000;
const now = Date.UTC(2026, 0, 1);

// TestSetRotationDeadline
test.each([
  ['just issued, still good', -1, 99],
  ['half way expired, still good', -24, 24],
  ['mostly expired, still good', -69, 31],
  ['just about expired, should rotate', -91, 9],
  ['nearly expired, should rotate', -99, 1],
  ['already expired, should rotate', -10, -1],
  ['long duration', -6 * 30 * 24, 6 * 30 * 24],
  ['short duration', -30 / 3600, 30 / 3600],
])('%s: at 70 to 90 %% of its lifetime', (_, from, to) => {
  const lifetime = { notBeforeMs: now + from * HourMs, notAfterMs: now + to * HourMs };
  for (const [random, share] of [
    [0, 0.7],
    [0.5, 0.8],
    [1, 0.9],
  ] as const) {
    const schedule = new RotationSchedule({ random: () => random });
    schedule.adopt(lifetime);
    expect(schedule.dueMs).toBeCloseTo(lifetime.notBeforeMs + (to - from) * HourMs * share, 0);
  }
});

test('what is missing or to be replaced is asked for at once', () => {
  const schedule = new RotationSchedule({ random: () => 0 });
  expect(schedule.dueMs).toBeLessThan(0);
  schedule.adopt({ notBeforeMs: now, notAfterMs: now + HourMs });
  schedule.force();
  expect(schedule.dueMs).toBeLessThan(0);
});

test('after failures it waits longer and longer, and begins anew after a success', () => {
  const schedule = new RotationSchedule({ random: () => 0 });
  const delays = Array.from({ length: 7 }, () => schedule.failed() / 1000);
  expect(delays).toEqual([2, 4, 8, 16, 32, 32, 32]);
  schedule.succeeded();
  expect(schedule.failed()).toBe(2000);
  expect(new RotationSchedule({ random: () => 0.5 }).failed()).toBe(2100);
});
