import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fnv1a64 } from './fnv1a64.js';
import { ShardLayout } from './shard-layout.js';

test('the ranges of all shards follow one another, from 0 to 2^64', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1024 }), (shards) => {
      const layout = new ShardLayout(shards, 'uid');
      const ranges = Array.from({ length: shards }, (_, shard) => layout.rangeOf(shard));
      expect(ranges.at(0)!.start).toBe(0n);
      expect(ranges.at(-1)!.end).toBe(2n ** 64n);
      for (const [index, { start }] of ranges.slice(1).entries()) expect(start).toBe(ranges.at(index)!.end);
    }),
  );
});

test('an object is in the shard whose range has its hash', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1024 }), fc.uuid(), (shards, uid) => {
      const layout = new ShardLayout(shards, 'uid');
      const { high, low } = fnv1a64(uid);
      const hash = (BigInt(high) << 32n) | BigInt(low);
      const { start, end } = layout.rangeOf(layout.shardOf({ uid })!);
      expect(start <= hash && hash < end).toBe(true);
    }),
  );
});

test('by namespace, all of a namespace are together; what has none, too', () => {
  const layout = new ShardLayout(16, 'namespace');
  expect(layout.shardOf({ namespace: 'a', uid: '1' })).toBe(layout.shardOf({ namespace: 'a', uid: '2' }));
  expect(layout.shardOf(undefined)).toBe(layout.shardOf({ namespace: '' }));
});

test('what has no uid is in no shard', () => {
  const layout = new ShardLayout(16, 'uid');
  expect(layout.shardOf({})).toBeUndefined();
  expect(layout.shardOf({ uid: '' })).toBeUndefined();
  expect(layout.shardOf({ uid: 7 as unknown as string })).toBeUndefined();
});

test('selectors have as few ranges as there can be, and no shards select nothing', () => {
  const layout = new ShardLayout(4, 'uid');
  expect(layout.selectorOf([1, 0, 3])).toBe(
    "shardRange(object.metadata.uid, '0x0000000000000000', '0x8000000000000000') || " +
      "shardRange(object.metadata.uid, '0xc000000000000000', '0x10000000000000000')",
  );
  expect(layout.selectorOf([])).toBe("shardRange(object.metadata.uid, '0x0000000000000000', '0x0000000000000001')");
});

test.each([0, 1.5, 1025, NaN])('%d shards are refused', (shards) => {
  expect(() => new ShardLayout(shards, 'uid')).toThrow(`shards: expected a whole number from 1 to 1024, got ${shards}`);
});
