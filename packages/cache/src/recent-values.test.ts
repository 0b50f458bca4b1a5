import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { RecentValues } from './recent-values.js';

function setUp(maxSize = 3): { clock: FakeClock; values: RecentValues<string>; keys: () => string[] } {
  const clock = new FakeClock();
  const values = new RecentValues<string>({ ttlMs: 1000, maxSize, clock });
  return { clock, values, keys: () => [...values].map(([key]) => key) };
}

test('a value is remembered for its time, and for that again when it is set anew', async () => {
  const { clock, values, keys } = setUp();
  values.set('a', 'A');
  await clock.advance(1000);
  expect([values.get('a'), keys()]).toEqual(['A', ['a']]);
  values.set('a', 'B');
  await clock.advance(1000);
  expect(values.get('a')).toBe('B');
  await clock.advance(1);
  expect([keys(), values.get('a')]).toEqual([[], undefined]);
});

test('a use makes a value no younger, but keeps it longer than others', async () => {
  const { clock, values, keys } = setUp();
  for (const key of ['a', 'b', 'c']) values.set(key, key);
  values.get('a');
  values.set('d', 'd');
  expect(keys()).toEqual(['c', 'a', 'd']);
  await clock.advance(1001);
  expect(values.get('a')).toBeUndefined();
});

test('to look through all is no use of any', () => {
  const { values, keys } = setUp(2);
  for (const key of ['a', 'b']) values.set(key, key);
  keys();
  values.set('c', 'c');
  expect(keys()).toEqual(['b', 'c']);
});

test('what was deleted is gone', () => {
  const { values, keys } = setUp();
  values.set('a', 'A');
  values.delete('a');
  values.delete('never there');
  expect([values.get('a'), keys()]).toEqual([undefined, []]);
});
