import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { newNotFound } from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import { FreshAs, FreshAsTimeoutError } from './fresh-as.js';
import { CountingAbort } from './reflector.test.kit.js';
import { queues, setUp, type Thing, thing } from './shared-informer.test.kit.js';

/** Whether a promise has been settled, and how. */
function outcomeOf(promise: Promise<void>): { state: string } {
  const outcome = { state: 'waiting' };
  promise.then(
    () => (outcome.state = 'fresh'),
    (error: unknown) => (outcome.state = String(error)),
  );
  return outcome;
}

describe('waiting for a version', () => {
  test.each<[reached: string, wanted: string, state: string]>([
    ['', '1', 'waiting'],
    ['9', '10', 'waiting'],
    ['10', '10', 'fresh'],
    ['10', '9', 'fresh'],
    ['9007199254740993', '9007199254740992', 'fresh'],
    ['9007199254740992', '9007199254740993', 'waiting'],
  ])('%j has reached %j: %s', async (reached, wanted, state) => {
    for (const first of [true, false]) {
      const freshAs = new FreshAs('things', new FakeClock());
      if (first) freshAs.reached(reached);
      const outcome = outcomeOf(freshAs.wait(wanted));
      if (!first) freshAs.reached(reached);
      await settle();
      expect(outcome.state).toBe(state);
    }
  });

  test.each(['', '0', 'abc', '-1', '1.5'])('that can never be reached, as %j, rejects', async (version) => {
    await expect(new FreshAs('things', new FakeClock()).wait(version)).rejects.toThrow(RangeError);
  });

  test('of a server whose versions cannot be compared rejects, and breaks nothing else', async () => {
    const freshAs = new FreshAs('things', new FakeClock());
    const outcome = outcomeOf(freshAs.wait('1'));
    expect(() => freshAs.reached('a1')).not.toThrow();
    await settle();
    expect(outcome.state).toContain('"a1" is not a positive decimal number');
    await expect(freshAs.wait('1')).rejects.toThrow(RangeError);
  });

  test('is not over when the cache goes back, and each waits for its own', async () => {
    const freshAs = new FreshAs('things', new FakeClock());
    freshAs.reached('5');
    const [six, seven] = [outcomeOf(freshAs.wait('6')), outcomeOf(freshAs.wait('7'))];
    freshAs.reached('');
    const five = outcomeOf(freshAs.wait('5'));
    freshAs.reached('6');
    await settle();
    expect([five.state, six.state, seven.state]).toEqual(['fresh', 'fresh', 'waiting']);
  });

  test('ends in time, and says how far the cache has come', async () => {
    const clock = new FakeClock();
    const freshAs = new FreshAs('things', clock);
    const early = outcomeOf(freshAs.wait('7', { timeoutMs: 50 }));
    await clock.advance(50);
    expect(early.state).toContain('things: the cache did not reach version 7 within 50 ms: it holds no list');
    freshAs.reached('6');
    const late = freshAs.wait('7', { timeoutMs: 50 });
    await Promise.all([expect(late).rejects.toThrow(FreshAsTimeoutError), clock.advance(50)]);
    await expect(late).rejects.toThrow('it is as of 6');
  });

  test('leaves no timer and no listener behind, however it ends', async () => {
    const clock = new FakeClock();
    const freshAs = new FreshAs('things', clock);
    const abort = new CountingAbort();
    const options = { signal: abort.signal, timeoutMs: 1000 };
    const waits = ['1', '2', '3'].map((version) => outcomeOf(freshAs.wait(version, options)));
    freshAs.reached('1');
    await settle();
    expect(abort.listeners).toBe(2);
    abort.abort(new Error('enough'));
    await settle();
    expect(waits.map(({ state }) => state)).toEqual(['fresh', 'Error: enough', 'Error: enough']);
    await expect(freshAs.wait('1', options)).rejects.toThrow('enough');
    expect([abort.listeners, clock.pending]).toEqual([0, 0]);
  });
});

describe.each(queues)('an informer on %s', (_, newQueue) => {
  test('is as fresh as what it has stored, by a watch, a bookmark or a list', async () => {
    const { informer, source, start, clock } = setUp({ newQueue, objects: [thing('a')] });
    const before = outcomeOf(informer.freshAs('2'));
    await start();
    expect([before.state, informer.lastSyncResourceVersion()]).toEqual(['fresh', '2']);

    const byWatch = informer.freshAs('3').then(() => informer.indexer.getByKey('ns/a')?.spec?.color);
    source.set(thing('a', 'red'));
    expect(await byWatch).toBe('red');

    const byBookmark = outcomeOf(informer.freshAs('9'));
    source.send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } });
    await settle();
    expect(byBookmark.state).toBe('fresh');

    const byList = outcomeOf(informer.freshAs('4'));
    source.closeWatches(newNotFound({ group: '', resource: 'things' }, ''));
    source.set(thing('b'));
    await clock.advance(60_000);
    expect([byList.state, informer.indexer.size]).toEqual(['fresh', 2]);
  });

  test('is as fresh as what it has stored, also while more is waiting', async () => {
    const { informer, source, start } = setUp({ newQueue });
    await start();
    let done: (() => void) | undefined;
    const slow = (): Promise<void> => new Promise((resolve) => (done = resolve));
    informer.addEventHandler({ onAdd: slow, onUpdate: slow }, { maxBacklog: 1 });
    for (const name of ['a', 'b', 'c']) source.set(thing(name));
    source.set(thing('a', 'red'));
    const seen: [version: string, keys: number, waiting: boolean][] = [];
    for (let i = 0; i < 5; i++) {
      await settle();
      seen.push([informer.lastSyncResourceVersion(), informer.indexer.size, informer.health().queued > 0]);
      done?.();
    }
    expect(seen.filter(([, , waiting]) => waiting).length).toBeGreaterThan(0);
    // The versions are those of objects: the first is the second there is.
    for (const [version, keys] of seen) expect(keys).toBe(Math.min(Number(version) - 1, 3));
    expect(seen.at(-1)?.[0]).toBe('5');
    await informer.freshAs('5');
  });

  test('is as fresh as what handlers are told of', async () => {
    const { informer, source, start } = setUp({ newQueue, objects: [thing('a')] });
    const behind: string[] = [];
    const look = ({ metadata: { resourceVersion = '' } = {} }: Thing): void => {
      if (Number(informer.lastSyncResourceVersion()) < Number(resourceVersion)) behind.push(resourceVersion);
    };
    informer.addEventHandler({ onAdd: look, onUpdate: (_, object) => look(object) });
    await start();
    for (const name of ['b', 'c', 'a']) source.set(thing(name));
    await settle();
    expect([informer.lastSyncResourceVersion(), behind]).toEqual(['5', []]);
  });

  test('waits on while its resource is not served, and is fresh when it is back', async () => {
    const { informer, source, start, clock } = setUp({ newQueue, watchList: false, objects: [thing('a')] });
    await start();
    const gone = newNotFound({ group: '', resource: 'things' }, '');
    source.failWatches(gone);
    source.failLists(gone, gone, gone);
    source.closeWatches(gone);
    await clock.advance(5000);
    expect([informer.lastSyncResourceVersion(), informer.indexer.size]).toEqual(['', 0]);
    const again = outcomeOf(informer.freshAs('2'));
    await clock.advance(600);
    expect(again.state).toBe('waiting');
    await clock.advance(120_000);
    expect([again.state, informer.indexer.size]).toEqual(['fresh', 1]);
  });

  test('is not fresh by a change that its store refused, but by the list that makes up for it', async () => {
    const { informer, source, start, clock, errors } = setUp({ newQueue });
    await start();
    const indexer = informer.indexer as unknown as { set: (key: string, object: unknown) => unknown };
    const set = indexer.set.bind(indexer);
    indexer.set = () => {
      throw new Error('disk full');
    };
    const outcome = outcomeOf(informer.freshAs('2'));
    source.set(thing('a'));
    await settle();
    expect([outcome.state, errors.length]).toEqual(['waiting', 1]);
    indexer.set = set;
    await clock.advance(60_000);
    expect([outcome.state, informer.indexer.size]).toEqual(['fresh', 1]);
  });

  test('that has stopped is as fresh as it was, and never more', async () => {
    const { informer, start, stop } = setUp({ newQueue, objects: [thing('a')] });
    const { ended } = await start();
    const later = outcomeOf(informer.freshAs('3'));
    stop.abort();
    await ended;
    expect(later.state).toBe('Error: things: the informer stopped before it had reached version 3');
    await informer.freshAs('2');
    await expect(informer.freshAs('3')).rejects.toThrow('stopped before it had reached version 3');
  });
});
