import { expect, test } from 'vitest';
import { RecentMap } from './recent-map.js';

test('keeps what was asked for last', () => {
  const made: string[] = [];
  const map = new RecentMap<string>(2);
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) {
    map.get(key, () => {
      made.push(key);
      return key;
    });
  }
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});
