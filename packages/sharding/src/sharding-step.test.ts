import { expect, test } from 'vitest';
import type { ClaimView, GroupView, MemberView } from './group-view.js';
import { type ShardingState, type ShardingStep, shardingStep } from './sharding-step.js';

const Rules = { identity: 'me', shards: 1, layout: 'uid-1', leaseDurationMs: 3000 };

function member(identity: string, more: Partial<MemberView> = {}): MemberView {
  const usual = { term: 1, joined: true, leaving: false, layout: 'uid-1', leaseDurationMs: 3000, sign: 'x', lease: {} };
  return { identity, ...usual, ...more };
}

function claim(identity: string | undefined, term = 1, transitions = 7): ClaimView {
  return { shard: 0, holder: identity === undefined ? undefined : { identity, term }, transitions, lease: {} };
}

function view(at: number, members: readonly MemberView[], claims: readonly ClaimView[]): GroupView {
  return {
    sentAt: at,
    receivedAt: at + 100,
    members: new Map(members.map((each) => [each.identity, each])),
    claims: new Map(claims.map((each) => [each.shard, each])),
  };
}

/** What follows from the last of these views. */
function after(views: readonly GroupView[], state: Partial<ShardingState> = {}): ShardingStep {
  let step: ShardingStep | undefined;
  for (const each of views) {
    const { sightings = new Map() } = step ?? {};
    step = shardingStep({ term: 1, leaving: false, holds: new Map(), ...state, sightings }, each, Rules);
  }
  return step!;
}

/** The first view is of time 0; the last one was sent so much later. */
function claimed(ms: number, others: readonly MemberView[], claims: readonly ClaimView[]): number[] {
  const members = [member('me'), ...others];
  return after([view(0, members, claims), view(ms, members, claims)]).claim.map(({ shard }) => shard);
}

test.each<[string, { ms: number; others: MemberView[]; claims: ClaimView[]; expected: number[] }]>([
  ['that nobody has ever had', { ms: 1, others: [], claims: [], expected: [0] }],
  ['that was released', { ms: 1, others: [], claims: [claim(undefined)], expected: [0] }],
  [
    'of a member that leaves',
    { ms: 1, others: [member('it', { leaving: true })], claims: [claim('it')], expected: [] },
  ],
  [
    'of a member that has left',
    { ms: 1, others: [member('it', { joined: false })], claims: [claim('it')], expected: [0] },
  ],
  [
    'of a term before',
    { ms: 1, others: [member('it', { term: 2, leaving: true })], claims: [claim('it')], expected: [0] },
  ],
  ['of a silent member, too soon', { ms: 3099, others: [member('it')], claims: [claim('it')], expected: [] }],
  ['of a silent member', { ms: 3100, others: [member('it')], claims: [claim('it')], expected: [0] }],
  [
    'of one that lasts longer',
    { ms: 3100, others: [member('it', { leaseDurationMs: 9000 })], claims: [claim('it')], expected: [] },
  ],
  ['of a member without Lease, too soon', { ms: 3099, others: [], claims: [claim('it')], expected: [] }],
  ['of a member without Lease', { ms: 3100, others: [], claims: [claim('it')], expected: [0] }],
  [
    'of a term that its Lease has not reached',
    { ms: 3099, others: [member('it', { joined: false })], claims: [claim('it', 2)], expected: [] },
  ],
  ['of one’s own, of a term before', { ms: 1, others: [], claims: [claim('me', 0)], expected: [0] }],
  ['of one’s own, whose answer was lost', { ms: 1, others: [], claims: [claim('me', 1)], expected: [0] }],
  [
    'while others divide in another way',
    { ms: 1, others: [member('it', { layout: 'uid-2' })], claims: [], expected: [] },
  ],
])('a shard is claimed or not: one %s', (_, { ms, others, claims, expected }) => {
  expect(claimed(ms, others, claims)).toEqual(expected);
});

test('a sign of life begins the time anew', () => {
  const seen = (at: number, sign: string): GroupView => view(at, [member('me'), member('it', { sign })], [claim('it')]);
  expect(after([seen(0, 'x'), seen(2000, 'y'), seen(5000, 'y')]).claim).toEqual([]);
  expect(after([seen(0, 'x'), seen(2000, 'y'), seen(5100, 'y')]).claim).toHaveLength(1);
});

test.each<[string, ShardingState['holds'], ClaimView[], Partial<ShardingStep>]>([
  ['is held', new Map([[0, { phase: 'held', transitions: 7 }]]), [claim('me')], {}],
  ['is given up when one leaves', new Map([[0, { phase: 'held', transitions: 7 }]]), [claim('me')], { giveUp: [0] }],
  ['is not released while work goes on', new Map([[0, { phase: 'ending', transitions: 7 }]]), [claim('me')], {}],
  ['is released', new Map([[0, { phase: 'ended', transitions: 7 }]]), [claim('me')], { release: [claim('me')] }],
  ['is taken by another', new Map([[0, { phase: 'held', transitions: 7 }]]), [claim('it')], { taken: [0] }],
  ['is claimed anew by oneself', new Map([[0, { phase: 'held', transitions: 6 }]]), [claim('me')], { taken: [0] }],
  ['has no Lease any more', new Map([[0, { phase: 'held', transitions: 7 }]]), [], { taken: [0] }],
])('a shard of one’s own %s', (what, holds, claims, expected) => {
  const step = after([view(0, [member('me')], claims)], { holds, leaving: what.includes('leaves') });
  expect(step).toMatchObject({ claim: [], giveUp: [], release: [], taken: [], ...expected });
});

test('Leases of members who are gone are forgotten, unless a claim names them', () => {
  const members = [member('me'), member('it', { joined: false }), member('holder')];
  const seen = (at: number): GroupView => view(at, members, [claim('holder')]);
  expect(after([seen(0), seen(3000)]).forget).toEqual([]);
  expect(after([seen(0), seen(3100)]).forget.map(({ identity }) => identity)).toEqual(['it']);
});
