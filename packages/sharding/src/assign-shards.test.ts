import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignShards } from './assign-shards.js';

const name = fc.stringMatching(/^[a-z]{1,8}$/);
const members = fc.uniqueArray(name, { minLength: 1, maxLength: 12 });
const shards = fc.integer({ min: 1, max: 64 });

/** As they are when everybody has what it is to have. */
function settled(shards: number, members: readonly string[], holders = new Map<number, string>()): Map<number, string> {
  return new Map(assignShards(shards, members, holders).map((member, shard) => [shard, member!]));
}

function moved(before: ReadonlyMap<number, string>, after: ReadonlyMap<number, string>): number {
  return [...before].filter(([shard, member]) => after.get(shard) !== member).length;
}

test('shares differ by one at most, whatever there was before, and the order of names is of no concern', () => {
  const holders = fc.array(fc.tuple(fc.nat(63), name)).map((pairs) => new Map(pairs));
  fc.assert(
    fc.property(shards, members, holders, (shards, members, holders) => {
      const before = new Map([...holders].filter(([shard]) => shard < shards));
      const after = settled(shards, members, before);
      const shares = members.map((member) => [...after.values()].filter((holder) => holder === member).length);
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      expect(settled(shards, members.toReversed(), before)).toEqual(after);
      // Who has what he is to have keeps it.
      expect(settled(shards, members, after)).toEqual(after);
    }),
  );
});

test('when one comes, no more moves than its share; when one goes, nothing but what it had', () => {
  fc.assert(
    fc.property(shards, members, name, (shards, members, other) => {
      fc.pre(!members.includes(other));
      const before = settled(shards, members);
      const joined = settled(shards, [...members, other], before);
      expect(moved(before, joined)).toBeLessThanOrEqual(Math.ceil(shards / (members.length + 1)));
      const had = [...joined.values()].filter((member) => member === other).length;
      expect(moved(joined, settled(shards, members, joined))).toBe(had);
    }),
  );
});

test('in a hand-over half done, the rest stays as it was decided', () => {
  fc.assert(
    fc.property(shards, members, name, fc.infiniteStream(fc.boolean()), (shards, members, other, done) => {
      fc.pre(!members.includes(other));
      const before = settled(shards, members);
      const goal = settled(shards, [...members, other], before);
      const half = new Map([...before].filter(([shard, member]) => goal.get(shard) === member || !done.next().value));
      const after = settled(shards, [...members, other], half);
      // Of what was given up, which of the newcomers takes it may change; who keeps what does not.
      for (const [shard, member] of half) expect(after.get(shard) === member).toBe(goal.get(shard) === member);
    }),
  );
});

test('nobody has anything when there is nobody', () => {
  expect(assignShards(2, [], new Map([[0, 'gone']]))).toEqual([undefined, undefined]);
});

test('who gets what is spread', () => {
  const first = settled(32, ['a', 'b', 'c', 'd']);
  const runs = [...first.values()].filter((member, shard) => member !== first.get(shard - 1)).length;
  expect(runs).toBeGreaterThan(12);
});
