import type { KubernetesObject } from '@client-ts/apimachinery';
import {
  newBadRequest,
  newForbidden,
  newGone,
  newInternalError,
  newNotFound,
  newResourceExpired,
  newTooLargeResourceVersion,
  newTooManyRequests,
  StatusError,
} from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import type { CacheError } from './error-handler.js';
import type { Replacement } from './queue.js';
import {
  broken,
  type FailureRow,
  FirstPauseMs,
  named,
  RecordingStore,
  run,
  type RunOptions,
  type Running,
} from './reflector.test.kit.js';
import { GatheredReplacement } from './replacement.js';
import { FakeSource } from './testing/fake-source.js';

const forbidden = newForbidden({ group: '', resource: 'pods' }, '', 'no');

/** Runs until synced: the store is as of version 2, and a watch has come to 3. */
async function watching(options: RunOptions = {}): Promise<Running> {
  const source = options.source ?? new FakeSource();
  source.set(named('a'));
  const running = run({ ...options, source });
  await settle();
  source.set(named('b'));
  await settle();
  running.requests();
  return running;
}

describe('a watch that is refused', () => {
  test.each<FailureRow>([
    { what: '410 Expired', error: newResourceExpired('x'), next: ['list ""', 'watch "4"'], silent: true },
    { what: '410 Gone', error: newGone('x'), next: ['list ""', 'watch "4"'], silent: true },
    {
      what: 'a version too large',
      error: newTooLargeResourceVersion('9', '2', 1),
      next: ['list ""', 'watch "4"'],
      silent: true,
    },
    { what: '429', error: newTooManyRequests('x', 0), next: ['watch "3"'] },
    { what: 'connection refused', error: broken('connect'), next: ['watch "3"'] },
    { what: 'a connection reset', error: broken('reset'), next: ['watch "3"'] },
    { what: '500', error: newInternalError('x'), next: ['list "3"', 'watch "4"'] },
    { what: '403', error: forbidden, next: ['list "3"', 'watch "4"'] },
    { what: '400', error: newBadRequest('x'), next: ['list "3"', 'watch "4"'] },
    { what: 'something odd', error: new Error('odd'), next: ['list "3"', 'watch "4"'] },
  ])('with $what is followed by $next', async ({ error, next, silent }) => {
    const { source, requests, errors, store, clock } = await watching();
    source.failWatches(error);
    source.closeWatches();
    source.set(named('c'));
    await settle();
    expect(requests(), 'not at once').toEqual(['watch "3"']);
    await clock.advance(FirstPauseMs);
    expect(requests()).toEqual(next);
    expect([...store.objects.keys()]).toEqual(['a', 'b', 'c']);
    expect(errors.map(({ cause }) => cause)).toEqual(silent ? [] : [error]);
  });
});

describe('a watch that breaks off, after a while', () => {
  test.each<FailureRow>([
    { what: 'in good order', error: undefined as never, next: ['watch "3"'], atOnce: true, silent: true },
    { what: 'by a reset', error: broken('reset'), next: ['watch "3"'], atOnce: true },
    { what: 'truncated', error: broken('truncated'), next: ['watch "3"'], atOnce: true },
    {
      what: 'by an ERROR event 410 Expired',
      error: newResourceExpired('x'),
      next: ['list ""', 'watch "4"'],
      silent: true,
    },
    { what: 'by an ERROR event 410 Gone', error: newGone('x'), next: ['list ""', 'watch "4"'], silent: true },
    { what: 'by an ERROR event 429', error: newTooManyRequests('x', 0), next: ['watch "3"'] },
    { what: 'by an ERROR event 500', error: newInternalError('x'), next: ['list "3"', 'watch "4"'] },
    { what: 'by something that is no event', error: new SyntaxError('x'), next: ['list "3"', 'watch "4"'] },
  ])('$what, is followed by $next', async ({ error, next, atOnce, silent }) => {
    const { source, requests, errors, store, clock } = await watching();
    await clock.advance(10_000);
    source.closeWatches(error);
    source.set(named('c'));
    await clock.advance(atOnce ? 0 : FirstPauseMs);
    expect(requests()).toEqual(next);
    expect([...store.objects.keys()]).toEqual(['a', 'b', 'c']);
    expect(errors.map(({ cause }) => cause)).toEqual(silent ? [] : [error]);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an object that cannot be shown', Object.create(null)],
  ])('that threw %s is a failure like others', async (_, thrown) => {
    const { source, requests, errors, clock } = await watching({
      through: (source) => ({
        list: (options) => source.list(options),
        watch: () => {
          // oxlint-disable-next-line typescript/only-throw-error -- what a source may do
          throw thrown;
        },
      }),
    });
    expect(errors).toHaveLength(1);
    await clock.advance(FirstPauseMs);
    expect(requests()).toEqual(['list "2"', 'watch "3"']);
    expect(source.openWatches).toBe(0);
  });
});

test.each([true, false])(
  'InternalErrors are followed by a watch for as long as that was asked for, and then by a list (watchList: %s)',
  async (watchList) => {
    const backoff = { durationMs: 1000 };
    const running = await watching({ watchList, backoff, maxInternalErrorRetryMs: 8000 });
    const { source, requests, clock, reflector } = running;
    await clock.advance(2000);
    source.failWatches(newInternalError('x'), newInternalError('x'));
    source.closeWatches(newInternalError('x'));
    await clock.advance(2000);
    expect(requests(), 'at once, and then with pauses').toEqual(['watch "3"', 'watch "3"', 'watch "3"']);
    expect(reflector.health().relists.transient).toBe(0);
    await clock.advance(7000);
    source.closeWatches(newInternalError('x'));
    await clock.advance(1000);
    expect(requests()).toEqual(watchList ? ['watchList "3"'] : ['list "3"', 'watch "3"']);
  },
);

test('what a server cannot read any more, and lets go of, is gone by the list that follows the ERROR event', async () => {
  const { source, store, clock } = await watching();
  await clock.advance(10_000);
  const unreadable = newInternalError('data from the storage is not transformable');
  source.closeWatches(new StatusError({ ...unreadable.status, reason: 'StoreReadError' }));
  source.delete('a');
  await clock.advance(FirstPauseMs);
  expect([...store.objects.keys()]).toEqual(['b']);
});

test('a table in place of a list is refused, and empties no store', async () => {
  const table = { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '9' }, items: [] };
  let tables = 0;
  const { source, store, errors, clock } = await watching({
    through: (inner) => ({
      list: (options) => (tables-- > 0 ? Promise.resolve(table) : inner.list(options)),
      watch: (options) => inner.watch(options),
    }),
  });
  tables = 1;
  source.closeWatches(newInternalError('x'));
  await clock.advance(FirstPauseMs);
  expect([...store.objects.keys()]).toEqual(['a', 'b']);
  expect(errors.map(({ message }) => message)).toContain('objects: list failed: the list is a Table, not of objects');
});

describe('a list that is refused', () => {
  test.each<FailureRow>([
    { what: '500', error: newInternalError('x'), next: ['list "0"', 'watch "2"'] },
    { what: '403', error: forbidden, next: ['list "0"', 'watch "2"'] },
    { what: 'connection refused', error: broken('connect'), next: ['list "0"', 'watch "2"'] },
    { what: '429', error: newTooManyRequests('x', 0), next: ['list "0"', 'watch "2"'] },
    { what: '410', error: newResourceExpired('x'), next: ['list ""', 'watch "2"'], atOnce: true, silent: true },
    {
      what: 'a version too large',
      error: newTooLargeResourceVersion('9', '2', 0),
      next: ['list ""', 'watch "2"'],
      atOnce: true,
      silent: true,
    },
  ])('with $what is followed by $next', async ({ error, next, atOnce, silent }) => {
    const source = new FakeSource();
    source.set(named('a'));
    source.failLists(error);
    const { clock, requests, errors } = run({ source });
    await clock.advance(atOnce ? 0 : FirstPauseMs);
    expect(requests()).toEqual(['list "0"', ...next]);
    expect(errors.map(({ cause }) => cause)).toEqual(silent ? [] : [error]);
  });

  test('goes on to be a consistent one until it is answered', async () => {
    const { source, requests, clock } = await watching();
    source.failLists(newInternalError('x'), newInternalError('x'));
    source.closeWatches(newResourceExpired('x'));
    await clock.advance(10_000);
    expect(requests()).toEqual(['list ""', 'list ""', 'list ""', 'watch "3"']);
  });
});

describe('pauses', () => {
  /** Times between requests of a source that refuses everything. */
  async function pausesOf(running: Running, until: () => boolean): Promise<number[]> {
    const { source, clock } = running;
    const times: number[] = [];
    let seen = source.lists.length + source.watches.length;
    while (!until()) {
      await clock.advance(100);
      const now = source.lists.length + source.watches.length;
      for (; seen < now; seen++) times.push(clock.now());
    }
    return times.slice(1).map((time, n) => time - (times[n] ?? 0));
  }

  test('double from 0.8 to 30 seconds, and are lengthened by chance by up to as much again', async () => {
    const source = new FakeSource();
    const failures = 12;
    source.failLists(...Array.from({ length: failures }, () => newInternalError('x')));
    const running = run({ source });
    const pauses = await pausesOf(running, () => source.watches.length > 0);
    const least = [0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30, 30, 30];
    pauses.slice(0, least.length - 1).forEach((pause, n) => {
      const ms = (least[n + 1] ?? 0) * 1000;
      expect(pause, `pause ${n}`).toBeGreaterThanOrEqual(ms - 100);
      expect(pause, `pause ${n}`).toBeLessThanOrEqual(2 * ms + 100);
    });
    expect(running.errors).toHaveLength(failures);
  });

  test('are those that were asked for', async () => {
    const source = new FakeSource();
    source.failLists(...Array.from({ length: 5 }, () => newInternalError('x')));
    const running = run({ source, backoff: { durationMs: 100, factor: 3, capMs: 2000 } });
    expect(await pausesOf(running, () => source.watches.length > 0)).toEqual([300, 900, 2000, 2000, 0]);
  });

  test('begin anew after two minutes without failure', async () => {
    const { source, clock, requests } = await watching();
    source.failWatches(...Array.from({ length: 6 }, () => newTooManyRequests('x', 0)));
    source.closeWatches();
    await clock.advance(200_000);
    expect(source.openWatches).toBe(1);
    for (let i = 0; i < 3; i++) {
      await clock.advance(60_000);
      source.bookmark();
    }
    requests();
    source.failWatches(newTooManyRequests('x', 0));
    source.closeWatches();
    await clock.advance(FirstPauseMs);
    expect(requests()).toHaveLength(2);
  });

  test('are at least as long as the server asks for', async () => {
    const { source, clock, requests } = await watching();
    source.failWatches(newTooManyRequests('x', 30));
    source.closeWatches();
    await clock.advance(29_999);
    expect(requests()).toEqual(['watch "3"']);
    await clock.advance(1);
    expect(requests()).toEqual(['watch "3"']);
  });
});

describe('very short watches', () => {
  test.each<[string, (source: FakeSource) => void]>([
    ['nothing', () => undefined],
    ['a bookmark that says nothing new', (source) => source.bookmark()],
  ])('that end in good order with %s are failures, and followed by a list', async (_, act) => {
    const { source, clock, errors, requests } = await watching();
    source.closeWatches();
    await settle();
    act(source);
    source.closeWatches();
    await settle();
    expect(errors).toMatchObject([{ cause: { name: 'VeryShortWatchError' } }]);
    await clock.advance(FirstPauseMs);
    expect(requests()).toEqual(['watch "3"', 'list "3"', 'watch "3"']);
  });

  test('with something new are as good as long ones', async () => {
    const { source, errors, requests } = await watching();
    for (let i = 0; i < 5; i++) {
      source.set(named('a'));
      await settle();
      source.closeWatches();
      await settle();
    }
    expect(errors).toEqual([]);
    expect(requests()).toEqual(['watch "4"', 'watch "5"', 'watch "6"', 'watch "7"', 'watch "8"']);
  });

  test('a server that closes every watch at once is asked a few times a minute', async () => {
    const { source, clock } = await watching({
      through: (source) => ({
        list: (options) => source.list(options),
        watch: (options) => {
          const watch = source.watch(options);
          void Promise.resolve().then(() => source.closeWatches());
          return watch;
        },
      }),
    });
    await clock.advance(10 * 60_000);
    source.watches.length = 0;
    await clock.advance(10 * 60_000);
    expect(source.watches.length).toBeLessThan(40);
  });
});

describe('a store that throws', () => {
  /** Takes no list for as long as it is told to. */
  class ThrowingStore extends RecordingStore {
    throwsWhen: 'it begins' | 'it ends' | undefined;

    startReplacement(): Replacement<KubernetesObject> {
      if (this.throwsWhen === 'it begins') throw new Error('disk full');
      return new GatheredReplacement(
        (object) => object,
        ({ objects }, resourceVersion) => {
          if (this.throwsWhen === 'it ends') throw new Error('disk full');
          this.replace([...objects.values()], resourceVersion);
        },
      );
    }
  }

  test.each([
    [true, 'it begins'],
    [true, 'it ends'],
    [false, 'it begins'],
    [false, 'it ends'],
  ] as const)('is given the list again (watchList: %s, when %s)', async (watchList, when) => {
    const store = new ThrowingStore();
    store.throwsWhen = when;
    const source = new FakeSource();
    source.set(named('a'));
    const { clock, errors } = run({ source, store, watchList, backoff: { durationMs: 1000 } });
    await clock.advance(10_000);
    expect(new Set(errors.map(({ cause }) => (cause as Error).message))).toEqual(new Set(['disk full']));
    store.throwsWhen = undefined;
    await clock.advance(1000);
    expect(store.calls).toEqual(['replace [a] at 2']);
    expect(source.openWatches).toBe(1);
  });

  test('is told again that a resource is gone', async () => {
    const store = new ThrowingStore();
    const gone = newNotFound({ group: '', resource: 'pods' }, '');
    const { source, clock, errors, reflector } = await watching({ store, backoff: { durationMs: 1000 } });
    store.throwsWhen = 'it ends';
    source.failLists(gone, gone, gone, gone);
    source.closeWatches(gone);
    await clock.advance(3500);
    expect(errors.map(({ stage }) => stage)).toEqual(['watch', 'list', 'list', 'store', 'list', 'store']);
    store.throwsWhen = undefined;
    await clock.advance(1000);
    expect([...store.objects.keys(), reflector.lastSyncResourceVersion]).toEqual(['']);
    await clock.advance(1000);
    expect([...store.objects.keys()]).toEqual(['a', 'b']);
  });
});

test('an error handler that throws is shown on the console, and ends nothing', async () => {
  const shown: unknown[] = [];
  const { error: original } = console;
  console.error = (...args: unknown[]) => void shown.push(...args);
  try {
    const source = new FakeSource();
    source.failLists(newInternalError('x'));
    const onError = (): void => {
      throw new Error('mine');
    };
    const { clock, store } = run({ source, onError });
    await clock.advance(FirstPauseMs);
    expect(store.calls).toEqual(['replace [] at 1']);
    expect((shown[0] as AggregateError).errors).toMatchObject([
      { message: 'mine' },
      { stage: 'list' } as Partial<CacheError>,
    ]);
  } finally {
    console.error = original;
  }
});

test('ten thousand reconnects leave nothing behind', async () => {
  const { source, stop, clock, ended } = await watching({ watchList: true });
  const pauses = [newResourceExpired('x'), newTooManyRequests('x', 0), newInternalError('x')];
  for (let i = 0; i < 10_000; i++) {
    source.set(named('a'));
    await turns();
    source.closeWatches(i % 20 === 0 ? pauses[(i / 20) % pauses.length] : i % 2 === 0 ? undefined : broken('reset'));
    await turns();
    if (i % 20 === 0) await clock.advance(61_000);
  }
  // Until the last watch counts as there.
  await clock.advance(10_000);
  expect(source.openWatches).toBe(1);
  expect(source.watches.length).toBeGreaterThan(10_000);
  expect(clock.pending, 'one timer, that of the watch').toBe(1);
  expect([stop.listeners, stop.mostListeners]).toEqual([1, 1]);
  stop.abort();
  await ended;
  expect([clock.pending, stop.listeners, source.openWatches]).toEqual([0, 0, 0]);
});

/** Lets promises settle that wait for nothing but each other, for less than a turn of the event loop costs. */
async function turns(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
