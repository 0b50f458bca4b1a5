import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { named, run, type RunOptions, type Running } from './reflector.test.kit.js';
import { FakeSource } from './testing/fake-source.js';

/** Bookmarks come every minute; with this much silence after one the connection is dead. */
const MaxSilenceMs = 75_000;

async function watching(options: RunOptions = {}): Promise<Running> {
  const running = run(options);
  await settle();
  running.requests();
  return running;
}

/** What a live server does: nothing but a bookmark every minute. */
async function minutes({ clock, source }: Running, n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    await clock.advance(60_000);
    source.bookmark();
  }
  await settle();
}

/** The connections that are open are dead; those that are opened from now on are not. */
async function breakSilently({ source, clock }: Running): Promise<void> {
  source.silent = true;
  source.set(named('missed'));
  await clock.advance(MaxSilenceMs - 1);
  source.silent = false;
}

describe('a watch that falls silent', () => {
  test.each([true, false])('is replaced after 75 seconds, from where it was (watchList: %s)', async (watchList) => {
    const running = await watching({ watchList });
    await minutes(running, 3);
    await breakSilently(running);
    const { clock, requests, errors, store, source } = running;
    expect(requests()).toEqual([]);
    await clock.advance(1);
    expect(requests()).toEqual(['watch "1"']);
    expect([...store.objects.keys()]).toEqual(['missed']);
    expect(errors).toMatchObject([{ stage: 'watch', cause: { name: 'WatchSilentError' } }]);
    expect(source.openWatches).toBe(1);
  });

  test('is replaced as soon where it is the first one, and has never brought anything', async () => {
    const running = await watching();
    await breakSilently(running);
    await running.clock.advance(1);
    expect(running.requests()).toEqual(['watch "1"']);
    expect([...running.store.objects.keys()]).toEqual(['missed']);
  });

  test('as often as it happens', async () => {
    const running = await watching();
    for (let i = 0; i < 4; i++) {
      await minutes(running, 1);
      await breakSilently(running);
      await running.clock.advance(1);
      expect(running.requests()).toHaveLength(1);
    }
  });

  test('and whose successors are dead, too: each is replaced as soon', async () => {
    const running = await watching();
    const { clock, source, requests, store } = running;
    await minutes(running, 1);
    source.silent = true;
    source.set(named('missed'));
    await clock.advance(4 * MaxSilenceMs);
    expect(requests()).toEqual(Array.from({ length: 4 }, () => 'watch "1"'));
    source.silent = false;
    await clock.advance(MaxSilenceMs);
    expect(requests()).toEqual(['watch "1"']);
    expect([...store.objects.keys()]).toEqual(['missed']);
  });

  test('is left alone as long as events come, or bookmarks', async () => {
    const running = await watching();
    const { clock, source, requests, errors } = running;
    for (let i = 0; i < 2; i++) {
      await clock.advance(MaxSilenceMs - 1);
      source.set(named('a'));
      await clock.advance(MaxSilenceMs - 1);
      source.bookmark();
    }
    expect([requests(), errors]).toEqual([[], []]);
  });
});

describe('a server that sends no bookmarks', () => {
  test('is waited for longer each time, until its watches end as they should', async () => {
    const running = await watching();
    const { clock, requests, source } = running;
    for (const silenceMs of [75_000, 150_000, 300_000]) {
      await clock.advance(silenceMs - 1);
      expect(requests()).toEqual([]);
      await clock.advance(1);
      expect(requests()).toEqual(['watch "1"']);
    }
    const { timeoutSeconds = 0 } = source.watches.at(-1) ?? {};
    await clock.advance(timeoutSeconds * 1000);
    expect(requests()).toEqual([]);
    await clock.advance(31_000);
    expect(requests()).toEqual(['watch "1"']);
  });

  test('is expected to go on once it has begun to send them', async () => {
    const running = await watching();
    const { clock, requests } = running;
    await clock.advance(75_000 + 150_000);
    requests();
    await minutes(running, 2);
    await clock.advance(MaxSilenceMs);
    expect(requests()).toEqual(['watch "1"']);
  });
});

test('a watch that outlives its time is replaced, however lively it is', async () => {
  const running = await watching();
  await minutes(running, 11);
  expect(running.requests()).toEqual(['watch "1"']);
  expect(running.errors).toMatchObject([
    { cause: { message: 'the watch is open for longer than the server was asked for' } },
  ]);
});

test('a list in one piece that is not answered is given up after five minutes, and asked for again', async () => {
  const source = new FakeSource();
  source.silent = true;
  const { clock, requests, errors, store } = run({ source });
  await clock.advance(300_000);
  source.silent = false;
  await clock.advance(2000);
  expect(requests()).toEqual(['list "0"', 'list "0"', 'watch "1"']);
  expect(errors).toMatchObject([{ stage: 'list', cause: { name: 'ListTimeoutError' } }]);
  expect(store.calls).toEqual(['replace [] at 1']);
});

test('initial events that do not come are replaced by a list after half a minute, and asked for the next time', async () => {
  const source = new FakeSource();
  source.silent = true;
  const { clock, requests, errors } = run({ watchList: true, source });
  await clock.advance(29_999);
  source.silent = false;
  await clock.advance(1);
  expect(requests()).toEqual(['watchList ""', 'list "0"', 'watch "1"']);
  expect(errors).toMatchObject([{ stage: 'watch', cause: { name: 'WatchListUnsupportedError' } }]);
  source.closeWatches(new Error('odd'));
  await clock.advance(4000);
  expect(requests()).toEqual(['watchList "1"']);
});
