import type { KubernetesObject, ListerWatcher } from '@client-ts/apimachinery';
import {
  newBadRequest,
  newForbidden,
  newInternalError,
  newInvalid,
  newResourceExpired,
  newTooManyRequests,
} from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { broken, type FailureRow, FirstPauseMs, named, run } from './reflector.test.kit.js';
import { FakeSource } from './testing/fake-source.js';

const forbidden = newForbidden({ group: '', resource: 'pods' }, '', 'no');

describe('initial events', () => {
  const synced = { watchList: true } as const;

  test.each<FailureRow>([
    { what: '500', error: newInternalError('x'), next: ['list "0"', 'watch "2"'] },
    { what: '403', error: forbidden, next: ['list "0"', 'watch "2"'] },
    { what: '429', error: newTooManyRequests('x', 0), next: ['watchList ""'] },
    { what: 'connection refused', error: broken('connect'), next: ['watchList ""'] },
    { what: 'a connection reset', error: broken('reset'), next: ['watchList ""'] },
    { what: '410', error: newResourceExpired('x'), next: ['watchList ""'], silent: true },
    {
      what: '422',
      error: newInvalid({ group: '', kind: 'ListOptions' }, '', []),
      next: ['list "0"', 'watch "2"'],
      atOnce: true,
      silent: true,
    },
    { what: '400', error: newBadRequest('x'), next: ['list "0"', 'watch "2"'], atOnce: true, silent: true },
  ])('that are refused with $what are followed by $next', async ({ error, next, atOnce, silent }) => {
    const source = new FakeSource();
    source.set(named('a'));
    source.failWatches(error);
    const { clock, requests, errors, store } = run({ ...synced, source });
    await clock.advance(atOnce ? 0 : FirstPauseMs);
    expect(requests()).toEqual(['watchList ""', ...next]);
    expect(errors.map(({ cause }) => cause)).toEqual(silent ? [] : [error]);
    expect([...store.objects.keys()]).toEqual(['a']);
  });

  test('that break off are not stored, and asked for again', async () => {
    const source = new FakeSource();
    source.silent = true;
    const { clock, store, requests } = run({ ...synced, source });
    await settle();
    source.silent = false;
    source.send({ type: 'ADDED', object: named('half', '1') });
    source.closeWatches(broken('reset'));
    source.set(named('a'));
    await clock.advance(FirstPauseMs);
    expect(requests()).toEqual(['watchList ""', 'watchList ""']);
    expect(store.calls).toEqual(['replace [a] at 2']);
  });

  test('that break off twice in a row are listed, and the next time as soon as they break off once', async () => {
    const source = new FakeSource();
    source.set(named('a'));
    let cutting = true;
    // A proxy that lets no answer last.
    const through = (inner: FakeSource): ListerWatcher<KubernetesObject> => ({
      list: (options) => inner.list(options),
      watch: (options = {}) => {
        const watch = inner.watch(options);
        if (!cutting || !options.sendInitialEvents) return watch;
        return {
          async *[Symbol.asyncIterator]() {
            for await (const event of watch) {
              yield event;
              throw broken('reset');
            }
          },
          [Symbol.asyncDispose]: () => watch[Symbol.asyncDispose](),
        };
      },
    });
    const { clock, requests, store } = run({ ...synced, source, through, backoff: { durationMs: 1000 } });
    await clock.advance(5000);
    expect(requests()).toEqual(['watchList ""', 'watchList ""', 'list "0"', 'watch "2"']);
    expect([...store.objects.keys()]).toEqual(['a']);

    source.closeWatches(newResourceExpired('x'));
    await clock.advance(5000);
    expect(requests()).toEqual(['watchList ""', 'list ""', 'watch "2"']);

    cutting = false;
    source.closeWatches(newResourceExpired('x'));
    await clock.advance(5000);
    cutting = true;
    source.closeWatches(newResourceExpired('x'));
    await clock.advance(5000);
    expect(requests()).toEqual(['watchList ""', 'watchList ""', 'watchList ""', 'list ""', 'watch "2"']);
  });

  test('that end before their end are listed instead', async () => {
    const source = new FakeSource();
    source.silent = true;
    const { clock, store, requests, errors } = run({ ...synced, source });
    await settle();
    source.silent = false;
    source.closeWatches();
    await clock.advance(FirstPauseMs);
    expect(requests()).toEqual(['watchList ""', 'list "0"', 'watch "1"']);
    expect(store.calls).toEqual(['replace [] at 1']);
    expect(errors).toMatchObject([{ cause: { message: 'the watch ended before its initial events did' } }]);
  });

  test.each<[string, (source: FakeSource) => void]>([
    ['is silent', () => undefined],
    ['only tells of changes', (source) => source.set(named('a'))],
    ['tells of a new object now and then', (source) => source.set(named(`new-${source.objects.length}`))],
  ])('a server that does not know them and %s is found out, and remembered', async (_, act) => {
    const source = new FakeSource();
    source.watchList = false;
    source.set(named('a'));
    const { clock, store, requests, errors } = run({ ...synced, source });
    for (let i = 0; i < 4; i++) {
      await clock.advance(10_000);
      act(source);
    }
    expect(requests()).toEqual(['watchList ""', 'list "0"', expect.stringMatching(/^watch "/)]);
    expect(store.calls[0]).toMatch(/^replace \[a[\],]/);
    expect(errors).toEqual([]);
    source.closeWatches(newResourceExpired('x'));
    await clock.advance(FirstPauseMs);
    expect(requests()).toEqual(['list ""', expect.stringMatching(/^watch "/)]);
  });

  test('a server that sends bookmarks in between does not know them', async () => {
    const source = new FakeSource();
    source.watchList = false;
    const { store, requests } = run({ ...synced, source });
    await settle();
    source.bookmark();
    await settle();
    expect(requests()).toEqual(['watchList ""', 'list "0"', 'watch "1"']);
    expect(store.calls).toEqual(['replace [] at 1']);
  });

  test.each<[string, (source: FakeSource) => void]>([
    ['ends the watch when it was asked to', (source) => source.closeWatches()],
    ['goes on for longer than it was asked to', () => undefined],
  ])('a server that tells of new objects all the time, and %s, does not know them', async (_, end) => {
    const source = new FakeSource();
    source.watchList = false;
    const { clock, requests, errors } = run({ ...synced, source, minWatchTimeoutMs: 10_000 });
    const newObjects = async (seconds: number): Promise<void> => {
      for (let i = 0; i < 2 * seconds; i++) {
        await clock.advance(500);
        source.set(named(`new-${source.objects.length}`));
      }
    };
    await settle();
    await newObjects(source.watches[0]?.timeoutSeconds ?? 0);
    end(source);
    await newObjects(31);
    expect(requests().slice(0, 2)).toEqual(['watchList ""', 'list "0"']);
    expect(errors).toEqual([]);
    source.closeWatches(newResourceExpired('x'));
    await clock.advance(FirstPauseMs);
    expect(requests()).not.toContain('watchList ""');
  });

  test('may take long, as long as they go on', async () => {
    const source = new FakeSource();
    source.silent = true;
    const { clock, requests } = run({ ...synced, source });
    await settle();
    source.silent = false;
    let sent = 0;
    for (const [objects, everyMs] of [
      [200, 1000],
      [1000, 1],
      [1, 29_000],
      [60, 500],
    ] as const) {
      for (let i = 0; i < objects; i++) {
        await clock.advance(everyMs);
        source.send({ type: 'ADDED', object: named(`o${sent++}`, '1') });
      }
    }
    expect(requests()).toEqual(['watchList ""']);
  });
});
