import { expect, test } from 'vitest';
import { compareResourceVersion } from './resource-version.js';

const big = `9${'0'.repeat(40)}`;

test.each([
  ['1', '1', 0],
  ['1', '2', -1],
  ['9', '10', -1],
  ['19', '2', 1],
  ['9007199254740993', '9007199254740992', 1],
  [big, `${big}0`, -1],
  [big, big, 0],
  [big, '1', 1],
])('%s and %s compare as %i, and the other way round', (a, b, sign) => {
  expect(Math.sign(compareResourceVersion(a, b))).toBe(sign);
  expect(Math.sign(compareResourceVersion(b, a))).toBe(sign === 0 ? 0 : -sign);
});

test.each(['', '0', '01', '-1', '+1', ' 1', '1 ', '1\n', '1.0', '0x1', 'a', '1a', '１'])(
  '%j is no resource version that can be compared',
  (version) => {
    const message = `resource version ${JSON.stringify(version)} is not a positive decimal number`;
    expect(() => compareResourceVersion(version, '1')).toThrow(new RangeError(message));
    expect(() => compareResourceVersion('1', version)).toThrow(new RangeError(message));
  },
);
