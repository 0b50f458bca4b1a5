import type { KubernetesObject } from '@client-ts/apimachinery';
import { isResourceExpired, newResourceExpired } from '@client-ts/apimachinery/errors';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { FakeSource } from '@client-ts/cache/testing';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { UntilTimeoutError } from './limit.js';
import type { ObjectEvent } from './object-event.js';
import { type Condition, type Conditions, until, untilWithoutRetry, WatchClosedError } from './until.js';

interface Job extends KubernetesObject {
  phase?: string;
}

function job(phase: string): Job {
  return { metadata: { name: 'job' }, phase };
}

const is =
  (...phases: string[]): Condition<Job> =>
  ({ object }) =>
    phases.includes(object.phase ?? '');

/** A source of one job that goes through phases. */
function sourceOf(...phases: string[]): FakeSource<Job> {
  const source = new FakeSource<Job>();
  for (const phase of phases) source.set(job(phase));
  return source;
}

describe('conditions', () => {
  test.each<[what: string, conditions: Conditions<Job>, phase: string | undefined]>([
    ['one', is('running'), 'running'],
    ['a row of one', [is('running')], 'running'],
    ['none', [], undefined],
    ['one that takes its time', async (event) => is('running')(event), 'running'],
    ['several, each on new events', [is('pending'), is('running'), is('done')], 'done'],
    ['several on the same event', [is('pending', 'running'), is('pending'), is('pending')], 'pending'],
    ['several, some on the same event', [is('pending'), is('running'), is('running', 'done')], 'running'],
  ])('%s: the last event is what met the last', async (_, conditions, phase) => {
    const source = sourceOf('pending', 'running', 'done');
    const event = await untilWithoutRetry(source.watch({ resourceVersion: '1' }), conditions);
    expect(event?.object.phase).toBe(phase);
    expect(source.openWatches).toBe(0);
    expectTypeOf(event).toEqualTypeOf<ObjectEvent<Job> | undefined>();
  });

  test('that are not met in order are not met', async () => {
    const source = sourceOf('running', 'pending');
    const waiting = untilWithoutRetry(source.watch({ resourceVersion: '1' }), [is('pending'), is('running')]);
    await settle();
    source.closeWatches();
    await expect(waiting).rejects.toThrow('the watch ended before 1 of 2 conditions were met');
  });

  test('are not shown bookmarks', async () => {
    const source = sourceOf('pending');
    const types: string[] = [];
    const waiting = untilWithoutRetry(source.watch({ resourceVersion: '1' }), ({ type }) => types.push(type) === 2);
    await settle();
    source.bookmark();
    source.delete('job');
    expect((await waiting)?.type).toBe('DELETED');
    expect(types).toEqual(['ADDED', 'DELETED']);
  });

  test.each<[what: string, condition: Condition<Job>]>([
    [
      'throws',
      () => {
        throw new Error('failed for good');
      },
    ],
    ['rejects', () => Promise.reject(new Error('failed for good'))],
  ])('one that %s ends the wait', async (_, condition) => {
    const source = sourceOf('pending');
    await expect(untilWithoutRetry(source.watch({ resourceVersion: '1' }), condition)).rejects.toThrow(
      'failed for good',
    );
    expect(source.openWatches).toBe(0);
  });
});

describe('a watch without retry', () => {
  test('that ends, ends the wait', async () => {
    const source = sourceOf();
    const waiting = untilWithoutRetry(source.watch(), is('done'));
    await settle();
    source.closeWatches();
    await expect(waiting).rejects.toThrow(WatchClosedError);
    await expect(waiting).rejects.toThrow('the watch ended before its condition was met');
  });

  test('that fails, fails the wait', async () => {
    const source = sourceOf();
    source.failWatches(newResourceExpired('too old'));
    await expect(untilWithoutRetry(source.watch(), is('done'))).rejects.toSatisfy(isResourceExpired);
  });
});

describe('limits', () => {
  test('a timeout says how long was waited, and leaves nothing behind', async () => {
    const clock = new FakeClock(0);
    const source = sourceOf('pending');
    const waiting = untilWithoutRetry(source.watch({ resourceVersion: '1' }), is('done'), { timeoutMs: 50, clock });
    const outcome = waiting.catch(String);
    await clock.advance(49);
    expect(source.openWatches).toBe(1);
    await clock.advance(1);
    expect(await outcome).toBe('UntilTimeoutError: the condition was not met within 50 ms');
    expect([source.openWatches, clock.pending]).toEqual([0, 0]);
  });

  test.each([undefined, 0])('%j is no timeout', async (timeoutMs) => {
    const clock = new FakeClock(0);
    const source = sourceOf();
    const waiting = untilWithoutRetry(source.watch(), is('done'), { timeoutMs, clock });
    await clock.advance(1e9);
    source.set(job('done'));
    expect((await waiting)?.type).toBe('ADDED');
  });

  test.each([-1, NaN])('%j is refused', async (timeoutMs) => {
    const waiting = untilWithoutRetry(sourceOf().watch(), is('done'), { timeoutMs });
    await expect(waiting).rejects.toThrow(`timeoutMs: expected milliseconds from 0 on, got ${timeoutMs}`);
  });

  test('a signal ends it with its reason, also while a condition takes its time', async () => {
    const endless = new Promise<boolean>(() => undefined);
    for (const condition of [is('done'), () => endless]) {
      const source = sourceOf('pending');
      const abort = new AbortController();
      const waiting = untilWithoutRetry(source.watch({ resourceVersion: '1' }), condition, { signal: abort.signal });
      const outcome = waiting.catch(String);
      await settle();
      abort.abort('enough');
      expect(await outcome).toBe('enough');
    }
  });

  test('a signal that has aborted before asks for nothing', async () => {
    const source = sourceOf();
    const signal = AbortSignal.abort('before');
    await expect(untilWithoutRetry(source.watch(), is('done'), { signal })).rejects.toBe('before');
    await expect(until(source, is('done'), { resourceVersion: '1', signal })).rejects.toBe('before');
    await settle();
    expect(source.watches).toEqual([]);
  });
});

describe('until', () => {
  test('goes on over ends and failures, and misses nothing', async () => {
    const clock = new FakeClock(0);
    const source = sourceOf('pending');
    const waiting = until(source, [is('running'), is('done')], { resourceVersion: '2', clock });
    await settle();
    source.closeWatches();
    source.set(job('running'));
    await clock.advance(1000);
    source.closeWatches(new Error('reset'));
    source.set(job('done'));
    await clock.advance(1000);
    expect((await waiting)?.object.phase).toBe('done');
    expect([source.openWatches, clock.pending]).toEqual([0, 0]);
  });

  test('ends where no watch can go on', async () => {
    const source = sourceOf('pending', 'running');
    source.compact();
    await expect(until(source, is('done'), { resourceVersion: '1' })).rejects.toSatisfy(isResourceExpired);
  });

  test('waits no longer than it is told to, also between two watches', async () => {
    const clock = new FakeClock(0);
    const source = sourceOf('pending');
    source.failWatches(new Error('reset'));
    const waiting = until(source, is('done'), { resourceVersion: '2', clock, timeoutMs: 500 });
    const outcome = waiting.catch((error: unknown) => error);
    await clock.advance(500);
    expect(await outcome).toBeInstanceOf(UntilTimeoutError);
    expect([source.watches.length, clock.pending]).toEqual([1, 0]);
  });
});
