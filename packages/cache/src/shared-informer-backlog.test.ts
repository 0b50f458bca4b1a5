import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { latestStates } from './latest-states.js';
import type { ResourceEventHandler } from './event-handler.js';
import { type NewQueue, queues, Recorder, setUp, type Setting, type Thing, thing } from './shared-informer.test.kit.js';

/** Is told of one change, and then of no other until it is let go on. */
class SlowHandler implements ResourceEventHandler<Thing> {
  readonly told: string[] = [];
  #resume: (() => void) | undefined;

  onAdd(object: Thing): Promise<void> {
    return this.#tell(`add ${object.metadata?.name} ${object.spec?.color}`);
  }

  onUpdate(_: Thing, object: Thing): Promise<void> {
    return this.#tell(`update ${object.metadata?.name} ${object.spec?.color}`);
  }

  onDelete({ key }: { readonly key: string }): Promise<void> {
    return this.#tell(`delete ${key}`);
  }

  async goOn(times = 1): Promise<void> {
    for (let n = 0; n < times; n++) {
      this.#resume?.();
      await settle();
    }
  }

  #tell(what: string): Promise<void> {
    this.told.push(what);
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }
}

async function started(newQueue: NewQueue): Promise<Setting> {
  const setting = setUp({ newQueue });
  await setting.start();
  return setting;
}

/** Counts how many events are read of each watch. */
function countReads({ source }: Setting): () => number {
  let reads = 0;
  const watch = source.watch.bind(source);
  source.watch = (options) => {
    const events = watch(options);
    return {
      async *[Symbol.asyncIterator]() {
        for await (const event of events) {
          reads++;
          yield event;
        }
      },
      [Symbol.asyncDispose]: () => events[Symbol.asyncDispose](),
    };
  };
  return () => reads;
}

describe.each(queues)('on %s', (_, newQueue) => {
  test('a handler that is behind keeps the cache, and everybody, from reading on, until half is gone', async () => {
    const setting = setUp({ newQueue });
    const { source, informer, errors, clock } = setting;
    const reads = countReads(setting);
    const slow = new SlowHandler();
    const other = new Recorder();
    const registration = informer.addEventHandler(slow, { maxBacklog: 4, name: 'slow' });
    informer.addEventHandler(other);
    await setting.start();
    const before = reads();
    for (let n = 0; n < 100; n++) {
      source.set(thing(`o${n}`));
      await settle();
    }
    const held = informer.indexer.size;
    expect(held).toBeLessThan(8);
    expect(other.told).toHaveLength(held);
    expect(reads() - before, 'no more is read than is taken').toBeLessThan(10);
    expect(registration.backlog()).toEqual({ name: 'slow', length: 4, oldestAgeMs: 0 });

    await clock.advance(10 * 60_000);
    expect(registration.backlog().oldestAgeMs).toBe(10 * 60_000);
    expect(informer.health()).toMatchObject({
      state: 'watching',
      handlers: [{ length: 4 }, { name: 'handler-1', length: 0 }],
    });
    expect([source.openWatches, errors], 'what is not read is not silent').toEqual([1, []]);

    await slow.goOn(1);
    expect(informer.indexer.size, 'more than half still waits').toBe(held);
    for (let n = 0; n < 120; n++) {
      await slow.goOn();
      await clock.advance(0);
    }
    expect([informer.indexer.size, slow.told.length, other.told.length]).toEqual([100, 100, 100]);
    expect(informer.health()).toMatchObject({ queued: 0, relists: { transient: 0, expired: 0 } });
  });

  test('nobody waits any more for a handler that is taken away, nor for one whose informer stops', async () => {
    const { source, informer, stop } = await started(newQueue);
    const first = informer.addEventHandler(new SlowHandler(), { maxBacklog: 1 });
    informer.addEventHandler(new SlowHandler(), { maxBacklog: 1 });
    for (let n = 0; n < 2500; n++) source.set(thing(`o${n}`));
    await settle();
    expect(informer.indexer.size).toBeLessThan(5);
    first[Symbol.dispose]();
    await settle();
    expect(informer.indexer.size).toBeLessThan(5);
    stop.abort();
    await settle();
    expect(source.openWatches).toBe(0);
    expect(informer.health().state).toBe('stopped');
  });

  test('a handler of latest states is told of what it missed in one, and holds up nobody', async () => {
    const { source, informer } = await started(newQueue);
    const slow = new SlowHandler();
    const registration = informer.addEventHandler(slow, { backlog: latestStates });
    source.set(thing('a', 'red'));
    await settle();
    for (const color of ['green', 'blue', 'black']) {
      source.set(thing('a', color));
      source.set(thing('b', color));
      await settle();
    }
    source.set(thing('c'));
    source.delete('ns/c');
    await settle();
    expect(informer.indexer.size).toBe(2);
    expect(registration.backlog().length).toBe(2);
    await slow.goOn(5);
    expect(slow.told).toEqual(['add a red', 'update a black', 'add b black']);
    expect(registration.hasSynced()).toBe(true);
  });
});

test.each([0, -1, Number.NaN])('a limit of %s is refused', (maxBacklog) => {
  const { informer } = setUp();
  expect(() => informer.addEventHandler({}, { maxBacklog })).toThrow(
    new RangeError(`maxBacklog must be at least 1, got ${maxBacklog}`),
  );
});
