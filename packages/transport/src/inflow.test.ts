import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Inflow } from './inflow.js';

/** An inflow, and what its connection was told. */
function setUp() {
  const told: string[] = [];
  const inflow = new Inflow<string>({
    pause: () => told.push('pause'),
    resume: () => told.push('resume'),
    leave: () => told.push('leave'),
  });
  return { inflow, told, reader: () => inflow[Symbol.asyncIterator]() };
}

const failed = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('it succeeded');
    },
    (error: unknown) => error,
  );

const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ push: fc.integer({ min: 0, max: 200_000 }) }) },
  { weight: 3, arbitrary: fc.constant('read' as const) },
);

test('everything that is pushed is read, in order; and the connection is paused while too much is kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60, size: 'max' }), fc.boolean(), async (actions, fails) => {
      const { inflow, told, reader } = setUp();
      const iterator = reader();
      const pushed: string[] = [];
      const reads: Promise<IteratorResult<string, void>>[] = [];
      for (const each of actions) {
        const paused = told.at(-1) === 'pause';
        if (each === 'read') {
          reads.push(iterator.next());
        } else if (!paused) {
          const item = `${pushed.length}`.padEnd(each.push, '-');
          pushed.push(item);
          inflow.push(item);
        }
        const kept = pushed.slice(reads.length).reduce((sum, { length }) => sum + length, 0);
        // One item may go beyond what makes it pause.
        expect(kept).toBeLessThan(256 * 1024 + 200_000);
      }
      // Told in turns, beginning with a pause.
      expect(told).toEqual(told.map((_, i) => (i % 2 === 0 ? 'pause' : 'resume')));
      const failure = { mine: true };
      if (fails) inflow.fail(failure);
      else inflow.end();
      while (reads.length < pushed.length) reads.push(iterator.next());
      expect((await Promise.all(reads.slice(0, pushed.length))).map(({ value }) => value)).toEqual(pushed);
      const [next = iterator.next(), ...rest] = reads.slice(pushed.length);
      if (fails) expect(await failed(next)).toBe(failure);
      else expect(await next).toEqual({ done: true, value: undefined });
      for (const each of [...rest, iterator.next()]) expect(await each).toEqual({ done: true, value: undefined });
    }),
  );
});

test('a failure can make what came before it be lost', async () => {
  const { inflow, reader } = setUp();
  const iterator = reader();
  inflow.push('one');
  inflow.fail('failure', 'lost');
  expect(await failed(iterator.next())).toBe('failure');
});

test('a reader that leaves is not waited for, and what comes later is dropped', async () => {
  const { inflow, told, reader } = setUp();
  const iterator = reader();
  const pending = iterator.next();
  expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
  expect(await pending).toEqual({ done: true, value: undefined });
  inflow.push('late');
  inflow.end();
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  await iterator.return?.();
  expect(told).toEqual(['leave']);
});

test('leaving what has ended leaves nothing', async () => {
  const { inflow, told, reader } = setUp();
  const iterator = reader();
  inflow.push('one');
  inflow.end();
  await iterator.return?.();
  expect(told).toEqual([]);
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test('it can be read once', () => {
  const { reader } = setUp();
  reader();
  expect(reader).toThrow(TypeError);
});

test.each<[string, number, (inflow: Inflow<string>) => void, string[]]>([
  ['waits for an end that is near', 100_000, (inflow) => (inflow.push('x'), inflow.end()), []],
  ['leaves when it is far', 1000, (inflow) => inflow.push('x'.repeat(1001)), ['leave']],
  ['leaves at once when nothing is worth it', -1, () => {}, ['leave']],
  ['is content with a failure', 100_000, (inflow) => inflow.fail('failure'), []],
])('discarding %s', async (_, limit, happens, expected) => {
  const { inflow, told, reader } = setUp();
  const discarded = inflow.discard(limit);
  happens(inflow);
  await discarded;
  await inflow.discard(limit);
  expect(told).toEqual(expected);
  expect(reader).toThrow(TypeError);
});

test('discarding what has come already counts it, and goes on with what was paused', async () => {
  const { inflow, told } = setUp();
  inflow.push('x'.repeat(300_000));
  const discarded = inflow.discard(400_000);
  expect(told).toEqual(['pause', 'resume']);
  inflow.push('x'.repeat(100_000));
  await discarded;
  expect(told).toEqual(['pause', 'resume', 'leave']);
});
