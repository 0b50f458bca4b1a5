import { expect, test } from 'vitest';
import type { ClaimView, GroupView, MemberView } from './group-view.js';
import { type ShardingState, type ShardingStep, shardingStep } from './sharding-step.js';

const Rules = { identity: 'me', shards: 1, layout: 'uid-1', leaseDurationMs: 3000 };

function member(identity: string, more: Partial<MemberView> = {}): MemberView {
  const usual = { term: 1, joined: true, leaving: false, layout: 'uid-1', leaseDurationMs: 3000, sign: 'x' };
  return { identity, ...usual, seen: undefined, lease: {}, ...more };
}

function claim(identity: string | undefined, term = 1, transitions = 7): ClaimView {
  const holder = identity === undefined ? undefined : { identity, term };
  return { shard: 0, holder, transitions, isNew: false, version: '20', lease: {} };
}

/** It takes no shards; what it holds it has still to give up. */
function leaving(seen?: string): MemberView {
  return member(`it-${seen}`, { leaving: true, seen });
}

/** Nobody's, and never anybody's. */
const fresh: ClaimView = { ...claim(undefined), isNew: true };

function view(at: number, members: readonly MemberView[], claims: readonly ClaimView[]): GroupView {
  return {
    sentAt: at,
    receivedAt: at + 100,
    version: '30',
    members: new Map(members.map((each) => [each.identity, each])),
    claims: new Map(claims.map((each) => [each.shard, each])),
  };
}

/** What follows from the last of these views. */
function after(views: readonly GroupView[], state: Partial<ShardingState> = {}): ShardingStep {
  let step: ShardingStep | undefined;
  for (const each of views) {
    const { sightings = new Map(), counts = new Map() } = step ?? {};
    step = shardingStep({ term: 1, leaving: false, holds: new Map(), ...state, sightings, counts }, each, Rules);
  }
  return step!;
}

/** The first view is of time 0; the last one was sent so much later. */
function claimed(ms: number, others: readonly MemberView[], claims: readonly ClaimView[]): number[] {
  const members = [member('me'), ...others];
  return after([view(0, members, claims), view(ms, members, claims)]).claim.map(({ shard }) => shard);
}

test.each<[string, { ms: number; others: MemberView[]; claims: ClaimView[]; expected: number[] }]>([
  ['that has no Lease', { ms: 1, others: [], claims: [], expected: [] }],
  ['with a new one, by who is alone', { ms: 1, others: [], claims: [fresh], expected: [0] }],
  [
    'with a new one, by who is left',
    { ms: 1, others: [member('it', { joined: false })], claims: [fresh], expected: [0] },
  ],
  ['with one that another has not seen', { ms: 1, others: [leaving()], claims: [fresh], expected: [] }],
  ['with one that is newer', { ms: 1, others: [leaving('19')], claims: [fresh], expected: [] }],
  ['with one that all have seen', { ms: 1, others: [leaving('20')], claims: [fresh], expected: [0] }],
  ['with one that not all have seen', { ms: 1, others: [leaving('20'), leaving()], claims: [fresh], expected: [] }],
  ['with one that a silent member has not seen', { ms: 3100, others: [leaving()], claims: [fresh], expected: [0] }],
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

test('a member whose Lease is gone may hold what has a new one, until it has been silent for long enough', () => {
  const there = view(0, [member('me'), member('it')], [claim('it')]);
  const gone = (at: number): GroupView => view(at, [member('me')], [fresh]);
  expect(after([there, gone(1000), gone(4099)]).claim).toEqual([]);
  expect(after([there, gone(1000), gone(4100)]).claim).toEqual([fresh]);
});

test.each<[string, readonly GroupView[], Partial<ShardingState>, number]>([
  ['nobody has ever had', [view(0, [member('me')], [])], {}, 0],
  ['was seen before', [view(0, [member('me')], [claim('it')]), view(1, [member('me')], [])], {}, 7],
  [
    'was claimed since',
    [view(0, [member('me')], [])],
    // It is gone, and so is let go of first.
    { holds: new Map([[1, { phase: 'held', transitions: 8 }]]) },
    0,
  ],
])('the Lease of a shard is made when there is none, and counts on: one that %s', (_, views, state, transitions) => {
  expect(after(views, state)).toMatchObject({ make: [{ shard: 0, transitions }], claim: [] });
});

test('a new Lease that was made by who had seen less counts on before anybody claims it', () => {
  const held = view(0, [member('me')], [claim('it', 1, 9)]);
  const step = after([held, view(1, [member('me')], [fresh])]);
  expect(step).toMatchObject({ raise: [{ claim: fresh, transitions: 9 }], claim: [] });
  const raised = { ...fresh, transitions: 9 };
  expect(after([held, view(1, [member('me')], [raised])])).toMatchObject({ raise: [], claim: [raised] });
});

test('no Lease is made while it is held, nor while others divide in another way', () => {
  const held = after([view(0, [member('me')], [])], { holds: new Map([[0, { phase: 'held', transitions: 9 }]]) });
  expect([held.make, held.counts.get(0)]).toEqual([[], 9]);
  expect(after([view(0, [member('me'), member('it', { layout: 'uid-2' })], [])]).make).toEqual([]);
});

test.each<[string, MemberView[], number[]]>([
  ['nobody waits', [member('me')], []],
  ['somebody waits', [member('me'), member('it')], [0]],
  ['it was said before', [member('me', { seen: '20' }), member('it')], []],
])('a new Lease is to be said to have been seen: %s', (_, members, unseen) => {
  expect(after([view(0, members, [fresh])])).toMatchObject({ unseen });
});

test.each<[string, { others: MemberView[]; holder: ClaimView; expected: number }]>([
  ['of nobody', { others: [], holder: claim(undefined), expected: 0 }],
  ['of who is there', { others: [member('it', { sign: 'y' })], holder: claim('it'), expected: 0 }],
  ['of who is gone', { others: [member('it', { joined: false })], holder: claim('it'), expected: 1 }],
  ['of oneself, when there were more', { others: [], holder: claim('me', 0), expected: 1 }],
  [
    'while others divide in another way',
    { others: [member('that', { layout: 'uid-2' })], holder: claim('me', 0), expected: 0 },
  ],
])('a claim of a shard that there is not is freed or not: one %s', (_, { others, holder, expected }) => {
  expect(after([view(0, [member('me'), ...others], [{ ...holder, shard: 1 }])]).abandoned).toHaveLength(expected);
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
