import type { Lease } from '@client-ts/api/coordination/v1';

/** A member, as its Lease says. */
export interface MemberView {
  readonly identity: string;
  /** Counts its terms: whoever holds a shard does so for one of them. */
  readonly term: number;
  /** It holds its Lease, and has not given it up. */
  readonly joined: boolean;
  /** It is about to go, and takes no shards. */
  readonly leaving: boolean;
  /** See `ShardLayout.name`. */
  readonly layout: string;
  readonly leaseDurationMs: number;
  /** Another one with each sign of life. */
  readonly sign: string;
  /** It has looked at all Leases as they were at this version, and let go of what was not its own then; `undefined`: it did not say. */
  readonly seen: string | undefined;
  readonly lease: Lease;
}

/** One term of one member. */
export interface Holder {
  readonly identity: string;
  readonly term: number;
}

/** Who holds a shard, as its Lease says. */
export interface ClaimView {
  readonly shard: number;
  readonly holder: Holder | undefined;
  /** Counts the claims. */
  readonly transitions: number;
  /** Nobody has had the shard by this Lease: it was made in the place of none, or of one that was deleted. */
  readonly isNew: boolean;
  /** Of the Lease. */
  readonly version: string;
  readonly lease: Lease;
}

/** All Leases of a group, as they were at one moment between `sentAt` and `receivedAt`, which are times of the reader's own clock. */
export interface GroupView {
  readonly sentAt: number;
  readonly receivedAt: number;
  /** Of all of it. */
  readonly version: string;
  readonly members: ReadonlyMap<string, MemberView>;
  readonly claims: ReadonlyMap<number, ClaimView>;
}
