import { expect, it } from 'vitest';
import { canonicalQuantity, compareQuantities } from './quantity.js';

it.each([
  ['0', '0'],
  ['0Gi', '0'],
  ['1', '1'],
  ['+1', '1'],
  ['1000m', '1'],
  ['0.5', '500m'],
  ['.5', '500m'],
  ['1.', '1'],
  ['1500m', '1500m'],
  ['1000', '1k'],
  ['1500', '1500'],
  ['1024Mi', '1Gi'],
  ['0.5Gi', '512Mi'],
  ['1000Ki', '1000Ki'],
  ['512', '512'],
  ['0.1Ki', '102400m'],
  ['100e1', '1e3'],
  ['5e-3', '5e-3'],
  ['1E', '1E'],
  ['-2Ki', '-2Ki'],
  ['0.1n', '1n'],
  ['12345678901234567890', '12345678901234567890'],
])('writes %s as %s', (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical);
  expect(canonicalQuantity(canonical)).toBe(canonical);
});

it.each(['', 'x', '1 Gi', '1gi', '--1', '.', '1e', 'true', '1e99999999', '9'.repeat(2000)])(
  'refuses %s, in no time',
  (text) => {
    try {
      expect(canonicalQuantity(text).length).toBeLessThan(3000);
    } catch (error) {
      expect((error as Error).name).toBe('DecodeError');
    }
  },
);

it.each([
  ['1', '1', 0],
  ['1', '1k', -1],
  ['1Gi', '1G', 1],
  ['-1', '0', -1],
  ['100m', '1', -1],
])('compares %s with %s', (a, b, order) => {
  expect(Math.sign(compareQuantities(a, b))).toBe(order);
});
