import { leases } from '@client-ts/api/coordination/v1';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { restClientFor } from '@client-ts/rest';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { OwnedObject } from './ownership.js';
import { objectPerShard, Process, type ProcessOptions } from './process.test.kit.js';
import { ShardLayout } from './shard-layout.js';
import { ShardMember } from './shard-member.js';

const objects = objectPerShard({ layout: new ShardLayout(8, 'uid') });

let clock: FakeClock;
let server: ApiServer;
let all: Process[];

beforeEach(() => {
  clock = new FakeClock();
  server = new ApiServer({ clock });
  all = [];
});

afterEach(async () => {
  for (const each of all) {
    each.loop.release();
    each.stop();
  }
  await clock.advance(12_000);
  expect(clock.pending).toBe(0);
  await server[Symbol.asyncDispose]();
});

function start(identity: string, options?: ProcessOptions): Process {
  const process = new Process(server, clock, identity, objects, options).start();
  all.push(process);
  return process;
}

function owned({ member }: Process): number[] {
  return objects.flatMap((object, shard) => (member.owns(object) ? [shard] : []));
}

/** The object of a shard. */
function objectIn(shard: number | undefined): OwnedObject {
  return objects.at(shard ?? NaN)!;
}

function stored() {
  return restClientFor(server.config()).resource(leases, 'default');
}

test('the first holds everything, at once', async () => {
  const one = start('one');
  await clock.advance(0);
  expect(owned(one)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(one.log).toEqual(['acquired 0,1,2,3,4,5,6,7']);
  expect(one.member.shards.size).toBe(8);
  expect(one.member.fencingToken(objectIn(3))).toEqual({
    lock: 'default/group-shard-3',
    transitions: 1,
    holder: 'one/0',
  });
  const lease = await stored().get('group-shard-3');
  expect(lease.spec).toMatchObject({ holderIdentity: 'one/0', leaseTransitions: 1, leaseDurationSeconds: 3 });
});

test('one that comes gets its share when work on it has ended, and not before', async () => {
  const one = start('one', { endingMs: 1200 });
  await clock.advance(0);
  const two = start('two');
  await clock.advance(1000);
  const givesUp = one.log.at(1);
  expect(givesUp).toMatch(/^gives up /);
  const moving = givesUp!.slice('gives up '.length);
  expect(moving.split(',')).toHaveLength(4);
  expect(owned(one)).toHaveLength(4);
  // Work goes on under the token of before.
  expect(one.member.fencingToken(objectIn(Number(moving.split(',')[0])))).toMatchObject({ transitions: 1 });
  expect(one.member.shards.size).toBe(8);
  expect(owned(two)).toEqual([]);
  await clock.advance(1200);
  expect(one.log.slice(2)).toEqual([`ended ${moving}`]);
  expect(two.log).toEqual([`acquired ${moving}`]);
  expect(one.member.shards.size).toBe(4);
  expect(two.member.fencingToken(objectIn(Number(moving.split(',')[0])))).toMatchObject({
    transitions: 2,
    holder: 'two/0',
  });
});

test('one that ends gives everything up, and the others have it at once', async () => {
  const one = start('one');
  await clock.advance(0);
  const two = start('two', { endingMs: 700 });
  await clock.advance(1500);
  expect(owned(two)).toHaveLength(4);
  two.stop();
  await clock.advance(0);
  // Nothing new is begun from now on.
  expect(owned(two)).toEqual([]);
  await clock.advance(600);
  expect(owned(one)).toHaveLength(4);
  expect(two.running).toBe(true);
  await clock.advance(700);
  expect(two.running).toBe(false);
  expect(owned(one)).toHaveLength(8);
  expect((await stored().get('group-member-two')).spec?.holderIdentity).toBe('');
  // When it has long been gone, so is its Lease.
  await clock.advance(5000);
  await expect(stored().get('group-member-two')).rejects.toSatisfy(isNotFound);
});

test('what one held that was killed is free when its Lease has run out', async () => {
  const one = start('one');
  await clock.advance(0);
  const two = start('two');
  await clock.advance(1500);
  two.kill();
  await clock.advance(2500);
  expect(owned(one)).toHaveLength(4);
  await clock.advance(1600);
  expect(owned(one)).toHaveLength(8);
  const token = one.member.fencingToken(objectIn(Number(one.log.at(-1)!.split(/[ ,]/)[1])));
  expect(token).toMatchObject({ transitions: 3, holder: 'one/0' });
});

test('one whose event loop was held up owns nothing, before any timer has run, and takes part again', async () => {
  const one = start('one');
  await clock.advance(0);
  const two = start('two');
  await clock.advance(1500);
  const before = owned(two);
  two.loop.hold();
  await clock.advance(2100);
  expect(owned(two)).toEqual([]);
  expect(two.member.fencingToken(objectIn(before[0]))).toBeUndefined();
  await clock.advance(3000);
  expect(owned(one)).toHaveLength(8);
  two.loop.release();
  await clock.advance(0);
  expect(two.log.at(-1)).toBe(`ended ${before.join()}`);
  await clock.advance(3000);
  expect(owned(two)).toHaveLength(4);
  expect(two.member.fencingToken(objectIn(owned(two)[0]))).toMatchObject({ holder: 'two/1' });
});

test('while a server is away for a moment, all stay as they are; for long, nobody owns anything', async () => {
  const one = start('one');
  const two = start('two');
  await clock.advance(2000);
  const before = [owned(one), owned(two)];
  let cuts = [one, two].map(({ faults }) => faults.inject({ kind: 'status', status: 503 }, { times: Infinity }));
  await clock.advance(1000);
  expect([owned(one), owned(two)]).toEqual(before);
  await clock.advance(1100);
  expect([owned(one), owned(two)]).toEqual([[], []]);
  // What was read stays at hand: it may be theirs again.
  expect(one.member.shards.size).toBe(4);
  for (const cut of cuts) cut[Symbol.dispose]();
  await clock.advance(3000);
  expect([owned(one), owned(two)]).toEqual(before);
  cuts = [];
});

test('a claim whose answer was lost is made once more', async () => {
  const one = new Process(server, clock, 'one', objects);
  all.push(one);
  one.start();
  one.loseAnswers = 3;
  await clock.advance(4000);
  expect(owned(one)).toHaveLength(8);
});

test('what was released has no token any more, though the answer was lost', async () => {
  const one = start('one', { retryPeriodMs: 1500, endingMs: 100 });
  await clock.advance(0);
  const two = start('two', { retryPeriodMs: 100 });
  await clock.advance(1500);
  expect(one.log.at(-1)).toMatch(/^gives up /);
  one.loseAnswers = 4;
  await clock.advance(300);
  expect(owned(two)).toHaveLength(4);
  for (const shard of owned(two)) expect(one.member.fencingToken(objectIn(shard))).toBeUndefined();
});

test('a shard that somebody else wrote that it is his is given up at once, and taken back when nobody is there', async () => {
  const one = start('one');
  await clock.advance(0);
  await stored().patch('group-shard-5', { type: 'merge', patch: { spec: { holderIdentity: 'someone' } } });
  await clock.advance(500);
  expect(owned(one)).toEqual([0, 1, 2, 3, 4, 6, 7]);
  expect(one.log.slice(1)).toEqual(['gives up 5', 'ended 5']);
  await clock.advance(4000);
  expect(owned(one)).toHaveLength(8);
  expect(one.member.fencingToken(objectIn(5))).toMatchObject({ transitions: 2 });
});

test('a shard that was taken away is not claimed anew before work on it has ended', async () => {
  const one = start('one', { endingMs: 8000 });
  await clock.advance(0);
  await stored().patch('group-shard-5', { type: 'merge', patch: { spec: { holderIdentity: '' } } });
  await clock.advance(7000);
  expect(owned(one)).toHaveLength(7);
  await clock.advance(2000);
  expect(owned(one)).toHaveLength(8);
});

test('when the Leases of shards are deleted, nobody takes what another one has not let go of, and tokens go on', async () => {
  const one = start('one', { retryPeriodMs: 1500, endingMs: 300 });
  const three = start('three');
  await clock.advance(6000);
  const two = start('two', { retryPeriodMs: 100 });
  await clock.advance(6000);
  three.stop();
  await clock.advance(4000);
  const tokenOf = (shard: number): number =>
    [one, two].map(({ member }) => member.fencingToken(objectIn(shard))?.transitions ?? NaN).find((n) => n >= 0)!;
  const before = objects.map((_, shard) => tokenOf(shard));
  // Most of them go to another one now.
  for (const shard of objects.keys()) await stored().delete(`group-shard-${shard}`);
  for (let ms = 0; ms < 6000; ms += 50) {
    await clock.advance(50);
    const both = owned(one).filter((shard) => owned(two).includes(shard) || two.ending.has(shard));
    expect([...both, ...owned(two).filter((shard) => one.ending.has(shard))]).toEqual([]);
  }
  expect([owned(one).length, owned(two).length]).toEqual([4, 4]);
  for (const [shard, transitions] of before.entries()) expect(tokenOf(shard)).toBeGreaterThan(transitions);
  expect([...one.errors, ...two.errors]).toEqual([]);
});

test('two who come at the same moment share what nobody has ever had, within three looks', async () => {
  const [one, two] = [start('one'), start('two')];
  await clock.advance(1500);
  expect([owned(one).length, owned(two).length]).toEqual([4, 4]);
});

test('a new claim waits for a member whose own Lease was deleted, too', async () => {
  const one = start('one');
  await clock.advance(0);
  const two = start('two');
  await clock.advance(2000);
  // It renews, if late, and does not look.
  two.loop.hold();
  for (const name of ['member-two', ...owned(two).map((shard) => `shard-${shard}`)])
    await stored().delete(`group-${name}`);
  await clock.advance(1400);
  expect(owned(one)).toHaveLength(4);
  await clock.advance(3000);
  expect(owned(one)).toHaveLength(8);
});

test('claims of shards that there are not any more are freed, and keep no Lease of a member', async () => {
  const one = start('one');
  await clock.advance(0);
  one.kill();
  const two = start('two', { shards: 4 });
  await clock.advance(12_000);
  expect(owned(two).length).toBeGreaterThan(0);
  const { items } = await stored().list();
  expect(items.map(({ metadata }) => metadata?.name)).not.toContain('group-member-one');
  // How often it was claimed stays known, for when there are as many again.
  expect(items.find(({ metadata }) => metadata?.name === 'group-shard-7')?.spec).toMatchObject({
    holderIdentity: '',
    leaseTransitions: 1,
  });
});

test('Leases tell the time of day', async () => {
  using _ = vi.spyOn(Date, 'now').mockReturnValue(Date.UTC(2040, 1, 29, 12));
  const options = { namespace: 'default', name: 'group', identity: 'one', shards: 1 };
  const member = new ShardMember(server.config(), options);
  const claimed = new Promise<void>((resolve) => void member.onShards(resolve));
  const running = member.run();
  await claimed;
  const { items } = await stored().list();
  expect(items.map(({ spec }) => spec?.renewTime)).toEqual(items.map(() => '2040-02-29T12:00:00.000000Z'));
  await member[Symbol.asyncDispose]();
  await running;
});

test('who divides the objects in another way waits until the others are gone', async () => {
  const one = start('one');
  await clock.advance(0);
  const two = start('two', { shards: 4 });
  await clock.advance(2000);
  expect(two.log).toEqual([]);
  expect(two.errors.map(String)).toEqual([
    'Error: ShardMember: two: shards: expected uid-4 of all members; not so one',
  ]);
  one.stop();
  await clock.advance(1500);
  expect(two.log).toHaveLength(1);
});

test('what a callback throws is told, and nothing waits for it', async () => {
  const one = start('one');
  one.member.onRelease(() => Promise.reject(new Error('cannot')));
  one.member.onAcquire(() => {
    throw new Error('will not');
  });
  await clock.advance(0);
  one.stop();
  await clock.advance(100);
  expect(one.running).toBe(false);
  expect(one.errors.map(String)).toEqual(['Error: will not', 'Error: cannot']);
});

test('callbacks can be taken away', async () => {
  const one = start('one');
  const calls: string[] = [];
  const stop = [
    one.member.onRelease(async () => void calls.push('release')),
    one.member.onAcquire(() => calls.push('acquire')),
    one.member.onShards(() => calls.push('shards')),
  ];
  await clock.advance(0);
  for (const each of stop) each();
  one.stop();
  await clock.advance(100);
  expect(calls).toEqual(['acquire', 'shards']);
});

test('disposing ends it in good order; it runs once at a time', async () => {
  const one = start('one');
  await clock.advance(0);
  await expect(one.member.run()).rejects.toThrow('ShardMember.run: one: it runs already');
  const disposed = one.member[Symbol.asyncDispose]();
  await clock.advance(100);
  await disposed;
  expect(one.running).toBe(false);
  expect((await stored().get('group-shard-0')).spec?.holderIdentity).toBe('');
});

test.each([
  [{ namespace: '' }, 'namespace: expected a text that is not empty'],
  [{ name: 'Websites' }, 'name: expected a DNS label, got "Websites"'],
  [{ identity: 'a/b' }, 'identity: expected a DNS subdomain of at most 182 characters, got "a/b"'],
  [{ shards: 0 }, 'shards: expected a whole number from 1 to 1024, got 0'],
  [{ renewDeadlineMs: 20_000 }, 'leaseDurationMs: expected more than renewDeadlineMs'],
])('options that make no sense are refused: %j', (options, message) => {
  expect(() => new ShardMember(server.config(), { namespace: 'default', name: 'group', ...options })).toThrow(message);
});
