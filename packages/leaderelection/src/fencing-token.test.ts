import { expect, test } from 'vitest';
import { type FencingToken, isFencedOff } from './fencing-token.js';

const token = (transitions: number, holder: string, lock = 'ns/name'): FencingToken => ({ lock, transitions, holder });

test.each<[string, FencingToken | undefined, boolean]>([
  ['nobody', undefined, false],
  ['a former leader', token(1, 'other'), false],
  ['oneself', token(2, 'me'), false],
  ['a later leader', token(3, 'other'), true],
  ['oneself, later', token(3, 'me'), true],
  ['another of the same term', token(2, 'other'), true],
])('what %s wrote', (_, stored, fenced) => {
  expect(isFencedOff(token(2, 'me'), stored)).toBe(fenced);
});

test('tokens of different locks say nothing of each other', () => {
  expect(() => isFencedOff(token(1, 'me'), token(1, 'me', 'ns/other'))).toThrow(
    'expected a fencing token of "ns/name", got one of "ns/other"',
  );
});
