import { type Lease, leases } from '@client-ts/api/coordination/v1';
import { isAlreadyExists, isConflict } from '@client-ts/apimachinery/errors';
import { ApiServer } from '@client-ts/apiserver';
import { type Config, type ResourceInterface, restClientFor } from '@client-ts/rest';
import { beforeEach, expect, test, vi } from 'vitest';
import { type ElectionEvent, leaseLock, type LeaseLockOptions } from './lease-lock.js';
import type { LeaderElectionRecord, Lock } from './lock.js';

const options = { timeoutMs: 1000 };
const time = '2020-01-01T00:00:00.123000Z';
const record: LeaderElectionRecord = {
  holderIdentity: 'me',
  leaseDurationSeconds: 15,
  acquireTime: time,
  renewTime: time,
  leaderTransitions: 0,
};

let config: Config;
let stored: ResourceInterface<Lease, unknown>;
const lockWith = (extra: Partial<LeaseLockOptions> = {}): Lock =>
  leaseLock(config, { namespace: 'default', name: 'lock', identity: 'me', ...extra });

beforeEach(() => {
  config = new ApiServer().config();
  stored = restClientFor(config).resource(leases, 'default');
});

test('TestLeaseConversion: what is written is what is read', async () => {
  const lock = lockWith();
  expect(await lock.get(options)).toBeUndefined();
  const created = await lock.create(record, options);
  expect(created.record).toEqual(record);
  const coordinated = { ...record, strategy: 'OldestEmulationVersion', preferredHolder: 'other', leaderTransitions: 2 };
  expect((await lock.update(created, coordinated, options)).record).toEqual(coordinated);
  const got = await lock.get(options);
  expect(got?.record).toEqual(coordinated);
  expect((await lock.update(got!, record, options)).record).toEqual(record);
  expect(Object.keys((await stored.get('lock')).spec ?? {})).not.toContain('preferredHolder');
});

test('TestLeaseSpecToLeaderElectionRecordRoundTrip: a record says all that a Lease does', async () => {
  const spec: Lease['spec'] = {
    holderIdentity: 'other',
    leaseDurationSeconds: 15,
    leaseTransitions: 1,
    acquireTime: time,
    renewTime: '2020-01-01T00:00:07.000001Z',
    strategy: 'OldestEmulationVersion',
    preferredHolder: 'me',
  };
  await stored.create({ metadata: { name: 'lock' }, spec });
  const found = await lockWith().get(options);
  await lockWith({ name: 'copy' }).create(found!.record, options);
  expect((await stored.get('copy')).spec).toEqual(spec);
});

test('a Lease without anything is held by nobody', async () => {
  await stored.create({ metadata: { name: 'lock' } });
  expect((await lockWith().get(options))?.record).toEqual({
    holderIdentity: '',
    leaseDurationSeconds: 0,
    leaderTransitions: 0,
  });
});

test('an update is of what was read, and of nothing newer', async () => {
  const lock = lockWith();
  const first = await lock.create(record, options);
  await expect(lock.create(record, options)).rejects.toSatisfy(isAlreadyExists);
  await lock.update(first, { ...record, leaderTransitions: 1 }, options);
  await expect(lock.update(first, record, options)).rejects.toSatisfy(isConflict);
});

test('labels are merged into those there are', async () => {
  await stored.create({ metadata: { name: 'lock', labels: { theirs: '1', ours: '0' }, annotations: { a: 'b' } } });
  const lock = lockWith({ labels: { ours: '1' } });
  await lock.update((await lock.get(options))!, record, options);
  const { metadata } = await stored.get('lock');
  expect(metadata).toMatchObject({ labels: { theirs: '1', ours: '1' }, annotations: { a: 'b' } });
  await stored.delete('lock');
  await lock.create(record, options);
  expect((await stored.get('lock')).metadata?.labels).toEqual({ ours: '1' });
});

test('requests do not wait for the limits of the config', async () => {
  const never = { take: () => new Promise<void>(() => {}) };
  const limited = leaseLock(
    { ...config, qps: 0.001, rateLimiter: never },
    { namespace: 'a', name: 'b', identity: 'c' },
  );
  expect(await limited.get(options)).toBeUndefined();
});

test('requests say what they are for', async () => {
  const transport = vi.spyOn(config.transport!, 'request');
  await lockWith().get(options);
  expect(transport.mock.calls[0]?.[0].headers['user-agent']).toMatch(/client-ts\/leader-election$/);
});

test('events tell of the Lease', async () => {
  const events: ElectionEvent[] = [];
  const lock = lockWith({ onEvent: (event) => events.push(event) });
  await lock.create(record, options);
  lock.recordEvent('became leader');
  const { uid, resourceVersion } = (await stored.get('lock')).metadata ?? {};
  const regarding = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'default', name: 'lock' };
  expect(events).toEqual([
    {
      regarding: { ...regarding, uid, resourceVersion },
      type: 'Normal',
      reason: 'LeaderElection',
      message: 'me became leader',
    },
  ]);
  expect(lock.describe()).toBe('default/lock');
});

test.each(['namespace', 'name', 'identity'])('%s has to be there', (field) => {
  expect(() => lockWith({ [field]: '' })).toThrow(`leaseLock: ${field}: expected a text that is not empty`);
});
