import { expect, test } from 'vitest';
import { estimateBytes } from './estimate-bytes.js';

const shared = { x: 'abc' };

test.each<[string, readonly unknown[], number]>([
  ['nothing', [], 0],
  ['what is no object', [1, true, null], 0],
  ['a string, in whole words', ['abc', 'abcdefghi'], 24 + 32],
  ['an object, with its properties', [{ a: 1, b: 'abc' }], 24 + 2 * 8 + 24],
  ['an array, with its items', [[1, 'abc']], 32 + 2 * 8 + 24],
  ['what is shared, once', [shared, { y: shared }], 24 + 8 + 24 + 24 + 8],
  ['many, by a hundred of them', Array.from({ length: 100_000 }, () => ({ a: 1 })), 3_200_000],
])('the size of %s is estimated', (_, values, bytes) => {
  expect(estimateBytes(values)).toBe(bytes);
});
