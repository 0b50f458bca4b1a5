import type { KubernetesObject, RequestOptions, WatchEvent } from '@client-ts/apimachinery';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { BodyStream, type OpenBody } from './body-stream.js';
import { DeadlineExceededError } from './deadline.js';
import { parsedEvents } from './parsed-events.js';
import { WatchDecoder } from './watch-decoder.js';

const added = (name: string): string => `{"type":"ADDED","object":{"metadata":{"name":"${name}"}}}\n`;

/** A response that gives two events at once, and then stays open until its signal aborts. */
class OpenResponse {
  readonly clock: FakeClock = new FakeClock();
  opened = 0;
  signal: AbortSignal | undefined;

  watch(options: RequestOptions = {}): BodyStream<unknown> {
    return new BodyStream(this.open, { what: 'watch pods', clock: this.clock, ...options });
  }

  open = (signal: AbortSignal): Promise<OpenBody<unknown>> => {
    this.opened++;
    this.signal = signal;
    async function* body(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(`${added('a')}${added('b')}`);
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      );
    }
    return Promise.resolve({
      body: body(),
      decoder: new WatchDecoder('watch pods', parsedEvents({ what: 'watch pods' })),
    });
  };
}

test('nothing is sent before the first event is asked for', () => {
  const response = new OpenResponse();
  const watch = response.watch();
  watch[Symbol.asyncIterator]();
  expect(response.opened).toBe(0);
});

test('break closes the connection', async () => {
  const response = new OpenResponse();
  for await (const _ of response.watch()) break;
  expect(response.signal?.aborted).toBe(true);
});

test('an exception in the loop closes the connection, and comes out', async () => {
  const response = new OpenResponse();
  const loop = async (): Promise<void> => {
    for await (const _ of response.watch()) throw new Error('mine');
  };
  await expect(loop()).rejects.toThrow('mine');
  expect(response.signal?.aborted).toBe(true);
});

test('disposing ends a pending next in good order, also twice', async () => {
  const response = new OpenResponse();
  const watch = response.watch();
  const iterator = watch[Symbol.asyncIterator]();
  await iterator.next();
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
  const iterator = response.watch({ signal: controller.signal })[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.next();
  const pending = iterator.next();
  const reason = { mine: true };
  controller.abort(reason);
  await expect(pending).rejects.toBe(reason);
});

test('an aborted signal sends nothing', async () => {
  const response = new OpenResponse();
  const iterator = response.watch({ signal: AbortSignal.abort(new Error('early')) })[Symbol.asyncIterator]();
  await expect(iterator.next()).rejects.toThrow('early');
  expect(response.opened).toBe(0);
});

test('it can be iterated once', () => {
  const watch = new OpenResponse().watch();
  watch[Symbol.asyncIterator]();
  expect(() => watch[Symbol.asyncIterator]()).toThrow(/can be iterated once/);
});

test('a watch that was disposed of before it began ends at once', async () => {
  const response = new OpenResponse();
  const watch = response.watch();
  await watch[Symbol.asyncDispose]();
  expect(await watch[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined });
  expect(response.opened).toBe(0);
});

test('what came together with the last event is not delivered after an abort', async () => {
  const response = new OpenResponse();
  const controller = new AbortController();
  const iterator = response.watch({ signal: controller.signal })[Symbol.asyncIterator]();
  await iterator.next();
  controller.abort(new Error('enough'));
  await expect(iterator.next()).rejects.toThrow('enough');
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test('a deadline ends it with an error that names watch and limit, and leaves no timer', async () => {
  const response = new OpenResponse();
  const { signal } = new AbortController();
  const iterator = response.watch({ timeoutMs: 5000, signal })[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.next();
  const pending = iterator.next().catch((error: unknown) => error);
  await response.clock.advance(5000);
  const error = await pending;
  expect(error).toBeInstanceOf(DeadlineExceededError);
  expect(error).toHaveProperty('message', 'watch pods: not done within 5000 ms');
  expect(response.signal?.aborted).toBe(true);
  expect(signal.aborted).toBe(false);
  expect(response.clock.pending).toBe(0);
});

test('calls of next that do not wait for each other are answered in order', async () => {
  const iterator = new OpenResponse().watch()[Symbol.asyncIterator]();
  const results = await Promise.all([iterator.next(), iterator.next()]);
  expect(results).toMatchObject([
    { value: { object: { metadata: { name: 'a' } } } },
    { value: { object: { metadata: { name: 'b' } } } },
  ]);
});

test('a refusal is what the first next rejects with', async () => {
  const response = new OpenResponse();
  const watch = new BodyStream(() => Promise.reject(new Error('forbidden')), {
    what: 'watch pods',
    clock: response.clock,
  });
  const iterator = watch[Symbol.asyncIterator]();
  await expect(iterator.next()).rejects.toThrow('forbidden');
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test('leaving between two events closes the connection without asking for more', async () => {
  const response = new OpenResponse();
  const watch = response.watch();
  const iterator = watch[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.return?.();
  await settle();
  expect(response.signal?.aborted).toBe(true);
});

test('timers, sockets and rendering get their turns, even when a body comes in one chunk', async () => {
  const count = 20_000;
  const text = Array.from({ length: count }, (_, at) => added(`web-${at}`)).join('');
  async function* body(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode(text);
  }
  const opened = { body: body(), decoder: new WatchDecoder('watch pods', parsedEvents({ what: 'watch pods' })) };
  const stream = new BodyStream(() => Promise.resolve(opened), { what: 'watch pods', clock: new FakeClock() });
  let turns = 0;
  let events = 0;
  const turn = (): void => {
    turns++;
    if (events < count) setImmediate(turn);
  };
  setImmediate(turn);
  for await (const _ of stream) events++;
  expect(events).toBe(count);
  expect(turns).toBeGreaterThanOrEqual(Math.floor(text.length / (256 * 1024)));
});

test('a failure of the decoder closes the connection, after the values before it', async () => {
  const response = new OpenResponse();
  const values = ['first'];
  const decoder = {
    feed: () => {},
    end: () => {},
    next: () => {
      const value = values.shift();
      if (value === undefined) throw new Error('damaged');
      return value;
    },
  };
  const open = async (signal: AbortSignal): Promise<OpenBody<string>> => ({
    ...(await response.open(signal)),
    decoder,
  });
  const stream = new BodyStream(open, { what: 'list pods', clock: response.clock });
  const iterator = stream[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ done: false, value: 'first' });
  await expect(iterator.next()).rejects.toThrow('damaged');
  expect(response.signal?.aborted).toBe(true);
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test('values that came together are given at once, in order, and nothing is read before they are taken', async () => {
  const clock = new FakeClock();
  let pieces = 0;
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const names of ['abc', 'd', 'ef']) {
      pieces++;
      yield new TextEncoder().encode(Array.from(names, added).join(''));
    }
  }
  const decoder = new WatchDecoder('watch pods', parsedEvents({ what: 'watch pods' }));
  const stream = new BodyStream(() => Promise.resolve({ body: body(), decoder }), { what: 'watch pods', clock });
  const iterator = stream[Symbol.asyncIterator]();
  const name = async (): Promise<unknown> => {
    const { value } = await iterator.next();
    return (value as WatchEvent<KubernetesObject> | undefined)?.object.metadata;
  };
  expect(await name()).toEqual({ name: 'a' });
  const [b, c] = [name(), name()];
  expect(pieces).toBe(1);
  const [d, e] = [name(), name()];
  expect(await Promise.all([b, c, d, e])).toEqual([{ name: 'b' }, { name: 'c' }, { name: 'd' }, { name: 'e' }]);
  expect(await name()).toEqual({ name: 'f' });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test('what is asked for while another wait is pending comes after it, also when that one fails', async () => {
  const response = new OpenResponse();
  const watch = response.watch();
  const iterator = watch[Symbol.asyncIterator]();
  await iterator.next();
  const results = [iterator.next(), iterator.next(), iterator.next()];
  await settle();
  await watch[Symbol.asyncDispose]();
  const done = { done: true, value: undefined };
  expect(await Promise.all(results)).toEqual([expect.objectContaining({ done: false }), done, done]);
});
