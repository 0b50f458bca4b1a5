import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { Closable } from './closable.js';

/** One value, and then a wait for the signal; and what has come of it. */
function oneAndMore(outer?: AbortSignal) {
  const state: { signal?: AbortSignal; isOver: boolean } = { isOver: false };
  const values = new Closable(
    'this',
    async function* (signal) {
      state.signal = signal;
      try {
        yield 1;
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      } finally {
        state.isOver = true;
      }
    },
    outer,
  );
  return { values, state };
}

const done = { done: true, value: undefined };

test('begins with the first read', async () => {
  const { values, state } = oneAndMore();
  expect(state.signal).toBeUndefined();
  expect(await values.next()).toEqual({ done: false, value: 1 });
  await values.return();
});

test.each([
  ['return()', (values: Closable<number>): Promise<unknown> => values.return()],
  ['disposing', (values: Closable<number>): Promise<unknown> => values[Symbol.asyncDispose]()],
])('%s ends a read that waits, and may be done twice', async (_, close) => {
  const { values, state } = oneAndMore();
  await values.next();
  const pending = values.next();
  await close(values);
  expect(state.isOver).toBe(true);
  expect(await pending).toEqual(done);
  await close(values);
  expect(await values.next()).toEqual(done);
});

test('what was closed before it began never begins', async () => {
  const { values, state } = oneAndMore();
  await values[Symbol.asyncDispose]();
  for await (const value of values) throw new Error(`got ${value}`);
  expect(state.signal).toBeUndefined();
});

test('leaving a loop closes, and another loop is refused', async () => {
  const { values, state } = oneAndMore();
  for await (const value of values) {
    expect(value).toBe(1);
    break;
  }
  expect(state.isOver).toBe(true);
  expect(() => values[Symbol.asyncIterator]()).toThrow(new TypeError('this can be iterated once'));
});

test('rejects with the reason of an abort, before it begins and while it waits, and leaves no listener', async () => {
  const reason = new Error('enough');
  await expect(oneAndMore(AbortSignal.abort(reason)).values.next()).rejects.toBe(reason);
  const controller = new AbortController();
  const { values, state } = oneAndMore(controller.signal);
  await values.next();
  const pending = values.next();
  controller.abort(reason);
  await expect(pending).rejects.toBe(reason);
  expect(state.isOver).toBe(true);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('aborts its signal at the end, however that came, and tells of a failure', async () => {
  const failure = new Error('broken');
  for (const end of [undefined, failure]) {
    let seen: AbortSignal | undefined;
    const values = new Closable(
      'this',
      // oxlint-disable-next-line require-yield
      async function* (signal): AsyncGenerator<never, void, void> {
        seen = signal;
        if (end) throw end;
      },
      undefined,
    );
    if (end) await expect(values.next()).rejects.toBe(end);
    else expect(await values.next()).toEqual(done);
    expect(seen?.aborted).toBe(true);
  }
});
