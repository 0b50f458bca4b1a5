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
