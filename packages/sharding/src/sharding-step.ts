import { assignShards } from './assign-shards.js';
import type { ClaimView, GroupView, Holder, MemberView } from './group-view.js';

/** What is the same throughout. */
export interface ShardingRules {
  readonly identity: string;
  readonly shards: number;
  /** See `ShardLayout.name`. */
  readonly layout: string;
  /** How long the Lease of a member is waited for that is not there. */
  readonly leaseDurationMs: number;
}

/** A shard of one's own: worked on, given up while work on it ends, or given up and nothing left to end. */
export type HoldPhase = 'held' | 'ending' | 'ended';

export interface Hold {
  readonly phase: HoldPhase;
  /** Of the claim. */
  readonly transitions: number;
}

/** When something was first seen as it is. */
interface Sighting {
  readonly sign: string;
  readonly since: number;
}

export type Sightings = ReadonlyMap<string, Sighting>;

export interface ShardingState {
  /** Of one's own Lease. */
  readonly term: number;
  readonly leaving: boolean;
  readonly holds: ReadonlyMap<number, Hold>;
  readonly sightings: Sightings;
}

export interface ShardingStep {
  readonly sightings: Sightings;
  /** To be claimed, over what there is: an update under its resource version, or the creation of a Lease. */
  readonly claim: readonly (ClaimView | { readonly shard: number; readonly lease?: undefined })[];
  /** Nothing new of these is to be begun. */
  readonly giveUp: readonly number[];
  /** Nothing goes on in these any more: their Leases are to be released. */
  readonly release: readonly ClaimView[];
  /** Somebody else wrote that they are his, or nobody's. */
  readonly taken: readonly number[];
  /** Leases of members who are long gone, and hold nothing. */
  readonly forget: readonly MemberView[];
  /** Members who divide the objects in another way: as long as they are there, nothing is claimed. */
  readonly strangers: readonly string[];
}

/**
 * The rules by which members share shards, without requests.
 *
 * A claim counts as long as the term of the member that made it; the member alone renews its Lease, and no claim. So a shard
 * may be claimed when its Lease names nobody, or a term that is over:
 *
 * - the member's Lease has been released, which it is after its work, or it is in a later term;
 * - or it has been silent: a view that was asked for a whole lease duration after the Lease was first seen as it is still shows it so.
 *   The member itself stopped to count on it before, at the shorter renew deadline, and what it renews too late is not a term.
 *
 * Claims are written under the resource version of what was seen, so that of two who claim one fails; and each counts
 * `transitions` up, so that later claims have greater fencing tokens.
 */
export function shardingStep(state: ShardingState, view: GroupView, rules: ShardingRules): ShardingStep {
  const sightings = sight(state.sightings, view);
  const quietMs = (key: string): number => view.sentAt - (sightings.get(key)?.since ?? view.receivedAt);
  const isSilent = ({ identity, leaseDurationMs }: MemberView): boolean => quietMs(identity) >= leaseDurationMs;
  const isOver = (holder: Holder): boolean => {
    const member = view.members.get(holder.identity);
    if (!member || member.term < holder.term) return quietMs(keyOf(holder)) >= rules.leaseDurationMs;
    return member.term > holder.term || !member.joined || isSilent(member);
  };

  const present = [...view.members.values()].filter((each) => each.joined && !isSilent(each));
  const strangers = present.filter(({ layout }) => layout !== rules.layout).map(({ identity }) => identity);
  const members = present
    .filter(({ identity, layout, leaving }) => layout === rules.layout && !leaving && identity !== rules.identity)
    .map(({ identity }) => identity);
  if (!state.leaving) members.push(rules.identity);
  const target = assignShards(rules.shards, members, holdersOf(view));

  const step = { claim: [] as ShardingStep['claim'][number][], giveUp: [] as number[], release: [] as ClaimView[] };
  const taken: number[] = [];
  for (let shard = 0; shard < rules.shards; shard++) {
    const claim = view.claims.get(shard);
    const hold = state.holds.get(shard);
    const wanted = target[shard] === rules.identity;
    if (hold) {
      if (!claim || !isOwn(claim, hold, state.term, rules.identity)) taken.push(shard);
      else if (hold.phase === 'ended') step.release.push(claim);
      else if (hold.phase === 'held' && !wanted) step.giveUp.push(shard);
    } else if (wanted && strangers.length === 0) {
      if (!claim) step.claim.push({ shard });
      else if (!claim.holder || isFormer(claim.holder, state.term, rules.identity) || isOver(claim.holder))
        step.claim.push(claim);
    }
  }
  const named = new Set(Array.from(view.claims.values(), ({ holder }) => holder?.identity));
  const forget = [...view.members.values()].filter(
    (each) => each.identity !== rules.identity && isSilent(each) && !named.has(each.identity),
  );
  return { sightings, ...step, taken, forget, strangers };
}

function isOwn({ holder, transitions }: ClaimView, hold: Hold, term: number, identity: string): boolean {
  return holder?.identity === identity && holder.term === term && transitions === hold.transitions;
}

/** A claim of one's own of which nobody knows: of a term before, or one whose answer was lost. */
function isFormer(holder: Holder, term: number, identity: string): boolean {
  return holder.identity === identity && holder.term <= term;
}

function holdersOf(view: GroupView): Map<number, string> {
  const holders = new Map<number, string>();
  for (const { shard, holder } of view.claims.values()) if (holder) holders.set(shard, holder.identity);
  return holders;
}

/** Of a holder whose Lease does not tell of its term. */
function keyOf({ identity, term }: Holder): string {
  return `${identity}/${term}`;
}

function sight(before: Sightings, view: GroupView): Sightings {
  const sightings = new Map<string, Sighting>();
  const see = (key: string, sign: string): void => {
    const known = before.get(key);
    sightings.set(key, known?.sign === sign ? known : { sign, since: view.receivedAt });
  };
  for (const { identity, sign } of view.members.values()) see(identity, sign);
  for (const { holder } of view.claims.values()) {
    if (!holder) continue;
    const member = view.members.get(holder.identity);
    if (!member || member.term < holder.term) see(keyOf(holder), 'missing');
  }
  return sightings;
}
