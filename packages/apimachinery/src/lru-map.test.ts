import { expect, test } from 'vitest';
import { LruMap } from './lru-map.js';

test('what was neither set nor read for the longest time makes place, and is given back', () => {
  const map = new LruMap<number>(2);
  expect(map.set('a', 1)).toBeUndefined();
  expect(map.set('b', 2)).toBeUndefined();
  expect(map.get('a')).toBe(1);
  expect(map.set('c', 3)).toBe(2);
  expect(map.set('a', 4)).toBeUndefined();
  expect(map.set('d', 5)).toBe(3);
  expect([...map.values()]).toEqual([4, 5]);
  map.delete('a');
  expect(map.get('a')).toBeUndefined();
  expect(map.size).toBe(1);
});

test('what is not there, or had to make place, is made', () => {
  const made: string[] = [];
  const map = new LruMap<string>(2);
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) {
    const value = map.getOrMake(key, () => {
      made.push(key);
      return key;
    });
    expect(value).toBe(key);
  }
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});
