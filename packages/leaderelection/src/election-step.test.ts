import { describe, expect, test } from 'vitest';
import {
  type ElectionInput,
  type ElectionRules,
  type ElectionState,
  type ElectionStep,
  electionStep,
  type Observed,
} from './election-step.js';
import type { LeaderElectionRecord, LockedRecord } from './lock.js';

const rules: ElectionRules = { identity: 'me', leaseDurationMs: 15_000, renewDeadlineMs: 10_000, coordinated: false };
const coordinatedRules: ElectionRules = { ...rules, coordinated: true };
/** Now, in all of the rows. */
const now = 100_000;
const time = '2020-01-01T00:00:00.000000Z';

function locked(holderIdentity: string, extra: Partial<LeaderElectionRecord> = {}): LockedRecord {
  const record = { holderIdentity, leaseDurationSeconds: 15, acquireTime: 'then', leaderTransitions: 3, ...extra };
  return { record, stored: Symbol(holderIdentity) };
}

function seen(record: LockedRecord, agoMs: number): Observed {
  return { locked: record, since: now - agoMs };
}

const mine = locked('me');
const theirs = locked('other');
const states = {
  unseen: { phase: 'following' },
  waiting: { phase: 'following', observed: seen(theirs, 14_999) },
  outwaited: { phase: 'following', observed: seen(theirs, 15_000) },
  returned: { phase: 'following', observed: seen(mine, 1) },
  leading: { phase: 'leading', observed: seen(mine, 9000), renewedAt: now - 9999 },
  overdue: { phase: 'leading', observed: seen(mine, 9000), renewedAt: now - 10_000 },
  lost: { phase: 'lost', why: 'taken', observed: seen(theirs, 0), renewedAt: now - 2000 },
} satisfies Record<string, ElectionState>;

const inputs = {
  look: { type: 'look', now },
  turn: { type: 'turn', now, time },
  missing: { type: 'missing', now, time },
  'found me': { type: 'found', now, time, locked: locked('me') },
  'found me, later': { type: 'found', now, time, locked: locked('me', { leaderTransitions: 4 }) },
  'found other': { type: 'found', now, time, locked: locked('other') },
  'found another': { type: 'found', now, time, locked: locked('another') },
  'found nobody': { type: 'found', now, time, locked: locked('') },
  'found preferred': { type: 'found', now, time, locked: locked('me', { preferredHolder: 'another' }) },
  written: { type: 'written', now, sentAt: now - 9999, locked: mine },
  'written late': { type: 'written', now, sentAt: now - 10_000, locked: mine },
  'renewal failed': { type: 'renewal failed', now },
} satisfies Record<string, ElectionInput>;

/** In words: the phase, and the request with its record. */
function describeStep({ state, request }: ElectionStep): string {
  const phase = state.phase === 'lost' ? `lost: ${state.why}` : state.phase;
  if (!request) return phase;
  if (request.verb === 'get') return `${phase}, get`;
  const { holderIdentity, leaderTransitions, acquireTime } = request.record;
  return `${phase}, ${request.verb} ${holderIdentity} ${leaderTransitions} ${acquireTime === time ? 'anew' : 'on'}`;
}

type StateName = keyof typeof states;
type Row = Readonly<Record<StateName, string>>;

const follow = { unseen: 'following', waiting: 'following', outwaited: 'following', returned: 'following' };
const end = { overdue: 'lost: expired', lost: 'lost: taken' };
const each = (expected: string): Omit<Row, 'leading' | 'overdue' | 'lost'> => ({
  unseen: expected,
  waiting: expected,
  outwaited: expected,
  returned: expected,
});

const table: Readonly<Record<keyof typeof inputs, Row>> = {
  look: { ...follow, leading: 'leading', ...end },
  turn: { ...each('following, get'), leading: 'leading, renew me 3 on', ...end },
  missing: {
    ...each('following, create me 4 anew'),
    unseen: 'following, create me 0 anew',
    leading: 'leading, create me 3 on',
    ...end,
  },
  // One's own from before is taken at once, and is another term.
  'found me': { ...each('following, update me 4 anew'), leading: 'leading, update me 3 on', ...end },
  'found me, later': { ...each('following, update me 5 anew'), leading: 'lost: taken', ...end },
  'found other': { ...follow, outwaited: 'following, update me 4 anew', leading: 'lost: taken', ...end },
  'found another': { ...follow, leading: 'lost: taken', ...end },
  'found nobody': { ...each('following, update me 4 anew'), leading: 'lost: taken', ...end },
  'found preferred': { ...each('following, update me 4 anew'), leading: 'leading, update me 3 on', ...end },
  written: { ...each('leading'), leading: 'leading', ...end },
  'written late': { ...follow, leading: 'following', ...end },
  'renewal failed': { ...each('following, get'), leading: 'leading, get', ...end },
};

const coordinated: Readonly<Record<keyof typeof inputs, Row>> = {
  ...table,
  turn: { ...each('following, get'), leading: 'leading, get', ...end },
  missing: { ...follow, leading: 'leading', ...end },
  'found me': { ...each('following, update me 4 on'), leading: 'leading, update me 3 on', ...end },
  'found me, later': { ...each('following, update me 5 on'), leading: 'lost: taken', ...end },
  'found other': { ...follow, leading: 'lost: taken', ...end },
  'found nobody': { ...follow, leading: 'lost: taken', ...end },
  'found preferred': { ...follow, leading: 'lost: end of term', ...end },
};

describe.each([
  ['by itself', rules, table],
  ['coordinated', coordinatedRules, coordinated],
])('%s', (_, rules, expected) => {
  test.each(Object.keys(inputs) as (keyof typeof inputs)[])('%s', (name) => {
    const steps = Object.entries(states).map(([state, from]) => [
      state,
      describeStep(electionStep(from, inputs[name], rules)),
    ]);
    expect(Object.fromEntries(steps)).toEqual(expected[name]);
  });
});

/** What a Lease without a spec says. */
const nothing: LeaderElectionRecord = { holderIdentity: '', leaseDurationSeconds: 0, leaderTransitions: 0 };

test.each<[string, { state: ElectionState; found?: LockedRecord; expected: string }]>([
  ['acquire from no object', { state: states.unseen, expected: 'following, create me 0 anew' }],
  [
    'acquire from an object that says nothing',
    { state: states.unseen, found: { record: nothing, stored: 0 }, expected: 'following, update me 1 anew' },
  ],
  [
    'acquire from an object that nobody leads by',
    { state: states.unseen, found: locked('', { leaderTransitions: 0 }), expected: 'following, update me 1 anew' },
  ],
  [
    'acquire from one that another one led by, and has not renewed',
    { state: states.outwaited, found: theirs, expected: 'following, update me 4 anew' },
  ],
  [
    'acquire from one that nobody leads by any more, though its time has not run out',
    {
      state: { phase: 'following', observed: seen(locked(''), 0) },
      found: locked(''),
      expected: 'following, update me 4 anew',
    },
  ],
  ['not acquire from one that another one leads by', { state: states.waiting, found: theirs, expected: 'following' }],
  [
    'not acquire from one that says that it lasts longer than one’s own',
    {
      state: { phase: 'following', observed: seen(locked('other', { leaseDurationSeconds: 60 }), 30_000) },
      found: locked('other', { leaseDurationSeconds: 60 }),
      expected: 'following',
    },
  ],
  ['renew what one has', { state: states.leading, found: mine, expected: 'leading, update me 3 on' }],
])('TestTryAcquireOrRenewLeases: %s', (_, { state, found, expected }) => {
  const turn = electionStep(state, inputs.turn, rules);
  const looked: ElectionInput = found ? { type: 'found', now, time, locked: found } : inputs.missing;
  expect(describeStep(electionStep(turn.state, looked, rules))).toBe(expected);
});

test.each<[string, Partial<LeaderElectionRecord>, number]>([
  ['a renewal is a sign of life', { renewTime: 'later' }, now],
  ['the same again is none', {}, now - 14_999],
])('%s', (_, extra, since) => {
  const { state } = electionStep(states.waiting, { type: 'found', now, time, locked: locked('other', extra) }, rules);
  expect(state.observed?.since).toBe(since);
});

test('the duration that counts is the one that the holder wrote', () => {
  const brief = locked('other', { leaseDurationSeconds: 1 });
  const waiting: ElectionState = { phase: 'following', observed: seen(brief, 1000) };
  const step = electionStep(waiting, { type: 'found', now, time, locked: brief }, rules);
  expect(describeStep(step)).toBe('following, update me 4 anew');
});

test('a renewal counts from when it was sent', () => {
  const step = electionStep(states.leading, inputs.written, rules);
  expect(step.state).toMatchObject({ phase: 'leading', renewedAt: now - 9999, observed: { since: now } });
});

test('a lease that says nothing is free', () => {
  const empty = locked('other', { leaseDurationSeconds: 0, leaderTransitions: 0 });
  const step = electionStep(states.unseen, { type: 'found', now, time, locked: empty }, rules);
  expect(describeStep(step)).toBe('following, update me 1 anew');
});
