import { newInternalError } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import type { CacheMeter } from './cache-meter.js';
import type { ResourceEventHandlerRegistration } from './event-handler.js';
import { describe, expect, test } from 'vitest';
import { CountingAbort } from './reflector.test.kit.js';
import { queues, Recorder, setUp, thing } from './shared-informer.test.kit.js';

describe.each(queues)('having synced, on %s', (_, newQueue) => {
  test('means that the first list is in the cache', async () => {
    const { informer, source, start } = setUp({ newQueue, objects: [thing('a')] });
    expect(informer.hasSynced()).toBe(false);
    source.silent = true;
    await start();
    expect(informer.hasSynced()).toBe(false);
  });

  test('is true only when all of the list is there', async () => {
    const objects = Array.from({ length: 100 }, (_, n) => thing(`o${n}`));
    const { informer, start, clock } = setUp({ newQueue, objects });
    clock.now = (() => {
      let now = 0;
      return () => (now += 10); // so long takes each look at the clock: the list is taken in slices
    })();
    await start();
    for (let i = 0; i < 100 && !informer.hasSynced(); i++) await clock.advance(0);
    expect([informer.hasSynced(), informer.indexer.size]).toEqual([true, 100]);
  });

  test('of a server that has nothing is true, too', async () => {
    const { informer, start } = setUp({ newQueue });
    await start();
    await informer.waitForSync();
    expect(informer.hasSynced()).toBe(true);
  });

  test('is waited for, over failures, and until handlers have been told', async () => {
    const { informer, source, clock, errors } = setUp({ newQueue, watchList: false, objects: [thing('a')] });
    const recorder = new Recorder();
    const registration = informer.addEventHandler(recorder);
    source.failLists(newInternalError('x'), newInternalError('x'));
    const stop = new CountingAbort();
    const running = informer.run({ signal: stop.signal });
    const synced = informer.waitForSync();
    await settle();
    expect([informer.hasSynced(), registration.hasSynced()]).toEqual([false, false]);
    await clock.advance(10_000);
    await synced;
    expect(recorder.since()).toEqual(['add a initially']);
    expect([informer.hasSynced(), registration.hasSynced(), errors.length]).toEqual([true, true, 2]);
    stop.abort();
    await running;
  });

  test('is waited for until a handler that is behind has been told of all', async () => {
    const objects = Array.from({ length: 100 }, (_, n) => thing(`o${n}`));
    const { informer, start, clock } = setUp({ newQueue, objects });
    await start();
    let told = 0;
    clock.now = () => told * 10; // so long takes each call: the handler is told in slices
    informer.addEventHandler({ onAdd: () => told++ });
    let waited = false;
    const waiting = informer.waitForSync().then(() => (waited = true));
    await settle();
    expect([waited, told < 100]).toEqual([false, true]);
    await clock.advance(0);
    await waiting;
    expect(told).toBe(100);
  });

  test('is for each handler a matter of its own', async () => {
    const { informer, start } = setUp({ newQueue, objects: [thing('a')] });
    await start();
    const late = informer.addEventHandler(new Recorder());
    expect([informer.hasSynced(), late.hasSynced()]).toEqual([true, false]);
    await late.waitForSync();
    expect(late.hasSynced()).toBe(true);
  });

  test.each<[string, (late: ResourceEventHandlerRegistration, stop: AbortController) => void, string]>([
    ['it is taken away', (late) => late[Symbol.dispose](), 'the handler was taken away before'],
    ['the informer stops', (_, stop) => stop.abort(), 'the handler was taken away before'],
  ])('is not waited for by a handler any more when %s', async (_, end, message) => {
    const { informer, start, stop } = setUp({ newQueue, objects: [thing('a'), thing('b')] });
    await start();
    const late = informer.addEventHandler({ onAdd: () => new Promise(() => undefined) });
    const waiting = late.waitForSync();
    await settle();
    end(late, stop);
    await expect(waiting).rejects.toThrow(message);
    await expect(late.waitForSync()).rejects.toThrow(message);
    expect(late.hasSynced()).toBe(false);
  });
});

describe('waiting for the sync', () => {
  test('rejects with the reason of the signal, and listens no longer', async () => {
    const { informer } = setUp();
    const abort = new CountingAbort();
    const waiting = informer.waitForSync({ signal: abort.signal });
    expect(abort.listeners).toBe(1);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(informer.waitForSync({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  });

  test('leaves no listener behind when it has come', async () => {
    const { informer, start } = setUp({ objects: [thing('a')] });
    informer.addEventHandler(new Recorder());
    const abort = new CountingAbort();
    const waiting = informer.waitForSync({ signal: abort.signal });
    await start();
    await waiting;
    await informer.waitForSync({ signal: abort.signal });
    expect(abort.listeners).toBe(0);
  });

  test('rejects when the informer stops before, also where it never ran', async () => {
    const { informer, source, start, stop } = setUp();
    source.silent = true;
    const { ended } = await start();
    const waiting = informer.waitForSync();
    stop.abort();
    await expect(waiting).rejects.toThrow('the informer stopped before it had synced');
    await ended;
    await expect(informer.waitForSync()).rejects.toThrow('the informer stopped before it had synced');
  });
});

describe.each(queues)('stopping, on %s', (_, newQueue) => {
  test.each(['during the list', 'during the watch', 'during a pause'])(
    '%s ends the run, and leaves nothing behind',
    async (when) => {
      const { informer, source, start, stop, clock, errors } = setUp({ newQueue, objects: [thing('a')] });
      informer.addEventHandler(new Recorder(), { resyncPeriodMs: 1000 });
      source.silent = when === 'during the list';
      if (when === 'during a pause') source.failWatches(newInternalError('x'));
      const { ended } = await start();
      errors.length = 0;
      stop.abort();
      await ended;
      expect([clock.pending, stop.listeners, source.openWatches, errors]).toEqual([0, 0, 0, []]);
    },
  );

  test('takes from handlers what they have not been told of, and waits for their turn to end', async () => {
    const objects = Array.from({ length: 100 }, (_, n) => thing(`o${n}`));
    const { informer, source, start, stop, clock } = setUp({ newQueue, objects });
    let told = 0;
    informer.addEventHandler({ onAdd: () => told++ });
    const { ended } = await start();
    told = 0;
    // The handler is in the middle of a row, between two slices.
    clock.now = () => told * 10;
    for (let i = 0; i < 100; i++) source.set(thing(`more${i}`));
    await settle();
    expect(told).toBeLessThan(100);
    stop.abort();
    let hasEnded = false;
    void ended.then(() => (hasEnded = true));
    await settle();
    const before = told;
    expect(hasEnded).toBe(false);
    await clock.advance(0);
    expect([hasEnded, told]).toEqual([true, before]);
  });
});

describe('a handler that still runs', () => {
  /** Resolves when the handler may return. */
  function slow(): { readonly onAdd: () => Promise<void>; readonly goOn: () => void } {
    let goOn = (): void => undefined;
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    return { onAdd: () => gate, goOn: () => goOn() };
  }

  test.each<[string, (registration: ResourceEventHandlerRegistration) => void]>([
    ['as the informer stops', () => undefined],
    ['and was taken away before', (registration) => registration[Symbol.dispose]()],
    ['and was taken away, by who does not wait', (registration) => void registration[Symbol.asyncDispose]()],
  ])('%s is waited for by run', async (_, takeAway) => {
    const { informer, start, stop } = setUp({ objects: [thing('a')] });
    const { onAdd, goOn } = slow();
    const registration = informer.addEventHandler({ onAdd });
    const { ended } = await start();
    takeAway(registration);
    await settle();
    stop.abort();
    let hasEnded = false;
    void ended.then(() => (hasEnded = true));
    await settle();
    expect(hasEnded).toBe(false);
    goOn();
    await ended;
  });
});

describe('an informer', () => {
  test('of which one part fails, as none should, ends with all of them', async () => {
    const mine = new Error('mine');
    const metrics: CacheMeter = {
      reflector: () => ({
        requested() {
          throw mine;
        },
        [Symbol.dispose]: () => undefined,
      }),
      informer: () => ({ timed: (queue) => queue, [Symbol.dispose]: () => undefined }),
    };
    const { informer, source, clock, stop } = setUp({ metrics, objects: [thing('a')] });
    informer.addEventHandler(new Recorder(), { resyncPeriodMs: 1000 });
    source.failWatches(newInternalError('x'));
    await expect(informer.run({ signal: stop.signal })).rejects.toBe(mine);
    expect([clock.pending, stop.listeners, source.openWatches]).toEqual([0, 0, 0]);
    await expect(informer.waitForSync()).rejects.toThrow('the informer stopped before it had synced');
  });

  test('runs once', async () => {
    const { informer, start, stop } = setUp();
    const { ended } = await start();
    await expect(informer.run({ signal: stop.signal })).rejects.toThrow('an informer can be run once');
    stop.abort();
    await ended;
    await expect(informer.run({ signal: new AbortController().signal })).rejects.toThrow('an informer can be run once');
  });

  test('that is stopped before it runs asks for nothing', async () => {
    const { informer, source } = setUp();
    await informer.run({ signal: AbortSignal.abort() });
    expect([source.lists, source.watches]).toEqual([[], []]);
  });

  test('that has stopped takes no handler, and lets go of those it has', async () => {
    const { informer, start, stop } = setUp({ objects: [thing('a')] });
    const registration = informer.addEventHandler(new Recorder());
    const { ended } = await start();
    stop.abort();
    await ended;
    expect(() => informer.addEventHandler({})).toThrow('the informer has stopped');
    registration[Symbol.dispose]();
    expect(informer.indexer.listKeys(), 'what was read can still be read').toEqual(['ns/a']);
  });

  test('listens to its signal once, whatever it does', async () => {
    const { source, start, stop, clock } = setUp({ objects: [thing('a')] });
    await start();
    for (let i = 0; i < 20; i++) {
      source.closeWatches(i % 2 ? newInternalError('x') : undefined);
      await clock.advance(61_000);
    }
    expect([stop.listeners, stop.mostListeners]).toEqual([1, 1]);
  });
});
