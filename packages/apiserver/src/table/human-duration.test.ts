import { expect, it } from 'vitest';
import { humanDuration, timeSince } from './human-duration.js';

const Second = 1000;
const Minute = 60 * Second;
const Hour = 60 * Minute;
const Day = 24 * Hour;
const Year = 365 * Day;

it.each([
  [-2 * Second, '<invalid>'],
  [-1 * Second, '0s'],
  [0, '0s'],
  [999, '0s'],
  [119 * Second, '119s'],
  [2 * Minute, '2m'],
  [9 * Minute + 59 * Second, '9m59s'],
  [10 * Minute + 30 * Second, '10m'],
  [179 * Minute, '179m'],
  [3 * Hour, '3h'],
  [7 * Hour + 59 * Minute, '7h59m'],
  [8 * Hour + 30 * Minute, '8h'],
  [47 * Hour, '47h'],
  [48 * Hour, '2d'],
  [7 * Day + 23 * Hour, '7d23h'],
  [8 * Day + 5 * Hour, '8d'],
  [729 * Day, '729d'],
  [2 * Year, '2y'],
  [2 * Year + 10 * Day, '2y10d'],
  [8 * Year + 10 * Day, '8y'],
])('%d ms is %s', (ms, text) => {
  expect(humanDuration(ms)).toBe(text);
});

it.each([
  ['2026-01-01T00:00:00Z', '5m'],
  ['2026-01-01T00:00:00.5Z', '4m59s'],
  [undefined, '<unknown>'],
  ['nonsense', '<unknown>'],
])('five minutes into the year, %s is %s ago', (time, age) => {
  expect(timeSince(time, Date.parse('2026-01-01T00:05:00Z'))).toBe(age);
});
