import { getEventListeners } from 'node:events';
import { expect, test, vi } from 'vitest';
import { SingleFlight } from './single-flight.js';

/** Work whose end is in the test's hand. */
function setUp() {
  const starts: { resolve: (value: string) => void; reject: (error: Error) => void; signal: AbortSignal }[] = [];
  const start = vi.fn<(signal: AbortSignal) => Promise<string>>(
    (signal) =>
      new Promise<string>((resolve, reject) => {
        starts.push({ resolve, reject, signal });
      }),
  );
  return { flight: new SingleFlight<string>(), start, starts };
}

test('all who come while the work runs get its outcome; who comes later starts anew', async () => {
  const { flight, start, starts } = setUp();
  const waiting = [flight.join(start), flight.join(start, new AbortController().signal), flight.join(start)];
  starts[0]?.resolve('one');
  expect(await Promise.all(waiting)).toEqual(['one', 'one', 'one']);
  const later = flight.join(start);
  starts[1]?.resolve('two');
  expect(await later).toBe('two');
  expect(start).toHaveBeenCalledTimes(2);
});

test('a failure is everybody’s, and is not kept', async () => {
  const { flight, start, starts } = setUp();
  const waiting = [flight.join(start), flight.join(start)];
  starts[0]?.reject(new Error('no'));
  expect(await Promise.allSettled(waiting)).toMatchObject([
    { reason: { message: 'no' } },
    { reason: { message: 'no' } },
  ]);
  const later = flight.join(start);
  starts[1]?.resolve('yes');
  expect(await later).toBe('yes');
});

test('who aborts leaves alone', async () => {
  const { flight, start, starts } = setUp();
  const mine = new AbortController();
  const [left, stayed] = [flight.join(start, mine.signal), flight.join(start, new AbortController().signal)];
  mine.abort(new Error('mine'));
  await expect(left).rejects.toThrow('mine');
  expect(starts[0]?.signal.aborted).toBe(false);
  starts[0]?.resolve('one');
  expect(await stayed).toBe('one');
});

test('the work is aborted when the last one leaves, and does not catch who comes next', async () => {
  const { flight, start, starts } = setUp();
  const [one, two] = [new AbortController(), new AbortController()];
  const left = [flight.join(start, one.signal), flight.join(start, two.signal)];
  one.abort(new Error('first'));
  two.abort(new Error('last'));
  await Promise.allSettled(left);
  expect(starts[0]?.signal.reason).toEqual(new Error('last'));
  const next = flight.join(start);
  starts[0]?.reject(new Error('stopped'));
  starts[1]?.resolve('anew');
  expect(await next).toBe('anew');
});

test('who cannot abort keeps the work going', async () => {
  const { flight, start, starts } = setUp();
  const mine = new AbortController();
  const stayed = flight.join(start);
  const left = flight.join(start, mine.signal);
  mine.abort(new Error('mine'));
  await expect(left).rejects.toThrow('mine');
  expect(starts[0]?.signal.aborted).toBe(false);
  starts[0]?.resolve('one');
  expect(await stayed).toBe('one');
});

test('an aborted signal starts nothing', async () => {
  const { flight, start } = setUp();
  await expect(flight.join(start, AbortSignal.abort(new Error('mine')))).rejects.toThrow('mine');
  expect(start).not.toHaveBeenCalled();
});

test('however many wait with the same signal, it has one listener, and none in the end', async () => {
  const { flight, start, starts } = setUp();
  const { signal } = new AbortController();
  const waiting = Array.from({ length: 20 }, () => flight.join(start, signal));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  starts[0]?.resolve('one');
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['one']));
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
