import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { abortable } from './abortable.js';

const never = new Promise<never>(() => undefined);

test.each([
  ['without a signal', undefined],
  ['with one that does not abort', new AbortController().signal],
])('%s it settles as the promise does', async (_, signal) => {
  expect(await abortable(Promise.resolve(1), signal)).toBe(1);
  await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  if (signal) expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('an abort ends the wait with its reason, and leaves no listener', async () => {
  const controller = new AbortController();
  const waits = [abortable(never, controller.signal), abortable(never, controller.signal)];
  controller.abort('enough');
  expect(await Promise.allSettled(waits)).toEqual(waits.map(() => ({ status: 'rejected', reason: 'enough' })));
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

test('a signal that has aborted before comes first', async () => {
  await expect(abortable(Promise.resolve(1), AbortSignal.abort('enough'))).rejects.toBe('enough');
});

test('what fails after an abort is no unhandled rejection', async () => {
  const controller = new AbortController();
  const { promise, reject } = deferred();
  const wait = abortable(promise, controller.signal);
  controller.abort('enough');
  await expect(wait).rejects.toBe('enough');
  reject(new Error('nobody hears this'));
});

function deferred() {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, fail) => (reject = fail));
  return { promise, reject };
}
