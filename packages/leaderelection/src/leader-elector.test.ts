import { type Lease, leases } from '@client-ts/api/coordination/v1';
import type { MetricSample } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { type ResourceInterface, restClientFor, type Transport } from '@client-ts/rest';
import { beforeEach, expect, test, vi } from 'vitest';
import { Candidate } from './candidate.test.kit.js';
import { electionMetrics } from './election-metrics.js';
import { isLeadershipLost } from './leadership-lost-error.js';

let clock: FakeClock;
let server: ApiServer;
let stored: ResourceInterface<Lease, unknown>;
type Options = ConstructorParameters<typeof Candidate>[3];
const candidate = (identity: string, options?: Options): Candidate => new Candidate(server, clock, identity, options);
const spec = async (): Promise<Lease['spec']> => (await stored.get('lock')).spec;

/** One that leads since now. */
async function leader(options?: Options): Promise<{ it: Candidate; outcome: Promise<string> }> {
  const it = candidate('one', options);
  const outcome = it.run();
  await clock.advance(0);
  expect(it.elector.isLeader()).toBe(true);
  return { it, outcome };
}

beforeEach(() => {
  clock = new FakeClock();
  server = new ApiServer({ clock });
  stored = restClientFor(server.config()).resource(leases, 'default');
});

test('the first one creates the lease and leads; another one waits; a release is noticed at its next attempt', async () => {
  const { it: one, outcome } = await leader();
  expect(await spec()).toEqual({
    holderIdentity: 'one',
    leaseDurationSeconds: 15,
    acquireTime: '2020-01-01T00:00:00.000000Z',
    renewTime: '2020-01-01T00:00:00.000000Z',
    leaseTransitions: 0,
  });
  const two = candidate('two');
  void two.run();
  await clock.advance(60_000);
  expect(await spec()).toMatchObject({ renewTime: '2020-01-01T00:01:00.000000Z', leaseTransitions: 0 });
  expect(two.log).toEqual(['leader is one']);
  expect(two.elector.getLeader()).toBe('one');
  one.stop();
  await clock.advance(0);
  expect(await outcome).toBe('cancelled');
  expect(await spec()).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 0 });
  expect(one.log).toEqual(['leader is one', 'leading', 'aborted', 'leader is nobody', 'stopped']);
  await clock.advance(4400);
  expect(two.log).toEqual(['leader is one', 'leader is nobody', 'leader is two', 'leading']);
  expect(two.token).toEqual({ lock: 'default/lock', transitions: 1, holder: 'two' });
  two.stop();
  await clock.advance(0);
  expect(clock.pending).toBe(0);
});

test('TestFastPathLeaderElection: a leader updates without looking, and looks when that fails', async () => {
  const { it } = await leader();
  expect(it.requests).toEqual(['GET', 'POST']);
  await clock.advance(2000);
  expect(it.requests.splice(0)).toEqual(['GET', 'POST', 'PUT']);
  await stored.patch('lock', { type: 'merge', patch: { metadata: { labels: { a: 'b' } } } });
  await clock.advance(2000);
  expect(it.requests).toEqual(['PUT', 'GET', 'PUT']);
  it.stop();
});

test('who never led is told to have stopped, too', async () => {
  await leader();
  const two = candidate('two');
  const outcome = two.run();
  await clock.advance(5000);
  two.stop();
  expect(await outcome).toBe('cancelled');
  expect(two.log).toEqual(['leader is one', 'stopped, never led']);
  expect(await spec()).toMatchObject({ holderIdentity: 'one' });
});

test('a leader that nobody answers steps down at the renew deadline, and the next follows after the lease', async () => {
  const { it: one, outcome } = await leader();
  const two = candidate('two');
  void two.run();
  await clock.advance(2000);
  one.faults.inject({ kind: 'silence' }, { times: Infinity });
  await clock.advance(9999);
  expect(one.elector.isLeader()).toBe(true);
  await clock.advance(1);
  expect(one.log.slice(-2)).toEqual(['aborted', 'stopped']);
  expect(one.leading?.reason).toMatchObject({ reason: 'expired', lateMs: 0 });
  expect(two.log).toEqual(['leader is one']);
  await clock.advance(10_000);
  expect(await outcome).toBe('lost');
  expect(two.log).toEqual(['leader is one', 'leader is two', 'leading']);
  two.stop();
});

test('a renewal counts from when it was sent, not from when it was answered', async () => {
  const { it: one, outcome } = await leader();
  one.onRequest = () => one.loop.hold();
  await clock.advance(8000);
  one.loop.release();
  // Sent after 2 s, answered after 8 s; and this is the last answer.
  one.faults.inject({ kind: 'silence' }, { times: Infinity });
  await clock.advance(3999);
  expect(one.elector.isLeader()).toBe(true);
  await clock.advance(1);
  expect(one.log.slice(-2)).toEqual(['aborted', 'stopped']);
  await clock.advance(10_000);
  expect(await outcome).toBe('lost');
});

test.each<[string, (one: Candidate) => unknown]>([
  ['leading.aborted', ({ leading }) => leading?.aborted],
  ['leading.throwIfAborted', ({ leading }) => thrown(() => leading?.throwIfAborted())],
  ['leading.reason', ({ leading }) => leading?.reason],
  ['isLeader', ({ elector }) => !elector.isLeader()],
  ['fencingToken', ({ elector }) => elector.fencingToken() === undefined],
])('an event loop that was held up beyond the deadline: %s tells before any timer', async (_, ask) => {
  const { it: one, outcome } = await leader();
  one.loop.hold();
  await clock.advance(9000);
  expect(ask(one)).toBeFalsy();
  await clock.advance(21_000);
  expect(one.log).not.toContain('aborted');
  expect(ask(one)).toBeTruthy();
  expect(one.log.at(-1)).toBe('aborted');
  expect(one.leading?.reason).toSatisfy(isLeadershipLost);
  expect(one.leading?.reason).toMatchObject({ reason: 'expired', lateMs: 20_000 });
  expect(String(one.leading?.reason)).toBe(
    'LeadershipLostError: no longer the leader by "default/lock": it was not renewed in time, which was noticed after 20000 ms',
  );
  one.loop.release();
  await clock.advance(0);
  expect(await outcome).toBe('lost');
});

test.each([
  ['with a time limit', { timeoutMs: 1000 }],
  ['without', {}],
])('an event loop that was held up beyond the deadline: no request %s goes out', async (_, limit) => {
  const { it: one, outcome } = await leader();
  const request = vi.fn<Transport['request']>((sent) => server.transport.request(sent));
  const transport = { request, [Symbol.asyncDispose]: () => Promise.resolve() };
  const client = restClientFor({ ...server.config(), transport }).resource(leases, 'default');
  one.loop.hold();
  await clock.advance(9000);
  await client.get('lock', { signal: one.leading, ...limit });
  await clock.advance(1000);
  await expect(client.get('lock', { signal: one.leading, ...limit })).rejects.toSatisfy(isLeadershipLost);
  expect(request).toHaveBeenCalledTimes(1);
  one.loop.release();
  await clock.advance(0);
  expect(await outcome).toBe('lost');
});

test('an answer that comes after the deadline makes nobody a leader', async () => {
  const one = candidate('one');
  void one.run();
  one.onRequest = (method) => method === 'POST' && one.loop.hold();
  await clock.advance(10_000);
  one.loop.release();
  await clock.advance(0);
  expect(await spec()).toMatchObject({ holderIdentity: 'one' });
  expect(one.log).toEqual(['leader is one']);
  await clock.advance(4400);
  expect(one.token?.transitions).toBe(1);
  one.stop();
});

test('a write that was done and not answered is found, and is another term', async () => {
  const one = candidate('one');
  one.loseAnswers = 1;
  void one.run();
  await clock.advance(0);
  expect(one.requests).toEqual(['GET', 'POST!']);
  expect(one.elector.isLeader()).toBe(false);
  await clock.advance(4400);
  expect(one.token?.transitions).toBe(1);
  one.loseAnswers = 1;
  await clock.advance(2000);
  expect(one.requests.slice(-3)).toEqual(['PUT!', 'GET', 'PUT']);
  expect(one.elector.fencingToken()).toEqual(one.token);
  one.stop();
});

test('two with one identity do not both lead', async () => {
  const { it: first, outcome } = await leader();
  const second = candidate('one');
  void second.run();
  await clock.advance(0);
  expect(second.token?.transitions).toBe(1);
  await clock.advance(2000);
  expect(await outcome).toBe('lost');
  expect(first.leading?.reason).toMatchObject({ reason: 'taken' });
  expect(second.elector.isLeader()).toBe(true);
  second.stop();
});

test('a lease that is deleted is made again, of the same term', async () => {
  const { it } = await leader();
  await stored.delete('lock');
  await clock.advance(2000);
  expect(await spec()).toMatchObject({ holderIdentity: 'one', leaseTransitions: 0 });
  expect(it.log).toEqual(['leader is one', 'leading']);
  it.stop();
});

test('TestReleaseLeaseLeases: the lease is renewed until the work has ended, and released then', async () => {
  const { it, outcome } = await leader({ work: (leading) => workFor(leading, 20_000) });
  it.stop();
  await clock.advance(19_999);
  expect(it.log.at(-1)).toBe('aborted');
  expect(await spec()).toMatchObject({ holderIdentity: 'one', renewTime: '2020-01-01T00:00:18.000000Z' });
  await clock.advance(1);
  expect(await outcome).toBe('cancelled');
  expect(await spec()).toMatchObject({ holderIdentity: '' });
});

test('a lease that is lost while the work ends is lost', async () => {
  const { it, outcome } = await leader({ work: (leading) => workFor(leading, 20_000) });
  it.stop();
  it.faults.inject({ kind: 'silence' }, { times: Infinity });
  await clock.advance(10_000);
  expect(it.log.slice(-2)).toEqual(['aborted', 'stopped']);
  await clock.advance(20_000);
  expect(await outcome).toBe('lost');
});

test('TestReleaseRetriesOnConflict: somebody else changes the lease meanwhile', async () => {
  const { it, outcome } = await leader();
  const conflict = JSON.stringify({ kind: 'Status', status: 'Failure', reason: 'Conflict', code: 409 });
  const matches = ({ method }: { readonly method: string }): boolean => method === 'PUT';
  const conflicts = it.faults.inject({ kind: 'status', status: 409, body: conflict }, { times: Infinity, matches });
  it.stop();
  await clock.advance(9000);
  conflicts[Symbol.dispose]();
  await clock.advance(999);
  expect(await outcome).toBe('cancelled');
  expect(await spec()).toMatchObject({ holderIdentity: '' });
  expect(it.errors).toEqual([]);
});

test('a release that meets nothing but conflicts is given up at the renew deadline', async () => {
  const { it, outcome } = await leader();
  const conflict = JSON.stringify({ kind: 'Status', status: 'Failure', reason: 'Conflict', code: 409 });
  const matches = ({ method }: { readonly method: string }): boolean => method === 'PUT';
  it.faults.inject({ kind: 'status', status: 409, body: conflict }, { times: Infinity, matches });
  it.stop();
  await clock.advance(10_000);
  expect(await outcome).toBe('cancelled');
  expect(it.errors.map(String)).toEqual(['Error: could not release default/lock within 10000 ms']);
  expect(clock.pending).toBe(0);
});

test('TestReleaseOnCancellation_Leases: whoever is told to stop releases, and is told that it has stopped', async () => {
  const { it, outcome } = await leader();
  it.stop();
  expect(await outcome).toBe('cancelled');
  expect(it.log).toEqual(['leader is one', 'leading', 'aborted', 'leader is nobody', 'stopped']);
  expect(await spec()).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 0 });
});

test('TestReleaseMethodCallsGet: what is released is what is there, and not what was seen last', async () => {
  const { it, outcome } = await leader();
  await stored.patch('lock', { type: 'merge', patch: { metadata: { labels: { a: 'b' } } } });
  it.requests.length = 0;
  it.stop();
  await outcome;
  expect(it.requests).toEqual(['GET', 'PUT']);
  expect((await stored.get('lock')).metadata?.labels).toEqual({ a: 'b' });
});

test('a release that nobody answers is given up at the renew deadline', async () => {
  const { it, outcome } = await leader();
  it.faults.inject({ kind: 'silence' }, { times: Infinity });
  it.stop();
  await clock.advance(10_000);
  expect(await outcome).toBe('cancelled');
  expect(it.errors).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

test('nothing is released that another one has, nor what is not to be', async () => {
  const { it: one } = await leader({ releaseOnCancel: false });
  one.stop();
  await clock.advance(0);
  expect(await spec()).toMatchObject({ holderIdentity: 'one' });
  const again = candidate('one');
  void again.run();
  await clock.advance(0);
  await stored.patch('lock', { type: 'merge', patch: { spec: { holderIdentity: 'other' } } });
  again.stop();
  await clock.advance(0);
  expect(await spec()).toMatchObject({ holderIdentity: 'other' });
});

test('what the work throws ends leadership and is what run rejects with', async () => {
  const one = candidate('one', { work: () => Promise.reject(new Error('broken')) });
  const outcome = one.run();
  outcome.catch(() => {});
  await clock.advance(0);
  await expect(outcome).rejects.toThrow('broken');
  expect(one.log).toEqual(['leader is one', 'leading', 'aborted', 'leader is nobody', 'stopped']);
  expect(await spec()).toMatchObject({ holderIdentity: '' });
  expect(clock.pending).toBe(0);
});

test('work that rejects because it was told to end is no failure; one that fails meanwhile is', async () => {
  const told = async (leading: AbortSignal): Promise<void> => {
    await workFor(leading, 0);
    leading.throwIfAborted();
  };
  const { it, outcome } = await leader({ work: told });
  it.stop();
  await clock.advance(0);
  expect(await outcome).toBe('cancelled');
  const second = await leader({ work: (leading) => workFor(leading, 0).then(() => Promise.reject(new Error('oh'))) });
  second.outcome.catch(() => {});
  second.it.stop();
  await clock.advance(0);
  await expect(second.outcome).rejects.toThrow('oh');
});

test('work that ends by itself leaves leadership as it is', async () => {
  const { it } = await leader({ work: () => Promise.resolve() });
  await clock.advance(30_000);
  expect(it.elector.isLeader()).toBe(true);
  it.stop();
});

test('what an observer throws ends the run', async () => {
  const onNewLeader = (identity: string): void => {
    if (identity === 'other') throw new Error('observer');
  };
  const { it, outcome } = await leader({ callbacks: { onStartedLeading: () => {}, onNewLeader } });
  outcome.catch(() => {});
  await stored.patch('lock', { type: 'merge', patch: { spec: { holderIdentity: 'other' } } });
  await clock.advance(2000);
  await expect(outcome).rejects.toThrow('observer');
  expect(it.elector.isLeader()).toBe(false);
});

test('what is thrown when leadership is lost does not let another one lead beside the work', async () => {
  let ended = false;
  const callbacks = {
    onStartedLeading: (leading: AbortSignal) => workFor(leading, 5000).then(() => void (ended = true)),
    onStoppedLeading: () => {
      throw new Error('observer');
    },
  };
  const { it, outcome } = await leader({ callbacks });
  outcome.catch(() => {});
  it.loop.hold();
  await clock.advance(10_000);
  it.loop.release();
  await clock.advance(4999);
  expect([ended, (await spec())?.holderIdentity]).toEqual([false, 'one']);
  await clock.advance(1);
  expect([ended, (await spec())?.holderIdentity]).toEqual([true, '']);
  await expect(outcome).rejects.toThrow('observer');
});

test('disposal ends the run; and so does a signal that has aborted before', async () => {
  const { it, outcome } = await leader();
  await expect(it.elector.run()).rejects.toThrow('LeaderElector.run: default/lock: it runs already');
  await it.elector[Symbol.asyncDispose]();
  expect(await outcome).toBe('cancelled');
  expect(await spec()).toMatchObject({ holderIdentity: '' });
  expect(await it.elector.run()).toBe('cancelled');
  expect(await candidate('two').elector.run({ signal: AbortSignal.abort() })).toBe('cancelled');
  expect(clock.pending).toBe(0);
});

test('whoever is told to stop while it acquires gives back what it got', async () => {
  const one = candidate('one');
  one.loop.hold();
  const outcome = one.run();
  await clock.advance(0);
  one.loop.release();
  one.loop.hold();
  await clock.advance(0);
  expect(one.requests).toEqual(['GET', 'POST']);
  one.stop();
  one.loop.release();
  expect(await outcome).toBe('cancelled');
  expect(one.log).toEqual(['leader is one', 'leader is nobody', 'stopped, never led']);
});

test('it can stand again', async () => {
  const { it, outcome } = await leader();
  await stored.patch('lock', { type: 'merge', patch: { spec: { holderIdentity: 'other' } } });
  await clock.advance(2000);
  expect(await outcome).toBe('lost');
  void it.run();
  await clock.advance(20_000);
  expect(it.elector.fencingToken()).toMatchObject({ transitions: 1, holder: 'one' });
  it.stop();
});

test('TestLeaderElectionHealthChecker: unhealthy is who goes on long after its lease', async () => {
  const { it } = await leader();
  await clock.advance(30_000);
  it.elector.check();
  it.loop.hold();
  await clock.advance(15_000);
  it.elector.check();
  await clock.advance(1);
  expect(() => it.elector.check()).toThrow('failed election to renew leadership on lease default/lock');
  it.elector.check(1);
  const two = candidate('two');
  two.elector.check();
  it.loop.release();
  it.stop();
});

test('metrics have the names of client-go', async () => {
  const counters: string[] = [];
  const gauges = new Map<string, () => readonly MetricSample[]>();
  const metrics = electionMetrics({
    counter: ({ name }) => ({ inc: () => counters.push(name) }),
    histogram: () => ({ observe: () => {} }),
    gauge: ({ name }, read) => {
      gauges.set(name, read);
      return { [Symbol.dispose]: () => gauges.delete(name) };
    },
  });
  const { it, outcome } = await leader({ metrics, name: 'mine' });
  const status = (): unknown => gauges.get('leader_election_master_status')?.();
  expect(status()).toEqual([{ labels: { name: 'mine' }, value: 1 }]);
  await stored.patch('lock', { type: 'merge', patch: { metadata: { labels: { a: 'b' } } } });
  await clock.advance(2000);
  expect(counters).toEqual(['leader_election_slowpath_total']);
  it.loop.hold();
  await clock.advance(10_000);
  expect(status()).toEqual([{ labels: { name: 'mine' }, value: 0 }]);
  it.loop.release();
  await clock.advance(0);
  await outcome;
  expect(gauges.size).toBe(0);
});

test('a provider of metrics that throws keeps nobody from leading', async () => {
  const told: string[] = [];
  const fail = (): never => {
    throw new Error('mine');
  };
  const provider = { counter: () => ({ inc: fail }), histogram: fail, gauge: fail };
  const metrics = electionMetrics(provider, { onError: (_, { name }) => told.push(name) });
  const { it, outcome } = await leader({ metrics });
  it.requests.length = 0;
  await stored.patch('lock', { type: 'merge', patch: { metadata: { labels: { a: 'b' } } } });
  await clock.advance(2000);
  expect(it.requests).toEqual(['PUT', 'GET', 'PUT']);
  it.stop();
  expect(await outcome).toBe('cancelled');
  expect(told).toEqual(['leader_election_master_status', 'leader_election_slowpath_total']);
});

test('TestTryCoordinatedRenew: waits to be chosen, renews, and steps down when another one is preferred', async () => {
  const one = candidate('one', { coordinated: true });
  const outcome = one.run();
  await clock.advance(10_000);
  expect(new Set(one.requests)).toEqual(new Set(['GET']));
  const chosen = { holderIdentity: 'one', leaseDurationSeconds: 5, leaseTransitions: 7, strategy: 'Oldest' };
  await stored.create({ metadata: { name: 'lock' }, spec: chosen });
  await clock.advance(4400);
  expect(one.token).toEqual({ lock: 'default/lock', transitions: 8, holder: 'one' });
  await clock.advance(20_000);
  expect(await spec()).toMatchObject({ ...chosen, leaseDurationSeconds: 15, leaseTransitions: 8 });
  await stored.patch('lock', { type: 'merge', patch: { spec: { preferredHolder: 'two' } } });
  await clock.advance(2000);
  expect(await outcome).toBe('lost');
  expect(one.leading?.reason).toMatchObject({ reason: 'end of term' });
  expect(await spec()).toMatchObject({ holderIdentity: '', preferredHolder: 'two', strategy: 'Oldest' });
});

/** Goes on for a while after it was told to end. */
async function workFor(leading: AbortSignal, ms: number): Promise<void> {
  await new Promise<void>((resolve) => leading.addEventListener('abort', () => resolve(), { once: true }));
  await new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
}

function thrown(callback: () => void): unknown {
  try {
    callback();
    return undefined;
  } catch (error) {
    return error;
  }
}
