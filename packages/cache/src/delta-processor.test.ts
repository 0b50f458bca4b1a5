import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { DeltaProcessor } from './delta-processor.js';
import type { Notification } from './event-handler.js';
import { newIndexer } from './map-indexer.js';
import type { NotificationBatch } from './notification-batch.js';
import { RealFIFO } from './real-fifo.js';
import type { WritableIndexer } from './store.js';

const Size = 400;

function object(number: number, version: string): KubernetesObject {
  return { metadata: { name: `o${number}`, resourceVersion: version } };
}

const before = Array.from({ length: Size }, (_, n) => object(n, 'old'));
/** One half stays but for its version, the other goes, and as many come. */
const after = Array.from({ length: Size }, (_, n) => object(n + Size / 2, 'new'));

interface Setting {
  readonly queue: RealFIFO<KubernetesObject>;
  readonly indexer: WritableIndexer<KubernetesObject, string>;
  readonly told: string[];
  readonly refused: unknown[];
  /** How often others had their turn. */
  readonly turns: () => number;
  /** Lets the event loop turn once. */
  readonly turn: () => Promise<void>;
  readonly drain: () => Promise<void>;
  readonly ended: Promise<void>;
}

/** Each look at the clock finds it a few milliseconds later, so that every slice is short. */
async function setUp(
  indexer: WritableIndexer<KubernetesObject, string> = newIndexer<KubernetesObject, string>({
    indexers: { byVersion: (o) => [o.metadata?.resourceVersion ?? ''] },
  }),
): Promise<Setting> {
  const clock = new FakeClock(0);
  let looks = 0;
  clock.now = () => 5 * looks++;
  const timers: (() => void)[] = [];
  let turns = 0;
  clock.setTimeout = (callback) => timers.push(callback);
  const queue = new RealFIFO<KubernetesObject>();
  const told: string[] = [];
  const refused: unknown[] = [];
  const tell = (notification: Notification<KubernetesObject>): void => void told.push(notification.type);
  const observer = {
    changed: tell,
    changedAtOnce: (batch: NotificationBatch<KubernetesObject>): void => {
      for (let i = 0; i < batch.length; i++) tell(batch.at(i));
    },
    refused: (error: unknown): void => void refused.push(error),
    popped: (): void => undefined,
  };
  const ended = new DeltaProcessor(queue, indexer, observer, clock).run();
  const turn = async (): Promise<void> => {
    turns++;
    timers.shift()?.();
    await settle();
  };
  const drain = async (): Promise<void> => {
    await settle();
    while (timers.length > 0) await turn();
  };
  queue.replace(before, '1');
  await drain();
  told.length = 0;
  turns = 0;
  return { queue, indexer, told, refused, turns: () => turns, turn, drain, ended };
}

function countOf(told: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const type of told) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

const half = Size / 2;

describe('a long list', () => {
  test('is taken in many turns; readers see the store before it, or after it', async () => {
    const { queue, indexer, told, turn, drain, turns } = await setUp();
    queue.replace(after, '2');
    await settle();
    for (let mixed = 0; mixed < 10; mixed++) {
      expect([indexer.byIndex('byVersion', 'old').length, indexer.byIndex('byVersion', 'new').length]).toEqual([
        Size,
        0,
      ]);
      expect([indexer.list().length, indexer.getByKey(`o${Size}`), told.length]).toEqual([Size, undefined, 0]);
      await turn();
    }
    await drain();
    expect(turns()).toBeGreaterThan(10);
    expect([indexer.byIndex('byVersion', 'old').length, indexer.byIndex('byVersion', 'new').length]).toEqual([0, Size]);
    expect(countOf(told)).toEqual({ delete: half, update: half, add: half });
  });

  test('is found through indexes that were added meanwhile', async () => {
    const { queue, indexer, drain } = await setUp();
    queue.replace(after, '2');
    await settle();
    indexer.addIndexers<string>({ byName: (o: KubernetesObject) => [o.metadata?.name ?? ''] });
    await drain();
    expect(indexer.indexKeys('byName', `o${Size}`)).toEqual([`o${Size}`]);
    expect(indexer.indexKeys('byName', 'o0')).toEqual([]);
    queue.delete(object(Size, 'newer'));
    await drain();
    expect(indexer.indexKeys('byName', `o${Size}`)).toEqual([]);
    expect(indexer.byIndex('byVersion', 'new')).toHaveLength(Size - 1);
  });

  test('is followed by the changes that came meanwhile', async () => {
    const { queue, indexer, drain } = await setUp();
    queue.replace(after, '2');
    await settle();
    queue.update(object(Size, 'newer'));
    queue.delete(object(Size + 1, 'newer'));
    await drain();
    expect(indexer.getByKey(`o${Size}`)?.metadata?.resourceVersion).toBe('newer');
    expect(indexer.size).toBe(Size - 1);
  });

  test('changes nothing when the queue is closed before its end', async () => {
    const { queue, indexer, told, turn, drain, ended } = await setUp();
    queue.replace(after, '2');
    await settle();
    await turn();
    queue.close();
    await drain();
    await ended;
    expect([indexer.byIndex('byVersion', 'old').length, told]).toEqual([Size, []]);
  });

  test.each(['set', 'commit'] as const)(
    'that the store refuses to %s changes nothing, and is reported',
    async (what) => {
      const store = newIndexer<KubernetesObject, string>();
      const start = store.startReplacement!.bind(store);
      const { queue, indexer, told, refused, drain } = await setUp(store);
      const fail = (): never => {
        throw new Error('disk full');
      };
      store.startReplacement = () => ({ ...start(), [what]: fail });
      queue.replace(after, '2');
      await drain();
      expect(refused).toEqual([new Error('disk full')]);
      expect([indexer.getByKey('o0')?.metadata?.resourceVersion, indexer.size, told]).toEqual(['old', Size, []]);
      expect(queue.length).toBe(0);
    },
  );

  test('is given in one piece to a store that takes no other', async () => {
    const store = newIndexer<KubernetesObject, string>();
    const plain: WritableIndexer<KubernetesObject, string> = {
      get size() {
        return store.size;
      },
      getByKey: (key) => store.getByKey(key),
      list: () => store.list(),
      listKeys: () => store.listKeys(),
      byIndex: (index, value) => store.byIndex(index, value),
      indexKeys: (index, value) => store.indexKeys(index, value),
      indexValues: (index) => store.indexValues(index),
      set: (key, o) => store.set(key, o),
      delete: (key) => store.delete(key),
      replace: (objects) => store.replace(objects),
      addIndexers: (indexers) => store.addIndexers(indexers),
    };
    const { queue, indexer, told, drain } = await setUp(plain);
    queue.replace(after, '2');
    await drain();
    expect(indexer.listKeys()).toEqual(after.map(({ metadata }) => metadata?.name));
    expect(countOf(told)).toEqual({ delete: half, update: half, add: half });
  });
});
