import { fnv1a64 } from './fnv1a64.js';
import { type ShardField, type ShardRange, shardSelector } from './shard-selector.js';

/** More would make selectors that no URL has room for, and Leases that nobody wants to list. */
const MaxShards = 1024;

const TwoTo32 = 2 ** 32;

/** No uid that a server makes has this hash, as far as anybody will live to see. */
const Nothing: ShardRange = { start: 0n, end: 1n };

/** The division of all objects into shards: equal parts of the hashes of one field. The same for all who share the work. */
export class ShardLayout {
  readonly shards: number;
  readonly by: ShardField;

  /** @throws RangeError when `shards` is no whole number from 1 to 1024. */
  constructor(shards: number, by: ShardField) {
    if (!(Number.isInteger(shards) && shards >= 1 && shards <= MaxShards))
      throw new RangeError(`shards: expected a whole number from 1 to ${MaxShards}, got ${shards}`);
    this.shards = shards;
    this.by = by;
  }

  /** Tells layouts apart: `uid-32`. Fits into a label. */
  get name(): string {
    return `${this.by}-${this.shards}`;
  }

  /** The shard of an object; `undefined` when it has no uid to go by. What has no namespace has `""`, as on the server. */
  shardOf(
    metadata: { readonly uid?: string | undefined; readonly namespace?: string | undefined } | undefined,
  ): number | undefined {
    const value = this.by === 'uid' ? metadata?.uid : (metadata?.namespace ?? '');
    if (typeof value !== 'string' || (this.by === 'uid' && value === '')) return undefined;
    // The boundaries are multiples of 2^32: the upper half decides.
    return Math.floor((fnv1a64(value).high * this.shards) / TwoTo32);
  }

  rangeOf(shard: number): ShardRange {
    const bound = (index: number): bigint => BigInt(Math.ceil((index * TwoTo32) / this.shards)) << 32n;
    return { start: bound(shard), end: bound(shard + 1) };
  }

  /** Selects the objects of these shards; of no shards, objects that there are not: the empty selector stands for all. */
  selectorOf(shards: Iterable<number>): string {
    const ranges = Array.from(shards, (shard) => this.rangeOf(shard));
    return shardSelector(this.by, ranges.length === 0 ? [Nothing] : ranges);
  }
}
