import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { queues, Recorder, setUp, thing } from './shared-informer.test.kit.js';

describe.each(queues)('several handlers, on %s', (_, newQueue) => {
  test('are told the same, each in its own time; one that is added twice is told twice', async () => {
    const { informer, source, start } = setUp({ newQueue, objects: [thing('a')] });
    const [first, second] = [new Recorder(), new Recorder()];
    for (const handler of [first, second, second]) informer.addEventHandler(handler);
    await start();
    source.set(thing('b'));
    await settle();
    expect(first.since()).toEqual(['add a initially', 'add b']);
    expect(second.since().toSorted()).toEqual(['add a initially', 'add a initially', 'add b', 'add b']);
  });

  test('one that is added late first sees everything as added, and then what all see', async () => {
    const { informer, source, start } = setUp({ newQueue, objects: [thing('a'), thing('b')] });
    await start();
    source.set(thing('c'));
    source.delete('ns/a');
    await settle();
    const late = new Recorder();
    informer.addEventHandler(late);
    source.set(thing('b', 'blue'));
    source.set(thing('d'));
    await settle();
    expect(late.since()).toEqual(['add b initially', 'add c initially', 'update b', 'add d']);
  });

  test('one that is added at any turn of a change misses nothing, and sees nothing twice', async () => {
    for (let turn = 0; turn < 30; turn++) {
      const { informer, source, start, stop } = setUp({ newQueue, objects: [thing('a')] });
      const { ended } = await start();
      source.set(thing('b'));
      source.set(thing('a', 'blue'));
      for (let i = 0; i < turn; i++) await Promise.resolve();
      const late = new Recorder();
      informer.addEventHandler(late);
      await settle();
      const names = late.told.map((line) => line.replace(' initially', ''));
      expect(names.filter((line) => line !== 'update a').toSorted(), `turn ${turn}`).toEqual(['add a', 'add b']);
      const color = informer.indexer.getByKey('ns/a')?.spec?.color;
      expect(color).toBe('blue');
      stop.abort();
      await ended;
    }
  });

  test('one that was removed is told of nothing more, the others of everything', async () => {
    const { informer, source, start } = setUp({ newQueue });
    const [removed, other] = [new Recorder(), new Recorder()];
    const registration = informer.addEventHandler(removed);
    informer.addEventHandler(other);
    await start();
    source.set(thing('a'));
    await settle();
    source.set(thing('b'));
    registration[Symbol.dispose]();
    registration[Symbol.dispose]();
    await settle();
    expect([removed.since(), other.since()]).toEqual([['add a'], ['add a', 'add b']]);
  });

  test('one that is removed and waited for does not run any more, and the others go on', async () => {
    const { informer, source, start } = setUp({ newQueue });
    let finish: (() => void) | undefined;
    const told: string[] = [];
    const slow = informer.addEventHandler({
      onAdd: async ({ metadata }) => {
        await new Promise<void>((resolve) => (finish = resolve));
        told.push(`slow ${metadata?.name}`);
      },
    });
    const idle = informer.addEventHandler({});
    informer.addEventHandler({ onAdd: ({ metadata }) => told.push(`other ${metadata?.name}`) });
    await start();
    for (const name of ['a', 'b']) source.set(thing(name));
    await settle();
    const removed = slow[Symbol.asyncDispose]().then(() => told.push('removed'));
    await idle[Symbol.asyncDispose]();
    source.set(thing('c'));
    await settle();
    expect(told.splice(0)).toEqual(['other a', 'other b', 'other c']);
    finish?.();
    await removed;
    await slow[Symbol.asyncDispose]();
    expect(told).toEqual(['slow a', 'removed']);
  });

  test('one may remove itself, and add others', async () => {
    const { informer, source, start } = setUp({ newQueue, objects: [thing('a'), thing('b')] });
    const [once, added] = [new Recorder(), new Recorder()];
    const registration = informer.addEventHandler({
      onAdd: (object, initially) => {
        once.onAdd(object, initially);
        registration[Symbol.dispose]();
        informer.addEventHandler(added);
      },
    });
    await start();
    source.set(thing('c'));
    await settle();
    expect(once.since()).toEqual(['add a initially']);
    expect(added.since()).toEqual(['add a initially', 'add b initially', 'add c']);
  });

  test('one that throws is reported, and neither it nor another misses anything', async () => {
    const { informer, source, start, errors } = setUp({ newQueue, objects: [thing('a')] });
    const [throwing, other] = [new Recorder(), new Recorder()];
    const registration = informer.addEventHandler({
      onAdd: (object, initially) => {
        throwing.onAdd(object, initially);
        throw new Error(`cannot handle ${object.metadata?.name}`);
      },
    });
    informer.addEventHandler(other);
    await start();
    source.set(thing('b'));
    await settle();
    expect([throwing.since(), other.since()]).toEqual([
      ['add a initially', 'add b'],
      ['add a initially', 'add b'],
    ]);
    expect(errors.map(({ stage, message }) => `${stage}: ${message}`)).toEqual([
      'handler: the add handler threw: cannot handle a',
      'handler: the add handler threw: cannot handle b',
    ]);
    expect([registration.hasSynced(), informer.indexer.size]).toEqual([true, 2]);
  });

  test('adds of a later list are not initial', async () => {
    const { informer, source, start, clock } = setUp({ newQueue });
    const recorder = new Recorder();
    informer.addEventHandler(recorder);
    await start();
    source.closeWatches(newResourceExpired('too old'));
    source.set(thing('a'));
    await clock.advance(2000);
    expect(recorder.since()).toEqual(['add a']);
  });
});

describe('resync', () => {
  test('is for each handler in its own period; others do not notice', async () => {
    const { informer, clock, start } = setUp({ objects: [thing('a'), thing('b')] });
    const [quick, slow, never] = [new Recorder(), new Recorder(), new Recorder()];
    informer.addEventHandler(quick, { resyncPeriodMs: 1000 });
    informer.addEventHandler(slow, { resyncPeriodMs: 2500 });
    informer.addEventHandler(never);
    await start();
    for (const recorder of [quick, slow, never]) recorder.since();
    await clock.advance(1000);
    expect([quick.since(), slow.since(), never.since()]).toEqual([['resync a', 'resync b'], [], []]);
    await clock.advance(1500);
    expect([quick.since(), slow.since(), never.since()]).toEqual([
      ['resync a', 'resync b'],
      ['resync a', 'resync b'],
      [],
    ]);
  });

  test('has a default, which a handler may refuse', async () => {
    const { informer, clock, start } = setUp({ objects: [thing('a')], defaultResyncMs: 5000 });
    const [usual, unwilling] = [new Recorder(), new Recorder()];
    informer.addEventHandler(usual);
    informer.addEventHandler(unwilling, { resyncPeriodMs: 0 });
    await start();
    await clock.advance(5000);
    expect(usual.since()).toEqual(['add a initially', 'resync a']);
    expect(unwilling.since()).toEqual(['add a initially']);
  });

  test('begins at once for a handler that is added while running, and ends with it and with the informer', async () => {
    const { informer, clock, start, stop } = setUp({ objects: [thing('a')] });
    const { ended } = await start();
    const [removed, other] = [new Recorder(), new Recorder()];
    const registration = informer.addEventHandler(removed, { resyncPeriodMs: 1000 });
    informer.addEventHandler(other, { resyncPeriodMs: 1000 });
    await clock.advance(1000);
    registration[Symbol.dispose]();
    await clock.advance(1000);
    expect([removed.since(), other.since()]).toEqual([
      ['add a initially', 'resync a'],
      ['add a initially', 'resync a', 'resync a'],
    ]);
    stop.abort();
    await ended;
    expect(clock.pending).toBe(0);
  });

  test('does not run before the informer does', async () => {
    const { informer, clock } = setUp({ objects: [thing('a')] });
    informer.addEventHandler(new Recorder(), { resyncPeriodMs: 1000 });
    await clock.advance(10_000);
    expect(clock.pending).toBe(0);
  });

  test('spares a handler that is behind', async () => {
    const objects = Array.from({ length: 100 }, (_, n) => thing(`o${n}`));
    const { informer, source, clock, start } = setUp({ objects });
    await start();
    let calls = 0;
    const [now, setTimeout] = [clock.now.bind(clock), clock.setTimeout.bind(clock)];
    // A call takes a millisecond, and the turn between two slices half a second: more than 3 seconds for all objects.
    clock.now = () => now() + calls;
    clock.setTimeout = (callback, ms) => setTimeout(callback, ms || 500);
    const recorder = new Recorder();
    informer.addEventHandler(
      {
        onAdd: (object, initially) => {
          calls++;
          recorder.onAdd(object, initially);
        },
        onUpdate: () => void calls++,
      },
      { resyncPeriodMs: 1000 },
    );
    await clock.advance(60_000);
    expect(calls, 'there was something to be behind of').toBeGreaterThan(500);
    recorder.since();
    source.set(thing('new'));
    await clock.advance(5000);
    expect(recorder.since(), 'no more than one resync was waiting').toEqual(['add new']);
  });

  test.each([1, 999, Number.NaN, -1])('a period of %d ms is refused', (resyncPeriodMs) => {
    const { informer } = setUp();
    expect(() => informer.addEventHandler({}, { resyncPeriodMs })).toThrow(RangeError);
  });
});

test('ten thousand handlers that came and went leave nothing behind', async () => {
  const { informer, source, clock, start, errors } = setUp({ objects: [thing('a')] });
  await start();
  const pending = clock.pending;
  let told = 0;
  for (let i = 0; i < 10_000; i++) {
    using _registration = informer.addEventHandler({ onAdd: () => told++ }, { resyncPeriodMs: 1000 });
    if (i % 100 === 0) await settle();
  }
  await settle();
  expect(clock.pending).toBe(pending);
  const before = told;
  source.set(thing('b'));
  await settle();
  expect([told, errors]).toEqual([before, []]);
});
