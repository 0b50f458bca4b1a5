import { getEventListeners } from 'node:events';
import type { KubernetesObject, Retry, Watch, WatchEvent } from '@client-ts/apimachinery';
import {
  isInternalError,
  newForbidden,
  newGone,
  newInternalError,
  newResourceExpired,
  newServerTimeout,
  newStatusError,
  newTooManyRequests,
  newUnauthorized,
} from '@client-ts/apimachinery/errors';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { FakeSource } from '@client-ts/cache/testing';
import { describe, expect, test } from 'vitest';
import { RetryWatcher, type RetryWatcherOptions } from './retry-watcher.js';

function object(name: string, resourceVersion?: string): KubernetesObject {
  return { metadata: { name, ...(resourceVersion === undefined ? {} : { resourceVersion }) } };
}

interface Setting {
  readonly clock: FakeClock;
  readonly source: FakeSource;
  readonly watcher: RetryWatcher<KubernetesObject>;
  readonly retries: Retry[];
  /** What was seen, as `ADDED a@2`, and at last how it ended. */
  readonly seen: string[];
  readonly abort: AbortController;
}

function describeEvent({ type, object: { metadata } }: WatchEvent<KubernetesObject>): string {
  return `${type} ${metadata && 'name' in metadata ? metadata.name : ''}@${metadata?.resourceVersion}`;
}

/** Watches a source with one object, from version 2. */
async function setUp(
  options: Partial<RetryWatcherOptions> = {},
  prepare?: (source: FakeSource) => void,
): Promise<Setting> {
  const clock = new FakeClock(0);
  const source = new FakeSource();
  source.set(object('a'));
  prepare?.(source);
  const retries: Retry[] = [];
  const abort = new AbortController();
  const watcher = new RetryWatcher(source, {
    resourceVersion: '2',
    clock,
    signal: abort.signal,
    onRetry: (retry) => void retries.push(retry),
    ...options,
  });
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    try {
      for await (const event of watcher) seen.push(describeEvent(event));
      seen.push('end');
    } catch (error) {
      seen.push(String(error));
    }
  };
  void read();
  await settle();
  return { clock, source, watcher, retries, seen, abort };
}

test.each(['', '0'])('begins at no version %j, after which events come in no order', (resourceVersion) => {
  expect(() => new RetryWatcher(new FakeSource(), { resourceVersion })).toThrow(RangeError);
});

test('asks for nothing before it is iterated, and then for bookmarks, with what else it was told', async () => {
  const source = new FakeSource();
  const watcher = new RetryWatcher(source, { resourceVersion: '1', labelSelector: 'app=web', timeoutSeconds: 7 });
  await settle();
  expect(source.watches).toEqual([]);
  const iteration = watcher[Symbol.asyncIterator]();
  void iteration.next();
  await settle();
  expect(source.watches).toMatchObject([
    { resourceVersion: '1', allowWatchBookmarks: true, labelSelector: 'app=web', timeoutSeconds: 7 },
  ]);
  expect(source.watches[0]).not.toHaveProperty('clock');
  await watcher[Symbol.asyncDispose]();
  expect(source.openWatches).toBe(0);
});

test('gives events as they come, and goes on after an end where it was', async () => {
  const { source, seen, clock, retries } = await setUp();
  source.set(object('b'));
  source.delete('b');
  await settle();
  source.closeWatches();
  source.set(object('c'));
  await clock.advance(1000);
  expect(seen).toEqual(['ADDED b@3', 'DELETED b@4', 'ADDED c@5']);
  expect(source.watches.map(({ resourceVersion }) => resourceVersion)).toEqual(['2', '4']);
  expect(retries, 'a watch that ends in good order has not failed').toEqual([]);
});

test('goes on after a bookmark, and gives none', async () => {
  const { source, seen, clock, watcher } = await setUp();
  source.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '100' } } });
  await settle();
  expect([seen, watcher.resourceVersion]).toEqual([[], '100']);
  source.closeWatches();
  await clock.advance(1000);
  expect(source.watches.at(-1)?.resourceVersion).toBe('100');
});

test('watches begin a second apart at least, and at once when one has lasted for longer', async () => {
  const { source, clock } = await setUp();
  for (let second = 1; second <= 3; second++) {
    source.closeWatches();
    await clock.advance(999);
    expect(source.watches).toHaveLength(second);
    await clock.advance(1);
    expect(source.watches).toHaveLength(second + 1);
  }
  await clock.advance(5000);
  source.closeWatches();
  await settle();
  expect(source.watches).toHaveLength(4);
  await clock.advance(0);
  expect(source.watches).toHaveLength(5);
});

const resource = { group: '', resource: 'things' };
const reset = Object.assign(new Error('socket hang up'), { failure: 'reset' });

describe.each([
  ['the answer to the request', (source: FakeSource, error: unknown) => source.failWatches(error)],
  ['an ERROR event', (source: FakeSource, error: unknown) => source.closeWatches(error)],
])('%s', (how, fail) => {
  test.each<[what: string, error: unknown, delayMs: number]>([
    ['a reset connection', reset, 1000],
    ['an error of another kind', new TypeError('fetch failed'), 1000],
    ['500', newInternalError('etcd'), 1000],
    ['500 that asks for a pause', newServerTimeout(resource, 'watch', 5), 5000],
    ['504 that asks for a pause', newStatusError(504, 'Timeout', 'late', { retryAfterSeconds: 3 }), 3000],
    ['429', newTooManyRequests('busy', 7), 7000],
    ['503', newStatusError(503, 'ServiceUnavailable', 'down', {}), 1000],
    ['404', newStatusError(404, 'NotFound', 'no such resource', {}), 1000],
  ])('of %s is told, and watched over after a pause', async (_, error, delayMs) => {
    const answer = how === 'the answer to the request';
    const { source, seen, clock, retries } = await setUp({}, (prepared) => answer && fail(prepared, error));
    if (!answer) fail(source, error);
    await settle();
    expect(retries).toEqual([{ delayMs, error }]);
    source.set(object('b'));
    await clock.advance(delayMs - 1);
    expect([source.watches.length, seen]).toEqual([1, []]);
    await clock.advance(1);
    expect(seen).toEqual(['ADDED b@3']);
  });

  test.each<[what: string, error: Error]>([
    ['410, Expired', newResourceExpired('too old')],
    ['410, Gone', newGone('gone')],
    ['401', newUnauthorized('who are you')],
    ['403', newForbidden(resource, '', 'no')],
  ])('of %s ends it: going on is of no use', async (_, error) => {
    const answer = how === 'the answer to the request';
    const { source, seen, clock, retries } = await setUp({}, (prepared) => answer && fail(prepared, error));
    if (!answer) fail(source, error);
    await clock.advance(10_000);
    expect(seen).toEqual([String(error)]);
    expect([source.watches.length, retries, clock.pending]).toEqual([1, [], 0]);
  });
});

test('a history that is gone ends it when it goes on', async () => {
  const { source, seen, clock } = await setUp();
  source.closeWatches();
  source.set(object('b'));
  source.set(object('b'));
  source.compact();
  await clock.advance(1000);
  expect(seen).toEqual([expect.stringContaining('too old resource version')]);
});

test.each<[what: string, event: WatchEvent<KubernetesObject>, message: string]>([
  ['an object without a version', { type: 'ADDED', object: object('b') }, 'the object of a ADDED event has no'],
  [
    'an event of unknown type',
    { type: 'RENAMED', object: object('b', '3') } as never,
    'unknown type of event "RENAMED"',
  ],
])('%s ends it as an internal error', async (_, event, message) => {
  const { source, seen, clock, watcher } = await setUp();
  source.send(event);
  await clock.advance(10_000);
  expect(seen).toEqual([expect.stringContaining(message)]);
  expect([source.watches.length, source.openWatches, watcher.resourceVersion]).toEqual([1, 0, '2']);
  const again = new RetryWatcher({ watch: () => watchOf(event) }, { resourceVersion: '2' })[Symbol.asyncIterator]();
  await expect(again.next()).rejects.toSatisfy(isInternalError);
});

/** A watch of these events, and no end. */
function watchOf(...events: WatchEvent<KubernetesObject>[]): Watch<KubernetesObject> {
  return {
    async *[Symbol.asyncIterator]() {
      yield* events;
      await new Promise(() => undefined);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

test('a failure that is told to nobody is watched over all the same', async () => {
  const { source, seen, clock } = await setUp({ onRetry: undefined });
  source.closeWatches(reset);
  source.set(object('b'));
  await clock.advance(1000);
  expect(seen).toEqual(['ADDED b@3']);
});

describe('is closed', () => {
  test('by its signal, with the reason of that, while it watches and while it waits', async () => {
    for (const waits of [false, true]) {
      const { source, seen, clock, abort } = await setUp();
      if (waits) source.closeWatches();
      await settle();
      abort.abort(new Error('enough'));
      await settle();
      expect([seen, source.openWatches, clock.pending]).toEqual([['Error: enough'], 0, 0]);
      expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    }
  });

  test('by a signal that aborted before, without a request', async () => {
    const { source, seen } = await setUp({ signal: AbortSignal.abort(new Error('before')) });
    expect([seen, source.watches]).toEqual([['Error: before'], []]);
  });

  test('by disposing, which ends a pending read; also twice, and before any', async () => {
    for (const waits of [false, true]) {
      const { source, seen, clock, watcher } = await setUp();
      if (waits) source.closeWatches();
      await settle();
      await Promise.all([watcher[Symbol.asyncDispose](), watcher[Symbol.asyncDispose]()]);
      await settle();
      expect([seen, source.openWatches, clock.pending]).toEqual([['end'], 0, 0]);
    }
    const unread = new RetryWatcher(new FakeSource(), { resourceVersion: '1' });
    await unread[Symbol.asyncDispose]();
    expect(await unread[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  });

  test('by leaving the loop', async () => {
    const clock = new FakeClock(0);
    const source = new FakeSource();
    source.set(object('a'));
    const watcher = new RetryWatcher(source, { resourceVersion: '1', clock });
    for await (const event of watcher) {
      expect(describeEvent(event)).toBe('ADDED a@2');
      break;
    }
    expect([source.openWatches, clock.pending]).toEqual([0, 0]);
    expect(watcher.resourceVersion, 'where another can go on').toBe('2');
    expect(() => watcher[Symbol.asyncIterator]()).toThrow('a RetryWatcher can be iterated once');
  });
});

test('thousands of ends leave nothing behind', async () => {
  const listeners = { now: 0, most: 0 };
  const abort = new AbortController();
  const add = abort.signal.addEventListener.bind(abort.signal);
  abort.signal.addEventListener = (...args: Parameters<typeof add>): void => {
    listeners.most = Math.max(listeners.most, ++listeners.now);
    add(...args);
  };
  let watches = 0;
  const source = {
    watch: (): Watch<KubernetesObject> => ({
      async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent<KubernetesObject>, void, void> {
        watches++;
        yield { type: 'ADDED', object: object('a', String(watches + 1)) };
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  };
  const clock = new FakeClock(0);
  clock.now = () => watches * 2000; // so long each watch has lasted
  clock.setTimeout = (callback) => queueMicrotask(callback);
  const watcher = new RetryWatcher(source, { resourceVersion: '1', clock, signal: abort.signal });
  let last: string | undefined;
  for await (const event of watcher) {
    last = event.object.metadata?.resourceVersion;
    if (watches === 3000) break;
  }
  expect([last, listeners.most]).toEqual(['3001', 1]);
});
