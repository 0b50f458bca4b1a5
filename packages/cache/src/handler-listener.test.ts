import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import type { CacheError } from './error-handler.js';
import type { ResourceEventHandler } from './event-handler.js';
import { HandlerListener } from './handler-listener.js';

interface Told {
  readonly listener: HandlerListener<string>;
  readonly told: string[];
  readonly errors: CacheError[];
  readonly clock: FakeClock;
}

function setUp(handler: ResourceEventHandler<string> = {}): Told {
  const told: string[] = [];
  const errors: CacheError[] = [];
  const clock = new FakeClock(0);
  const recording: ResourceEventHandler<string> = {
    onAdd: (object, initially) => void told.push(`add ${object}${initially ? ' initially' : ''}`),
    onUpdate: (before, after) => void told.push(`update ${before} to ${after}`),
    onDelete: ({ key }) => void told.push(`delete ${key}`),
    ...handler,
  };
  return { listener: new HandlerListener(recording, clock, (error) => errors.push(error)), told, errors, clock };
}

/** Every call of the handler takes a millisecond. */
function setUpSlow(): Told {
  const setting = setUp();
  setting.clock.now = () => setting.told.length;
  return setting;
}

function add(object: string, isInInitialList = false): { type: 'add'; object: string; isInInitialList: boolean } {
  return { type: 'add', object, isInInitialList };
}

test('listeners that hand over in the same turn have one slice between them', async () => {
  const clock = new FakeClock(0);
  const group = { active: 0 };
  let calls = 0;
  // Every call takes a quarter of a millisecond.
  clock.now = () => calls / 4;
  const onError = (error: CacheError): never => {
    throw error;
  };
  const listeners = Array.from(
    { length: 4 },
    () => new HandlerListener({ onAdd: () => void calls++ }, clock, onError, { group }),
  );
  for (const listener of listeners) for (let n = 0; n < 200; n++) listener.enqueue(add(`o${n}`));
  await settle();
  // 8 ms, and what each goes on for until it looks at the clock.
  expect(calls).toBeLessThanOrEqual(32 + 4 * 16);
  for (let turn = 0; turn < 100; turn++) await clock.advance(1000);
  expect(calls).toBe(800);
  expect(group.active).toBe(0);
});

async function turns(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await Promise.resolve();
}

describe('a listener', () => {
  test('hands everything over in order, and never within enqueue()', async () => {
    const { listener, told } = setUp();
    listener.enqueue(add('a', true));
    listener.enqueue({ type: 'update', oldObject: 'a', newObject: 'b' });
    listener.enqueue({ type: 'delete', deleted: { finalStateUnknown: false, key: 'k', object: 'b' } });
    expect(told).toEqual([]);
    await listener.idle();
    expect(told).toEqual(['add a initially', 'update a to b', 'delete k']);
  });

  test.each(Array.from({ length: 12 }, (_, n) => n))(
    'forgets nothing that comes %i turns after the first',
    async (n) => {
      const { listener, told } = setUp();
      listener.enqueue(add('a'));
      await turns(n);
      listener.enqueue(add('b'));
      await settle();
      expect(told).toEqual(['add a', 'add b']);
    },
  );

  test('is content with a handler that wants to know nothing', async () => {
    const errors: CacheError[] = [];
    const listener = new HandlerListener({}, new FakeClock(), (error) => errors.push(error));
    listener.enqueue(add('a', true));
    await listener.idle();
    expect([listener.caughtUp, errors]).toEqual([true, []]);
  });

  test('hands over what its handler makes happen after what waits already', async () => {
    const { listener, told } = setUp({
      onAdd: (object) => {
        told.push(`add ${object}`);
        if (object === 'a') listener.enqueue(add('made'));
      },
    });
    listener.enqueue(add('a'));
    listener.enqueue(add('b'));
    await listener.idle();
    expect(told).toEqual(['add a', 'add b', 'add made']);
  });
});

describe('catching up', () => {
  test('is about the adds of the initial list alone', async () => {
    const { listener } = setUp();
    expect(listener.caughtUp).toBe(true);
    listener.enqueue(add('a'));
    expect(listener.caughtUp).toBe(true);
    listener.enqueue(add('b', true));
    expect(listener.caughtUp).toBe(false);
    await listener.untilCaughtUp();
    expect(listener.caughtUp).toBe(true);
  });

  test('does not wait for what comes after the initial list', async () => {
    const { listener } = setUpSlow();
    listener.enqueue(add('a', true));
    for (let i = 0; i < 100; i++) listener.enqueue(add(String(i)));
    await listener.untilCaughtUp();
    expect(listener.length).toBeGreaterThan(0);
  });

  test('ends with the listener', async () => {
    const { listener } = setUp();
    listener.enqueue(add('a', true));
    listener.stop();
    await listener.untilCaughtUp();
    expect(listener.caughtUp).toBe(false);
  });
});

describe('a handler that fails', () => {
  test('is reported, told of the next change, and catches up', async () => {
    const { listener, told, errors } = setUp({
      onAdd: (object) => {
        if (object === 'a') throw new Error('mine');
        told.push(object);
      },
    });
    listener.enqueue(add('a', true));
    listener.enqueue(add('b', true));
    await listener.untilCaughtUp();
    expect(told).toEqual(['b']);
    expect(errors).toMatchObject([
      { stage: 'handler', message: 'the add handler threw: mine', cause: new Error('mine') },
    ]);
  });

  test('is reported where it is async, too', async () => {
    const { listener, errors } = setUp({
      onDelete: () => Promise.reject(new Error('later')),
    });
    listener.enqueue({ type: 'delete', deleted: { finalStateUnknown: true, key: 'k', object: undefined } });
    await settle();
    expect(errors).toMatchObject([{ stage: 'handler', cause: new Error('later') }]);
  });
});

describe('a handler that returns a promise', () => {
  test('is told of the next change when that has settled, and has caught up no sooner', async () => {
    let finish: (() => void) | undefined;
    const { listener, told } = setUp({
      onAdd: (object) => {
        told.push(object);
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
    });
    listener.enqueue(add('a', true));
    listener.enqueue(add('b'));
    await settle();
    expect([told, listener.caughtUp, listener.length]).toEqual([['a'], false, 1]);
    finish?.();
    await listener.untilCaughtUp();
    await settle();
    expect([told, listener.caughtUp]).toEqual([['a', 'b'], true]);
  });

  test('takes no part of the slices of others while it waits', async () => {
    const group = { active: 0 };
    const never = new Promise<never>(() => undefined);
    const listener = new HandlerListener({ onAdd: () => never }, new FakeClock(), () => undefined, { group });
    listener.enqueue(add('a'));
    expect(group.active).toBe(1);
    await settle();
    expect(group.active).toBe(0);
  });
});

describe('a listener with a limit', () => {
  test('is full when it is reached, and has room again when half is gone', async () => {
    let room = 'not asked for';
    const listener = new HandlerListener<string>({}, new FakeClock(), () => undefined, { maxBacklog: 2 });
    listener.enqueue(add('a'));
    expect(listener.room()).toBeUndefined();
    listener.enqueue(add('b'));
    void listener.room()?.then(() => (room = `at ${listener.length}`));
    await listener.idle();
    expect([room, listener.room()]).toEqual(['at 0', undefined]);
  });

  test('makes room when it is stopped', async () => {
    const listener = new HandlerListener<string>({}, new FakeClock(), () => undefined, { maxBacklog: 1 });
    listener.enqueue(add('a'));
    const room = listener.room();
    listener.stop();
    await room;
    expect(listener.room()).toBeUndefined();
  });
});

describe('stop', () => {
  test('keeps from the handler what it has not been told of, and what comes', async () => {
    const { listener, told } = setUp({
      onAdd: (object) => {
        told.push(object);
        listener.stop();
      },
    });
    listener.enqueue(add('a'));
    listener.enqueue(add('b'));
    await listener.idle();
    listener.enqueue(add('c'));
    await settle();
    expect([told, listener.length]).toEqual([['a'], 0]);
  });

  test('idle() resolves where there was never anything to tell', async () => {
    const { listener } = setUp();
    await listener.idle();
    listener.stop();
    await listener.idle();
  });
});

test('a long row is handed over in slices', async () => {
  const { listener, told, clock } = setUpSlow();
  for (let i = 0; i < 100; i++) listener.enqueue(add(String(i)));
  await settle();
  expect(told.length).toBeLessThan(100);
  await clock.advance(0);
  expect(told).toHaveLength(100);
});
