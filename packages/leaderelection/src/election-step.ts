import type { LeaderElectionRecord, LockedRecord } from './lock.js';

/** What is the same throughout an election. */
export interface ElectionRules {
  readonly identity: string;
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  /** The control plane chooses who leads: see `LeaderElectionConfig.coordinated`. */
  readonly coordinated: boolean;
}

/** The record that was seen last. */
export interface Observed {
  readonly locked: LockedRecord;
  /** When it was first seen as it is, by this process' own clock. What others write of time counts for nothing. */
  readonly since: number;
}

/** Why somebody no longer leads. */
export type LossReason =
  /** The lease was not renewed in time: requests failed, or the event loop was held up. */
  | 'expired'
  /** Somebody else has the lease, or nobody. */
  | 'taken'
  /** The control plane wants another one to lead. */
  | 'end of term';

export type ElectionState =
  | { readonly phase: 'following'; readonly observed?: Observed | undefined }
  | {
      readonly phase: 'leading';
      readonly observed: Observed;
      /** When the last renewal that succeeded was sent. Nobody else has started to wait before that. */
      readonly renewedAt: number;
    }
  | {
      readonly phase: 'lost';
      readonly why: LossReason;
      readonly observed: Observed;
      readonly renewedAt: number;
    };

/** What happens to an elector; `now` is by its own clock, which never goes back. */
export type ElectionInput = { readonly now: number } & (
  | { readonly type: 'look' }
  /** It is time to acquire or to renew. */
  | { readonly type: 'turn'; readonly time: string }
  | { readonly type: 'found'; readonly locked: LockedRecord; readonly time: string }
  | { readonly type: 'missing'; readonly time: string }
  | { readonly type: 'written'; readonly locked: LockedRecord; readonly sentAt: number }
  /** A renewal over what was observed was refused, or not answered. What else fails is tried again at the next turn. */
  | { readonly type: 'renewal failed' }
);

/** The request to send next. */
export type ElectionRequest =
  | { readonly verb: 'get' }
  | { readonly verb: 'create'; readonly record: LeaderElectionRecord }
  | { readonly verb: 'update'; readonly over: LockedRecord; readonly record: LeaderElectionRecord }
  /** An update over what was observed, without looking first. */
  | { readonly verb: 'renew'; readonly over: LockedRecord; readonly record: LeaderElectionRecord };

export interface ElectionStep {
  readonly state: ElectionState;
  readonly request?: ElectionRequest | undefined;
}

/**
 * The rules of an election, without its requests: client-go's `tryAcquireOrRenew` and `tryCoordinatedRenew`, and when to step
 * down. The lease is held from when a write that succeeded was sent, for the renew deadline; others wait for the longer lease
 * duration from when they saw that write, which is later. So there is a pause between any two leaders, whatever clocks say.
 */
export function electionStep(state: ElectionState, input: ElectionInput, rules: ElectionRules): ElectionStep {
  if (state.phase === 'lost') return { state };
  if (state.phase === 'leading' && input.now >= state.renewedAt + rules.renewDeadlineMs) return lose(state, 'expired');
  switch (input.type) {
    case 'look':
      return { state };
    case 'turn': {
      if (state.phase === 'following' || rules.coordinated) return { state, request: { verb: 'get' } };
      const over = state.observed.locked;
      return { state, request: { verb: 'renew', over, record: renewed(over.record, input.time, rules) } };
    }
    case 'renewal failed':
      return { state, request: { verb: 'get' } };
    case 'missing':
      return missing(state, input.time, rules);
    case 'found':
      return found(state, input, rules);
    case 'written':
      return written(state, input, rules);
  }
}

function missing(state: Exclude<ElectionState, { phase: 'lost' }>, time: string, rules: ElectionRules): ElectionStep {
  // The control plane makes the leases of coordinated elections.
  if (rules.coordinated) return { state };
  const before = state.observed?.locked.record;
  if (state.phase === 'leading') {
    // Deleted behind the leader's back, which goes on with its term.
    return { state, request: { verb: 'create', record: renewed(state.observed.locked.record, time, rules) } };
  }
  const leaderTransitions = before ? before.leaderTransitions + 1 : 0;
  return { state, request: { verb: 'create', record: acquired(leaderTransitions, time, rules) } };
}

function found(
  state: Exclude<ElectionState, { phase: 'lost' }>,
  { locked, now, time }: Extract<ElectionInput, { type: 'found' }>,
  rules: ElectionRules,
): ElectionStep {
  const { record } = locked;
  const same = state.observed !== undefined && sameRecord(state.observed.locked.record, record);
  const observed: Observed = { locked, since: same ? state.observed.since : now };
  const own = record.holderIdentity === rules.identity;
  if (state.phase === 'leading') {
    const sameTerm = own && record.leaderTransitions === state.observed.locked.record.leaderTransitions;
    if (!sameTerm) return lose({ ...state, observed }, 'taken');
    if (rules.coordinated && record.preferredHolder) return lose({ ...state, observed }, 'end of term');
    const request: ElectionRequest = { verb: 'update', over: locked, record: renewed(record, time, rules) };
    return { state: { ...state, observed }, request };
  }
  const next: ElectionState = { phase: 'following', observed };
  const free = record.holderIdentity === '' || observed.since + record.leaseDurationSeconds * 1000 <= now;
  if (rules.coordinated) {
    if (!own || free || record.preferredHolder) return { state: next };
    // The control plane says who, and does not count terms.
    const begun = { ...renewed(record, time, rules), leaderTransitions: record.leaderTransitions + 1 };
    return { state: next, request: { verb: 'update', over: locked, record: begun } };
  }
  if (!free && !own) return { state: next };
  // Of one's own from before, too: what that term's work still writes has to be told apart from this one's.
  const taken = acquired(record.leaderTransitions + 1, time, rules);
  return { state: next, request: { verb: 'update', over: locked, record: taken } };
}

function written(
  state: Exclude<ElectionState, { phase: 'lost' }>,
  { locked, sentAt, now }: Extract<ElectionInput, { type: 'written' }>,
  rules: ElectionRules,
): ElectionStep {
  const observed: Observed = { locked, since: now };
  // The answer came too late to begin with.
  if (now >= sentAt + rules.renewDeadlineMs) return { state: { phase: 'following', observed } };
  return { state: { phase: 'leading', observed, renewedAt: sentAt } };
}

function lose(state: Extract<ElectionState, { phase: 'leading' }>, why: LossReason): ElectionStep {
  return { state: { ...state, phase: 'lost', why } };
}

function renewed(record: LeaderElectionRecord, time: string, rules: ElectionRules): LeaderElectionRecord {
  return { ...record, leaseDurationSeconds: rules.leaseDurationMs / 1000, renewTime: time };
}

function acquired(leaderTransitions: number, time: string, rules: ElectionRules): LeaderElectionRecord {
  return {
    holderIdentity: rules.identity,
    leaseDurationSeconds: rules.leaseDurationMs / 1000,
    acquireTime: time,
    renewTime: time,
    leaderTransitions,
  };
}

/** A change beside the record, such as of a label, is no sign of life. */
function sameRecord(one: LeaderElectionRecord, other: LeaderElectionRecord): boolean {
  return (
    one.holderIdentity === other.holderIdentity &&
    one.leaseDurationSeconds === other.leaseDurationSeconds &&
    one.acquireTime === other.acquireTime &&
    one.renewTime === other.renewTime &&
    one.leaderTransitions === other.leaderTransitions &&
    one.strategy === other.strategy &&
    one.preferredHolder === other.preferredHolder
  );
}
