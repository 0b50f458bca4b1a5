import { expect, it } from 'vitest';
import { goFloat } from './go-number.js';

it.each([
  [0, '0'],
  [-0, '-0'],
  [1.5, '1.5'],
  [100_000, '100000'],
  [999_999.5, '999999.5'],
  [1_000_000, '1e+06'],
  [1_234_567.5, '1.2345675e+06'],
  [-1e20, '-1e+20'],
  [1.5e100, '1.5e+100'],
  [0.0001, '0.0001'],
  [0.000_01, '1e-05'],
  [5e-324, '5e-324'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
])('prints %d as Go does', (value, text) => {
  expect(goFloat(value)).toBe(text);
});
