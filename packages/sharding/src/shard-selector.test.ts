import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeRanges, type ShardRange, shardSelector } from './shard-selector.js';

const End = 2n ** 64n;

test.each<[string, [bigint, bigint][], [bigint, bigint][]]>([
  ['none', [], []],
  [
    'neighbours',
    [
      [4n, 8n],
      [0n, 4n],
    ],
    [[0n, 8n]],
  ],
  [
    'with a gap',
    [
      [0n, 4n],
      [5n, 8n],
    ],
    [
      [0n, 4n],
      [5n, 8n],
    ],
  ],
  [
    'one in another',
    [
      [0n, 8n],
      [2n, 3n],
    ],
    [[0n, 8n]],
  ],
  [
    'an empty one',
    [
      [3n, 3n],
      [9n, End],
    ],
    [[9n, End]],
  ],
])('ranges are merged: %s', (_, given, expected) => {
  const ranges = (pairs: [bigint, bigint][]): ShardRange[] => pairs.map(([start, end]) => ({ start, end }));
  expect(mergeRanges(ranges(given))).toEqual(ranges(expected));
});

test('merged ranges hold what the ranges held, in order and apart', () => {
  const range = fc.record({ start: fc.bigInt(0n, 40n), end: fc.bigInt(0n, 40n) });
  fc.assert(
    fc.property(fc.array(range), (ranges) => {
      const merged = mergeRanges(ranges);
      const held = (all: ShardRange[], hash: bigint): boolean =>
        all.some(({ start, end }) => start <= hash && hash < end);
      for (let hash = 0n; hash <= 40n; hash++) expect(held(merged, hash)).toBe(held(ranges, hash));
      for (const [index, { start }] of merged.slice(1).entries()) expect(start).toBeGreaterThan(merged.at(index)!.end);
    }),
  );
});

// selector_test.go: TestSelectorString
test('the text is what the server writes: sixteen digits, and seventeen for the end of all', () => {
  const ranges = [
    { start: 0n, end: 2n ** 60n },
    { start: 2n ** 63n, end: End },
  ];
  expect(shardSelector('uid', ranges)).toBe(
    "shardRange(object.metadata.uid, '0x0000000000000000', '0x1000000000000000') || " +
      "shardRange(object.metadata.uid, '0x8000000000000000', '0x10000000000000000')",
  );
  expect(() => shardSelector('uid', [])).toThrow('shardSelector: ranges: expected one that is not empty');
});
