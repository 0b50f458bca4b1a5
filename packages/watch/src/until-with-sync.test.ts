import type { KubernetesObject, ListOptions } from '@client-ts/apimachinery';
import { newForbidden } from '@client-ts/apimachinery/errors';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { FakeSource } from '@client-ts/cache/testing';
import { expect, test } from 'vitest';
import { UntilTimeoutError } from './limit.js';
import type { ObjectEvent } from './object-event.js';
import { untilWithSync, type UntilWithSyncOptions } from './until-with-sync.js';

function object(name: string): KubernetesObject {
  return { metadata: { name } };
}

const named =
  (name: string, type?: string) =>
  (event: ObjectEvent<KubernetesObject>): boolean =>
    event.object.metadata?.name === name && (type === undefined || event.type === type);

interface Setting {
  readonly clock: FakeClock;
  readonly source: FakeSource;
  readonly options: UntilWithSyncOptions<KubernetesObject, never>;
}

function setUp(...names: string[]): Setting {
  const clock = new FakeClock(0);
  const source = new FakeSource();
  for (const name of names) source.set(object(name));
  return { clock, source, options: { clock, onError: () => undefined } };
}

/** That the informer has stopped, and has left nothing behind. */
function expectStopped({ source, clock }: Setting): void {
  expect([source.openWatches, clock.pending]).toEqual([0, 0]);
}

test('what is there is shown as added', async () => {
  const setting = setUp('a', 'b');
  const event = await untilWithSync(setting.source, named('b'), setting.options);
  expect([event?.type, event?.object.metadata?.name]).toEqual(['ADDED', 'b']);
  expectStopped(setting);
});

test('only what is asked for is sent', async () => {
  const setting = setUp('a');
  const { source, options } = setting;
  const tweakListOptions = (): ListOptions => ({ fieldSelector: 'metadata.name=a' });
  await untilWithSync(source, named('a'), { ...options, tweakListOptions });
  const asked = [...source.lists, ...source.watches];
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.map(({ fieldSelector }) => fieldSelector)).toEqual(asked.map(() => 'metadata.name=a'));
  expectStopped(setting);
});

test.each([true, false])('a precondition of %s sees all there is, and decides whether to wait', async (met) => {
  const setting = setUp('a', 'b');
  let keys: readonly string[] = [];
  const event = await untilWithSync(setting.source, named('b'), {
    ...setting.options,
    precondition: async (indexer) => {
      keys = indexer.listKeys();
      return met;
    },
  });
  expect([keys, event?.object.metadata?.name]).toEqual([['a', 'b'], met ? undefined : 'b']);
  expectStopped(setting);
});

test('conditions are met one after the other, over failures and a history that is gone', async () => {
  const setting = setUp('a');
  const { source, clock, options } = setting;
  const waiting = untilWithSync(source, [named('a', 'ADDED'), named('a', 'DELETED'), named('b')], options);
  await settle();
  source.closeWatches(new Error('reset'));
  source.delete('a');
  source.compact();
  await clock.advance(60_000);
  source.set(object('b'));
  const event = await waiting;
  expect(event?.object.metadata?.name).toBe('b');
  expectStopped(setting);
});

test.each<[what: string, options: Partial<UntilWithSyncOptions<KubernetesObject, never>>]>([
  [
    'a precondition',
    {
      precondition: () => {
        throw new Error('no');
      },
    },
  ],
  ['a precondition that rejects', { precondition: () => Promise.reject(new Error('no')) }],
])('%s that throws ends the wait', async (_, options) => {
  const setting = setUp('a');
  await expect(untilWithSync(setting.source, named('a'), { ...setting.options, ...options })).rejects.toThrow('no');
  expectStopped(setting);
});

test('a condition that throws ends the wait', async () => {
  const setting = setUp('a');
  const condition = (): never => {
    throw new Error('no');
  };
  await expect(untilWithSync(setting.source, condition, setting.options)).rejects.toThrow('no');
  expectStopped(setting);
});

test('a cache that does not sync is waited for until the limit, and no longer', async () => {
  for (const precondition of [undefined, () => true]) {
    const setting = setUp('a');
    const { source, clock, options } = setting;
    source.failLists(...Array.from({ length: 50 }, () => newForbidden({ group: '', resource: 'things' }, '', 'no')));
    source.failWatches(...Array.from({ length: 50 }, () => newForbidden({ group: '', resource: 'things' }, '', 'no')));
    const waiting = untilWithSync(source, named('a'), { ...options, precondition, timeoutMs: 30_000 });
    const outcome = waiting.catch((error: unknown) => error);
    await clock.advance(30_000);
    expect(await outcome).toBeInstanceOf(UntilTimeoutError);
    expectStopped(setting);
  }
});

test('a signal ends it with its reason, before and while it waits', async () => {
  const setting = setUp('a');
  const abort = new AbortController();
  const waiting = untilWithSync(setting.source, named('b'), { ...setting.options, signal: abort.signal });
  const outcome = waiting.catch(String);
  await settle();
  abort.abort('enough');
  expect(await outcome).toBe('enough');
  expectStopped(setting);
  const asked = setting.source.watches.length;
  await expect(untilWithSync(setting.source, named('b'), { signal: abort.signal })).rejects.toBe('enough');
  expect(setting.source.watches).toHaveLength(asked);
});

test('a time that is none is refused before anything is asked', async () => {
  const { source } = setUp();
  await expect(untilWithSync(source, named('a'), { timeoutMs: -1 })).rejects.toThrow(RangeError);
  expect(source.watches).toEqual([]);
});
