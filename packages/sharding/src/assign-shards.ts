import { fnv1a64 } from './fnv1a64.js';

/**
 * Who shall hold which shard: the same answer wherever it is asked with the same facts.
 *
 * - Shares differ by one shard at most. Rendezvous hashing alone would give one of four members half as much again as another.
 * - Whoever holds a shard keeps it, as long as his share has room: no shard moves that need not. When one of `n` members comes or
 *   goes, about a `n`th of the shards do.
 * - Which ones, and to whom, is decided by rendezvous hashing: for each pair of shard and member there is a weight, and the
 *   heaviest wins.
 *
 * @param holders - of the shards that somebody holds; who is no member counts as nobody, and a shard that there is not as none.
 * @returns the member of each shard, by its index; all are `undefined` when there are no members.
 * @see Thaler and Ravishankar, "A Name-Based Mapping Scheme for Rendezvous", 1996
 */
export function assignShards(
  shards: number,
  members: readonly string[],
  holders: ReadonlyMap<number, string>,
): readonly (string | undefined)[] {
  const target: (string | undefined)[] = Array.from({ length: shards }, () => undefined);
  const held = new Map<string, number[]>(members.map((member) => [member, []]));
  if (held.size === 0) return target;
  for (const [shard, member] of holders) if (shard < shards) held.get(member)?.push(shard);
  const room = roomOf(shards, held);
  const take = (shard: number, member: string): void => {
    target[shard] = member;
    room.set(member, room.get(member)! - 1);
  };
  for (const [member, own] of held) {
    const kept = byWeight(own, (shard) => weight(shard, member)).slice(0, room.get(member));
    for (const shard of kept) take(shard, member);
  }
  for (let shard = 0; shard < shards; shard++) {
    if (target[shard] !== undefined) continue;
    const free = [...room.keys()].filter((member) => room.get(member)! > 0);
    take(shard, byWeight(free, (member) => weight(shard, member))[0]!);
  }
  return target;
}

/** Equal shares; what is left over goes to those who have it already, and to the first by name then. */
function roomOf(shards: number, held: ReadonlyMap<string, readonly number[]>): Map<string, number> {
  const share = Math.floor(shards / held.size);
  const rest = shards % held.size;
  const hasMore = (member: string): number => (held.get(member)!.length > share ? 0 : 1);
  const sorted = [...held.keys()].toSorted((a, b) => hasMore(a) - hasMore(b) || (a < b ? -1 : 1));
  return new Map(sorted.map((member, index) => [member, share + (index < rest ? 1 : 0)]));
}

function weight(shard: number, member: string): number {
  const { high, low } = fnv1a64(`${shard}/${member}`);
  // The last bytes of a text hardly reach the upper bits of this hash; the lower ones they do.
  return Math.imul(high ^ low, 0x9e3779b1) >>> 0;
}

/** The heaviest first. */
function byWeight<T extends number | string>(all: readonly T[], weightOf: (each: T) => number): T[] {
  const weights = new Map(all.map((each) => [each, weightOf(each)]));
  return all.toSorted((a, b) => weights.get(b)! - weights.get(a)! || (a < b ? -1 : 1));
}
