import { expect, test } from 'vitest';
import { ResourceWatch } from './resource-watch.js';
import type { TransportResponse } from './transport.js';

/** A response that gives one event, and then stays open until its signal aborts. */
class OpenResponse {
  opened = 0;
  signal: AbortSignal | undefined;

  open = (signal: AbortSignal): Promise<TransportResponse> => {
    this.opened++;
    this.signal = signal;
    async function* body(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('{"type":"ADDED","object":{"metadata":{"name":"a"}}}\n');
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      );
    }
    return Promise.resolve({ status: 200, headers: {}, body: body(), discard: () => Promise.resolve() });
  };
}

test('nothing is sent before the first event is asked for', () => {
  const response = new OpenResponse();
  const watch = new ResourceWatch(response.open);
  watch[Symbol.asyncIterator]();
  expect(response.opened).toBe(0);
});

test('break closes the connection', async () => {
  const response = new OpenResponse();
  for await (const _ of new ResourceWatch(response.open)) break;
  expect(response.signal?.aborted).toBe(true);
});

test('an exception in the loop closes the connection, and comes out', async () => {
  const response = new OpenResponse();
  const loop = async (): Promise<void> => {
    for await (const _ of new ResourceWatch(response.open)) throw new Error('mine');
  };
  await expect(loop()).rejects.toThrow('mine');
  expect(response.signal?.aborted).toBe(true);
});

test('disposing ends a pending next in good order, also twice', async () => {
  const response = new OpenResponse();
  const watch = new ResourceWatch(response.open);
  const iterator = watch[Symbol.asyncIterator]();
  await iterator.next();
  const pending = iterator.next();
  await watch[Symbol.asyncDispose]();
  await watch[Symbol.asyncDispose]();
  expect(await pending).toEqual({ done: true, value: undefined });
  expect(response.signal?.aborted).toBe(true);
});

test("the caller's abort rejects a pending next with the caller's own reason", async () => {
  const response = new OpenResponse();
  const controller = new AbortController();
  const iterator = new ResourceWatch(response.open, { signal: controller.signal })[Symbol.asyncIterator]();
  await iterator.next();
  const pending = iterator.next();
  const reason = { mine: true };
  controller.abort(reason);
  await expect(pending).rejects.toBe(reason);
});

test('an aborted signal sends nothing', async () => {
  const response = new OpenResponse();
  const iterator = new ResourceWatch(response.open, { signal: AbortSignal.abort(new Error('early')) })[
    Symbol.asyncIterator
  ]();
  await expect(iterator.next()).rejects.toThrow('early');
  expect(response.opened).toBe(0);
});

test('it can be iterated once', () => {
  const watch = new ResourceWatch(new OpenResponse().open);
  watch[Symbol.asyncIterator]();
  expect(() => watch[Symbol.asyncIterator]()).toThrow(/can be iterated once/);
});

test('a watch that was disposed of before it began ends at once', async () => {
  const response = new OpenResponse();
  const watch = new ResourceWatch(response.open);
  await watch[Symbol.asyncDispose]();
  expect(await watch[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  expect(response.opened).toBe(0);
});
