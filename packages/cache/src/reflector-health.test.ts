import {
  newBadRequest,
  newForbidden,
  newGone,
  newInternalError,
  newNotFound,
  newResourceExpired,
  newTooManyRequests,
  newUnauthorized,
} from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { type FailureClass, failureClassOf } from './failure-class.js';
import type { HealthState } from './health.js';
import { named, run, type Running, type RunOptions } from './reflector.test.kit.js';
import { FakeSource } from './testing/fake-source.js';
import {
  StoreRefusedError,
  VeryShortWatchError,
  WatchListUnsupportedError,
  WatchSilentError,
} from './watch-failure.js';

const pods = { group: '', resource: 'pods' };
const forbidden = newForbidden(pods, '', 'no');
const notFound = newNotFound(pods, '');
const reset = Object.assign(new Error('reset'), { failure: 'reset' });

test.each<[FailureClass, unknown]>([
  ['transient', newInternalError('x')],
  ['transient', newTooManyRequests('x', 1)],
  ['transient', reset],
  ['transient', Object.assign(new Error('x'), { failure: 'tls' })],
  ['transient', new WatchSilentError('x')],
  ['expired', newResourceExpired('x')],
  ['expired', newGone('x')],
  ['forbidden', forbidden],
  ['forbidden', newUnauthorized('x')],
  ['resourceGone', notFound],
  ['protocol', newBadRequest('x')],
  ['protocol', new VeryShortWatchError('x')],
  ['protocol', new WatchListUnsupportedError('x')],
  ['protocol', new SyntaxError('not JSON')],
  ['protocol', undefined],
  ['store', new StoreRefusedError('x')],
])('a failure is %s: %s', (failureClass, error) => {
  expect(failureClassOf(error)).toBe(failureClass);
});

function watched(options: RunOptions = {}): Running & { readonly states: HealthState[] } {
  const states: HealthState[] = [];
  const source = options.source ?? new FakeSource();
  source.set(named('a'));
  return { ...run({ ...options, source, onHealth: ({ state }) => states.push(state) }), states };
}

describe('the health of a reflector', () => {
  test.each([
    [true, 'watchList'],
    [false, 'list'],
  ] as const)('is told as it starts, works and stops, with initial events %s', async (watchList, mode) => {
    const { reflector, states, stop, ended, clock } = watched({ watchList });
    expect(states).toEqual(['syncing']);
    await settle();
    expect(states).toEqual(['syncing', 'watching']);
    await clock.advance(3000);
    expect(reflector.health()).toEqual({
      state: 'watching',
      mode,
      lastSyncResourceVersion: '2',
      lastEventAgeMs: 3000,
      relists: { transient: 0, expired: 0, forbidden: 0, resourceGone: 0, protocol: 0, store: 0 },
      failures: { transient: 0, expired: 0, forbidden: 0, resourceGone: 0, protocol: 0, store: 0 },
      lastFailure: undefined,
      undecodable: 0,
    });
    stop.abort();
    await ended;
    expect(states).toEqual(['syncing', 'watching', 'stopped']);
  });

  test('says that a server without initial events is listed', async () => {
    const source = new FakeSource();
    source.failWatches(newBadRequest('x'));
    const { reflector, states } = watched({ source, watchList: true });
    await settle();
    expect(reflector.health().mode).toBe('list');
    expect(states).toEqual(['syncing', 'watching']);
  });

  test.each<[HealthState, FailureClass, unknown]>([
    ['retrying', 'transient', newInternalError('x')],
    ['forbidden', 'forbidden', forbidden],
    ['resourceGone', 'resourceGone', notFound],
    ['retrying', 'protocol', newBadRequest('x')],
    ['retrying', 'expired', newResourceExpired('x')],
  ])('is %s after a list that failed as %s, until one is answered', async (state, failureClass, error) => {
    const source = new FakeSource();
    source.failLists(error, error);
    const { reflector, states, clock } = watched({ source });
    await clock.advance(10_000);
    expect(states, 'each failure is told').toEqual(['syncing', state, state, 'watching']);
    expect(reflector.health().failures[failureClass]).toBe(2);
    expect(reflector.health().lastFailure).toEqual({ class: failureClass, error });
    expect(reflector.health().relists[failureClass], 'the first list is none anew').toBe(0);
  });

  test('does not become well by lists when it is the watch that is refused', async () => {
    const source = new FakeSource();
    source.failWatches(forbidden, forbidden, forbidden);
    const { reflector, states, clock } = watched({ source });
    for (let i = 0; i < 10 && source.openWatches === 0; i++) await clock.advance(1000);
    const refused = Array.from({ length: 3 }, () => 'forbidden');
    expect(states).toEqual(['syncing', 'watching', ...refused]);
    expect(reflector.health().relists.forbidden).toBe(3);
    await clock.advance(10_000);
    expect(states).toEqual(['syncing', 'watching', ...refused, 'watching']);
    expect(clock.pending, 'one timer, that of the watch').toBe(1);
  });

  test('becomes well with the first event after a failure', async () => {
    const { source, states, clock } = watched();
    await settle();
    source.closeWatches(reset);
    await clock.advance(2000);
    source.set(named('a'));
    await settle();
    expect(states).toEqual(['syncing', 'watching', 'retrying', 'watching']);
    expect(clock.pending, 'one timer, that of the watch').toBe(1);
  });

  test('counts what made lists necessary', async () => {
    const { source, reflector, clock } = watched();
    for (const error of [newResourceExpired('x'), newInternalError('x'), reset]) {
      await clock.advance(20_000);
      source.closeWatches(error);
    }
    await clock.advance(20_000);
    expect(reflector.health().relists).toMatchObject({ expired: 1, transient: 1 });
    expect(reflector.health().failures).toMatchObject({ expired: 1, transient: 2 });
  });

  test('is told of each failure by its class, of what comes of it, and of a watch that has expired', async () => {
    const told: string[] = [];
    const source = new FakeSource();
    source.set(named('a'));
    const { clock, errors } = run({
      source,
      onHealth: ({ state, lastFailure, relists }) => {
        const lists = Object.values(relists).reduce((sum, count) => sum + count);
        told.push(`${state}, ${lastFailure?.class ?? 'nothing failed'}, ${lists} lists anew`);
      },
    });
    await clock.advance(2000);
    source.failWatches(new SyntaxError('not JSON'), newResourceExpired('x'));
    source.closeWatches(reset);
    await clock.advance(60_000);
    expect(told).toEqual([
      'syncing, nothing failed, 0 lists anew',
      'watching, nothing failed, 0 lists anew',
      'retrying, transient, 0 lists anew',
      'retrying, protocol, 1 lists anew',
      'retrying, expired, 2 lists anew',
      'watching, expired, 2 lists anew',
    ]);
    expect(errors.map(({ stage, class: failureClass }) => [stage, failureClass])).toEqual([
      ['watch', 'transient'],
      ['watch', 'protocol'],
    ]);
  });

  test('knows the age of the last bookmark', async () => {
    const { source, reflector, clock } = watched();
    await clock.advance(20_000);
    source.bookmark();
    await clock.advance(500);
    expect(reflector.health().lastEventAgeMs).toBe(500);
  });

  test('is told to a handler that throws, which is reported and ends nothing', async () => {
    const fail = (): never => {
      throw new Error('mine');
    };
    const { errors, store } = run({ onHealth: fail });
    await settle();
    expect(store.calls).toEqual(['replace [] at 1']);
    expect(errors.map(({ stage, message }) => [stage, message])).toEqual([
      ['handler', 'objects: the health handler threw: mine'],
      ['handler', 'objects: the health handler threw: mine'],
    ]);
  });
});

describe('a resource that is gone', () => {
  test('is believed to be when two lists say so; then there are no objects, and it is asked for again', async () => {
    const { source, store, reflector, clock } = watched();
    await clock.advance(2000);
    store.calls.length = 0;
    source.failWatches(notFound);
    source.failLists(notFound, notFound, notFound);
    source.closeWatches();
    await clock.advance(1600);
    expect(store.calls).toEqual([]);
    await clock.advance(5000);
    expect(store.calls).toEqual(['replace [] at ']);
    expect([reflector.lastSyncResourceVersion, reflector.health().state]).toEqual(['', 'resourceGone']);
    await clock.advance(30_000);
    expect(store.calls).toEqual(['replace [] at ', 'replace [a] at 2']);
    expect(reflector.health().state).toBe('watching');
  });

  test('is not believed to be when one list says so', async () => {
    const { source, store, clock } = watched();
    await settle();
    store.calls.length = 0;
    source.failLists(notFound, newInternalError('x'), notFound);
    source.closeWatches(newResourceExpired('x'));
    await clock.advance(40_000);
    expect(store.calls).toEqual(['replace [a] at 2']);
  });

  test('that never was there has not been read', async () => {
    const source = new FakeSource();
    source.failLists(notFound, notFound, notFound);
    const { store, clock } = watched({ source });
    await clock.advance(2000);
    expect(store.calls).toEqual([]);
    await clock.advance(20_000);
    expect(store.calls).toEqual(['replace [a] at 2']);
  });
});

describe('a store that asks for a new list', () => {
  const refused = new StoreRefusedError('disk full');

  test('is given one after a pause, and no failure is reported twice', async () => {
    const { store, reflector, requests, errors, clock } = watched();
    await settle();
    requests();
    reflector.relist(refused);
    await settle();
    expect(requests()).toEqual([]);
    await clock.advance(1600);
    expect(requests()).toEqual(['list "2"', 'watch "2"']);
    expect(store.calls).toEqual(['replace [a] at 2', 'replace [a] at 2']);
    expect(errors).toEqual([]);
    expect(reflector.health()).toMatchObject({ relists: { store: 1 }, failures: { store: 1 } });
  });

  test('is given one also when it asked during a pause', async () => {
    const { source, reflector, requests, clock } = watched();
    await clock.advance(2000);
    source.failWatches(newTooManyRequests('x', 5));
    source.closeWatches();
    await settle();
    requests();
    reflector.relist(refused);
    await clock.advance(10_000);
    expect(requests()).toEqual(['list "2"', 'watch "2"']);
  });

  test('is not given another when it asks while one is read', async () => {
    const source = new FakeSource();
    source.failLists(newInternalError('x'));
    const { reflector, requests, clock } = watched({ source });
    await settle();
    reflector.relist(refused);
    await clock.advance(10_000);
    expect(requests()).toEqual(['list "0"', 'list "0"', 'watch "2"']);
  });
});
