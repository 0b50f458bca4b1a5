import type { CustomResourceDefinition } from '@client-ts/api/apiextensions/v1';
import { customResourceDefinitions } from '@client-ts/api/apiextensions/v1';
import { type LeaseCandidate, leaseCandidates } from '@client-ts/api/coordination/v1beta1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { type Config, type ResourceInterface, restClientFor } from '@client-ts/rest';
import { FaultInjector, watches } from '@client-ts/testing';
import { beforeEach, expect, test, vi } from 'vitest';
import { runCandidacy } from './lease-candidate.js';

let clock: FakeClock;
let faults: FaultInjector;
let stored: ResourceInterface<LeaseCandidate, unknown>;
let stop: AbortController;
let errors: unknown[];
let running: Promise<void>;
let begin: (limits?: Partial<Config>) => void;

const spec = async (): Promise<LeaseCandidate['spec']> => (await stored.get('me')).spec;
const ask = (pingTime: string): Promise<unknown> =>
  stored.patch('me', { type: 'merge', patch: { spec: { pingTime } } });

/** As kube-apiserver has it, which serves it when asked to. */
const definition: CustomResourceDefinition = {
  metadata: {
    name: 'leasecandidates.coordination.k8s.io',
    annotations: { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/kubernetes/pull/124012' },
  },
  spec: {
    group: 'coordination.k8s.io',
    scope: 'Namespaced',
    names: { plural: 'leasecandidates', kind: 'LeaseCandidate' },
    versions: [
      {
        name: 'v1beta1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

beforeEach(async () => {
  clock = new FakeClock();
  const server = new ApiServer({ clock });
  await restClientFor(server.config()).resource(customResourceDefinitions, '').create(definition);
  await clock.advance(1000);
  stored = restClientFor(server.config()).resource(leaseCandidates, 'default');
  faults = new FaultInjector(server.transport);
  stop = new AbortController();
  errors = [];
  const options = { namespace: 'default', name: 'me', leaseName: 'lock', binaryVersion: '1.37.0', clock };
  const onError = (error: unknown): void => void errors.push(error);
  begin = (limits) => {
    const config = { ...server.config(), ...limits, transport: faults };
    running = runCandidacy(config, { ...options, emulationVersion: '1.36.0', onError }, stop);
  };
  begin();
  await clock.advance(0);
  return async () => {
    stop.abort();
    await running;
    await clock.advance(0);
    expect(clock.pending).toBe(0);
  };
});

test('it is made, and renewed every five minutes', async () => {
  expect(await spec()).toEqual({
    leaseName: 'lock',
    binaryVersion: '1.37.0',
    emulationVersion: '1.36.0',
    strategy: 'OldestEmulationVersion',
    renewTime: '2020-01-01T00:00:01.000000Z',
  });
  await clock.advance(299_000);
  expect(await spec()).toMatchObject({ renewTime: '2020-01-01T00:00:01.000000Z' });
  await clock.advance(3000);
  expect((await spec()).renewTime?.slice(0, 18)).toBe('2020-01-01T00:05:0');
});

test.each([
  ['now', '2020-01-01T00:01:01.000000Z', '2020-01-01T00:01:0'],
  ['by a clock that is ahead', '2020-01-01T00:30:00.000000Z', '2020-01-01T00:30:00.001000Z'],
])('it answers who asks %s', async (_, pingTime, renewTime) => {
  await clock.advance(60_000);
  await ask(pingTime);
  await clock.advance(0);
  const answered = await spec();
  expect(answered.renewTime?.startsWith(renewTime)).toBe(true);
  expect((answered.renewTime ?? '') > pingTime).toBe(true);
  expect(answered.pingTime).toBe(pingTime);
});

test('it answers each of many who ask, one right after the other', async () => {
  for (let n = 0; n < 20; n++) {
    const pingTime = new Date(clock.now() + 10 * (n + 1)).toISOString().replace('Z', '000Z');
    await ask(pingTime);
    await clock.advance(0);
    expect((await spec()).renewTime!.localeCompare(pingTime)).toBe(1);
  }
});

test('what nobody can be later than is asked for once', async () => {
  const requests = vi.spyOn(faults, 'request');
  await ask('whenever');
  await clock.advance(1000);
  expect(requests.mock.calls.length).toBeLessThan(5);
});

test('it waits for no limit of the config, and sends nothing again by itself', async () => {
  stop.abort();
  await running;
  await stored.delete('me');
  const never = { take: () => new Promise<void>(() => {}) };
  stop = new AbortController();
  faults.inject({ kind: 'status', status: 503, headers: { 'retry-after': '1' } });
  begin({ qps: 0.001, rateLimiter: never });
  await clock.advance(0);
  expect(errors).toHaveLength(1);
  await clock.advance(2000);
  expect(await spec()).toMatchObject({ leaseName: 'lock' });
});

test('it is made again when somebody deletes it', async () => {
  await clock.advance(60_000);
  await stored.delete('me');
  await clock.advance(2000);
  expect(await spec()).toMatchObject({ leaseName: 'lock' });
});

test('what is asked while a watch is broken is answered with the next one; failures come apart', async () => {
  faults.inject({ kind: 'status', status: 503 }, { times: 3 });
  faults.cut('reset', watches);
  await ask('2020-01-01T00:00:02.000000Z');
  await clock.advance(30_000);
  expect((await spec()).renewTime?.localeCompare('2020-01-01T00:00:02.000000Z')).toBe(1);
  expect(errors).toHaveLength(4);
});
