import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { EventNames } from './event-names.js';

const Uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('TestGenerateEventName', () => {
  const clock = new FakeClock();
  const names = new EventNames(clock);
  const start = BigInt(clock.now()) * 1_000_000n;

  test.each(['test-pod', 'a', 'test.pod', 'a'.repeat(236)])('of a name that events may have: %s', (objectName) => {
    const name = names.next(objectName);
    expect(name.slice(0, -17)).toBe(objectName);
    const time = BigInt(`0x${name.slice(-16)}`) - start;
    expect(time >= 0n && time < 1_000_000n).toBe(true);
  });

  test.each(['system:controller', 'Upper', '', 'a'.repeat(237), '-a', 'a/../b', '-'.repeat(1_000_000)])(
    'of one that they may not have: %.20s',
    (objectName) => {
      expect(names.next(objectName)).toMatch(Uuid);
    },
  );
});

test('names of one object within a millisecond differ, and so do those after the clock was set back', () => {
  const clock = new FakeClock();
  const names = new EventNames(clock);
  clock.random = () => 0.5;
  const all = [];
  for (let i = 0; i < 1000; i++) all.push(names.next('a'));
  clock.now = () => 0;
  all.push(names.next('a'));
  expect(new Set(all).size).toBe(1001);
  // In the order in which they were made.
  expect(all).toEqual(all.toSorted());
});
