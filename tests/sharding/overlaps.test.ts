import { expect, test } from 'vitest';
import { overlaps } from './overlaps.js';
import type { Span } from './worker-process.js';

function span(uid: string, holder: string, transitions: number, from: number, to: number): Span {
  return { uid, lock: 'lock', holder, transitions, from, to };
}

test.each<[string, Span[], string[]]>([
  ['one after the other', [span('x', 'a/0', 0, 0, 5), span('x', 'b/0', 1, 5, 9)], []],
  ['beside each other', [span('x', 'a/0', 0, 0, 5), span('x', 'b/0', 1, 4, 9)], ['b/0 works on x beside a/0']],
  [
    'within another',
    [span('x', 'a/0', 0, 0, 9), span('x', 'a/0', 0, 1, 2), span('x', 'b/0', 1, 4, 5)],
    ['b/0 works on x beside a/0'],
  ],
  ['of several objects', [span('x', 'a/0', 0, 0, 5), span('y', 'a/0', 0, 1, 9)], []],
  [
    'in the name of an old claim',
    [span('x', 'b/0', 1, 0, 1), span('y', 'a/0', 0, 2, 3)],
    ['a/0 has 0 of lock after 1 of b/0'],
  ],
  ['two of one claim', [span('x', 'b/0', 1, 0, 1), span('y', 'a/0', 1, 2, 3)], ['a/0 has 1 of lock after 1 of b/0']],
])('work on objects: %s', (_, spans, expected) => {
  expect(overlaps(spans)).toEqual(expected);
});
