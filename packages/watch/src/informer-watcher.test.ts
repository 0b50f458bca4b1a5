import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { DeltaFIFO, RealFIFO, SharedIndexInformer } from '@client-ts/cache';
import { FakeSource } from '@client-ts/cache/testing';
import { describe, expect, test, vi } from 'vitest';
import { InformerWatcher, type InformerWatcherOptions } from './informer-watcher.js';

type NewQueue = InformerWatcherOptions<KubernetesObject, never>['newQueue'];

const queues: readonly (readonly [name: string, newQueue: NewQueue])[] = [
  ['RealFIFO', (options) => new RealFIFO(options)],
  ['DeltaFIFO', (options, knownObjects) => new DeltaFIFO({ ...options, knownObjects })],
];

function object(name: string): KubernetesObject {
  return { metadata: { name } };
}

interface Setting {
  readonly clock: FakeClock;
  readonly source: FakeSource;
  readonly watcher: InformerWatcher<KubernetesObject>;
}

function setUp(names: readonly string[], options: InformerWatcherOptions<KubernetesObject, never> = {}): Setting {
  const clock = new FakeClock(0);
  const source = new FakeSource();
  for (const name of names) source.set(object(name));
  const watcher = new InformerWatcher<KubernetesObject>(source, { clock, onError: () => undefined, ...options });
  return { clock, source, watcher };
}

/** Reads so many events, and goes on with what is left later. */
async function read(
  events: AsyncIterator<{ type: string; object: KubernetesObject }>,
  count: number,
): Promise<string[]> {
  const read: string[] = [];
  for (let n = 0; n < count; n++) {
    const { value } = (await events.next()) as { value: { type: string; object: KubernetesObject } };
    read.push(`${value.type} ${value.object.metadata?.name}`);
  }
  return read;
}

describe.each(queues)('on %s', (_, newQueue) => {
  test('begins with what is there, and goes on with every change, in order', async () => {
    const { source, watcher } = setUp(['a', 'b'], { newQueue });
    await watcher.waitForSync();
    expect(watcher.indexer.listKeys()).toEqual(['a', 'b']);
    for (let n = 0; n < 3; n++) source.set(object('a'));
    source.delete('b');
    await settle();
    const events = watcher[Symbol.asyncIterator]();
    expect(await read(events, 6)).toEqual([
      'ADDED a',
      'ADDED b',
      'MODIFIED a',
      'MODIFIED a',
      'MODIFIED a',
      'DELETED b',
    ]);
    const next = read(events, 1);
    source.set(object('c'));
    expect(await next).toEqual(['ADDED c']);
    await watcher[Symbol.asyncDispose]();
  });

  test('a deletion that was missed comes with the last state that was seen', async () => {
    const { source, watcher, clock } = setUp([], { newQueue });
    source.set({ ...object('a'), kind: 'Thing' });
    await watcher.waitForSync();
    source.closeWatches();
    source.delete('a');
    source.compact();
    await clock.advance(60_000);
    const events = watcher[Symbol.asyncIterator]();
    await events.next();
    expect((await events.next()).value).toMatchObject({
      type: 'DELETED',
      object: { kind: 'Thing', metadata: { name: 'a' } },
    });
    await watcher[Symbol.asyncDispose]();
  });
});

test.each([
  ['ns/a', { name: 'a', namespace: 'ns' }],
  ['a', { name: 'a' }],
])('a deletion of %s of which nothing is known but the key comes with the name', async (key, metadata) => {
  const add = vi.spyOn(SharedIndexInformer.prototype, 'addEventHandler');
  const { watcher } = setUp([]);
  add.mock.calls[0]?.[0].onDelete?.({ finalStateUnknown: true, key, object: undefined });
  add.mockRestore();
  const event = await watcher[Symbol.asyncIterator]().next();
  expect(event.value).toEqual({ type: 'DELETED', object: { metadata } });
  await watcher[Symbol.asyncDispose]();
});

test('leaving the loop stops the informer, and disposing waits for that', async () => {
  const { source, watcher, clock } = setUp(['a']);
  for await (const { type } of watcher) {
    expect(type).toBe('ADDED');
    break;
  }
  await watcher[Symbol.asyncDispose]();
  expect([source.openWatches, clock.pending]).toEqual([0, 0]);
  expect(() => watcher[Symbol.asyncIterator]()).toThrow('an InformerWatcher can be iterated once');
});

test('disposing ends a pending read, and an informer that nobody reads', async () => {
  for (const reads of [true, false]) {
    const { source, watcher, clock } = setUp([]);
    const pending = reads ? watcher[Symbol.asyncIterator]().next() : Promise.resolve({ done: true });
    await settle();
    await watcher[Symbol.asyncDispose]();
    expect(await pending).toMatchObject({ done: true });
    await expect(watcher.waitForSync()).resolves.toBeUndefined();
    expect([source.openWatches, clock.pending]).toEqual([0, 0]);
  }
});

test('its signal ends a pending read with its reason', async () => {
  const abort = new AbortController();
  const { watcher, source } = setUp([], { signal: abort.signal });
  const pending = watcher[Symbol.asyncIterator]().next();
  const outcome = pending.catch(String);
  await settle();
  abort.abort('enough');
  expect(await outcome).toBe('enough');
  await watcher[Symbol.asyncDispose]();
  expect(source.openWatches).toBe(0);
});

test('its signal stops an informer that nobody reads, and is listened to no longer than it runs', async () => {
  for (const before of [true, false]) {
    const abort = new AbortController();
    if (before) abort.abort('before');
    const { source, clock } = setUp([], { signal: abort.signal });
    await settle();
    abort.abort('enough');
    await settle();
    expect([source.watches.length, source.openWatches, clock.pending]).toEqual([before ? 0 : 1, 0, 0]);
  }
  const { signal } = new AbortController();
  const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
  const { watcher } = setUp([], { signal });
  await watcher[Symbol.asyncDispose]();
  expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener));
});
