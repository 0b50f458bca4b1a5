import { expect, test } from 'vitest';
import { suggestion } from './suggestion.js';

test.for<[string, string[], string | undefined]>([
  ['imagePullPolcy', ['image', 'imagePullPolicy'], 'imagePullPolicy'],
  ['Image', ['images', 'image'], 'image'],
  ['nam', ['name'], 'name'],
  ['port', ['ports', 'port'], 'port'],
  ['a', ['b'], undefined],
  ['ab', ['cd'], undefined],
  ['selektr', ['selector'], 'selector'],
  ['label', ['annotations'], undefined],
  ['x'.repeat(65), ['x'.repeat(65)], undefined],
  ['late', [...Array.from({ length: 500 }, () => 'x'), 'late'], undefined],
])('%s', ([name, candidates, expected]) => {
  expect(suggestion(name, candidates)).toBe(expected);
});
