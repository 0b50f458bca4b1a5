import { assignShards } from './assign-shards.js';
import type { ClaimView, GroupView, Holder, MemberView } from './group-view.js';
import { hasSeen, Presence } from './presence.js';
import { sight, type Sightings } from './sightings.js';

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

export interface ShardingState {
  /** Of one's own Lease. */
  readonly term: number;
  readonly leaving: boolean;
  readonly holds: ReadonlyMap<number, Hold>;
  readonly sightings: Sightings;
  readonly counts: Counts;
}

/** By shard, the greatest `transitions` that were seen: a Lease may be deleted, and what was written in its name stays. */
export type Counts = ReadonlyMap<number, number>;

export interface ShardingStep {
  readonly sightings: Sightings;
  readonly counts: Counts;
  /** Have no Leases: these are to be made, and looked at again. */
  readonly make: readonly { readonly shard: number; readonly transitions: number }[];
  /** New Leases that were made by who had seen less: they are to count on from here before anybody claims them. */
  readonly raise: readonly { readonly claim: ClaimView; readonly transitions: number }[];
  /** To be claimed, over what there is: by an update under its resource version. */
  readonly claim: readonly ClaimView[];
  /** Nothing new of these is to be begun. */
  readonly giveUp: readonly number[];
  /** Nothing goes on in these any more: their Leases are to be released. */
  readonly release: readonly ClaimView[];
  /** Somebody else wrote that they are his, or nobody's. */
  readonly taken: readonly number[];
  /** Have new Leases, and others wait for this member to say that it holds nothing by the ones before. */
  readonly unseen: readonly number[];
  /** Of shards that there are not, as there once were more; of holders who are gone. To be released. */
  readonly abandoned: readonly ClaimView[];
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
 *
 * A shard that has no Lease may be somebody's all the same, who has not seen yet that it was deleted. So a new one is made that
 * names nobody, which may be claimed when every other member has said that it has seen it, and so holds nothing by another one, or
 * is gone. Whoever has seen greater `transitions` than it has writes them there before.
 */
export function shardingStep(state: ShardingState, view: GroupView, rules: ShardingRules): ShardingStep {
  const sightings = sight(state.sightings, view, rules.leaseDurationMs);
  const counts = count(state, view);
  const presence = new Presence(sightings, view, rules);
  const { others } = presence;
  const isBehind = ({ shard, transitions }: ClaimView): boolean => transitions < counts.get(shard)!;
  const isFree = (claim: ClaimView): boolean => {
    if (!claim.holder) return !claim.isNew || (!isBehind(claim) && presence.hasLetGo(claim));
    return isFormer(claim.holder, state.term, rules.identity) || presence.isOver(claim.holder);
  };
  const strangers = presence.all.filter(({ layout }) => layout !== rules.layout).map(({ identity }) => identity);
  const members = others
    .filter(({ layout, leaving }) => layout === rules.layout && !leaving)
    .map(({ identity }) => identity);
  if (!state.leaving) members.push(rules.identity);
  const target = assignShards(rules.shards, members, holdersOf(view));

  const step = { claim: [] as ClaimView[], giveUp: [] as number[], release: [] as ClaimView[], taken: [] as number[] };
  const make: ShardingStep['make'][number][] = [];
  for (let shard = 0; shard < rules.shards; shard++) {
    const claim = view.claims.get(shard);
    const hold = state.holds.get(shard);
    const wanted = target[shard] === rules.identity;
    if (hold) {
      if (!claim || !isOwn(claim, hold, state.term, rules.identity)) step.taken.push(shard);
      else if (hold.phase === 'ended') step.release.push(claim);
      else if (hold.phase === 'held' && !wanted) step.giveUp.push(shard);
    } else if (wanted && strangers.length === 0) {
      if (!claim) make.push({ shard, transitions: counts.get(shard) ?? 0 });
      else if (isFree(claim)) step.claim.push(claim);
    }
  }
  const named = new Set(Array.from(view.claims.values(), ({ holder }) => holder?.identity));
  const forget = [...view.members.values()].filter(
    (each) => each.identity !== rules.identity && presence.isSilent(each) && !named.has(each.identity),
  );
  const own = view.members.get(rules.identity);
  const unseen = [...view.claims.values()].filter(({ isNew, version }) => isNew && !(own && hasSeen(own, version)));
  const behind = [...view.claims.values()].filter((claim) => claim.isNew && isBehind(claim));
  const isAbandoned = (claim: ClaimView): boolean => claim.shard >= rules.shards && !!claim.holder && isFree(claim);
  return {
    sightings,
    counts,
    make,
    raise: behind.map((claim) => ({ claim, transitions: counts.get(claim.shard)! })),
    ...step,
    unseen: others.length > 0 ? unseen.map(({ shard }) => shard) : [],
    abandoned: strangers.length > 0 ? [] : [...view.claims.values()].filter(isAbandoned),
    forget,
    strangers,
  };
}

function count({ counts, holds }: ShardingState, view: GroupView): Counts {
  const greatest = new Map(counts);
  const all = [...holds, ...view.claims];
  for (const [shard, { transitions }] of all) greatest.set(shard, Math.max(transitions, greatest.get(shard) ?? 0));
  return greatest;
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
