import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import type { ResourceEventHandler } from '@client-ts/cache';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Controller } from './controller.js';
import type { WatchedResource } from './informer-source.js';
import type { ObjectRef } from './object-ref.js';
import type { Partition } from './partition.js';
import type { ReconcileResult } from './reconcile.js';
import { TerminalError } from './terminal-error.js';

const Names = ['a1', 'a2', 'b1', 'b2', 'b3'] as const;
const Concurrency = 2;

type Name = (typeof Names)[number];
type Release = Parameters<Partition['onRelease']>[0];
type Acquire = Parameters<Partition['onAcquire']>[0];
type Shard = 'a' | 'b';

type Step =
  | { readonly do: 'change' | 'delete'; readonly name: Name }
  | { readonly do: 'end'; readonly which: number; readonly how: keyof typeof Ends }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'release' | 'acquire'; readonly shard: Shard };

/** How a reconcile may end. */
const Ends = {
  well: () => undefined,
  again: () => ({ requeue: true }) as const,
  later: () => ({ requeueAfterMs: 50 }),
  failed: () => {
    throw new Error('failed');
  },
  'failed for good': () => {
    throw new TerminalError('failed');
  },
} satisfies Record<string, () => ReconcileResult>;

const name = fc.constantFrom(...Names);
const shard = fc.constantFrom<Shard>('a', 'b');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('change', 'change', 'delete'), name }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      which: fc.nat(Concurrency),
      how: fc.constantFrom(...(Object.keys(Ends) as (keyof typeof Ends)[])),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 20, 1000, 6000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('release' as const, 'acquire' as const), shard }) },
);

/** Objects and a partition that a test changes, and a controller that is held to what they are. */
class World implements WatchedResource<KubernetesObject>, Partition {
  readonly name = 'things';
  readonly clock = new FakeClock();
  readonly indexer: WatchedResource<KubernetesObject>['indexer'] = {
    getByKey: (key) => this.#objects.get(key),
    list: () => [...this.#objects.values()],
  };
  /** Those that run, and what ends them. */
  readonly running = new Map<string, (end: () => ReconcileResult) => void>();
  readonly problems: string[] = [];
  readonly #objects = new Map<string, KubernetesObject>();
  readonly #held = new Set<Shard>(['a', 'b']);
  readonly #releasing = new Map<Shard, Promise<void>>();
  /** The version that the last reconcile of an object has seen. */
  readonly #seen = new Map<string, string | undefined>();
  /** What has to come again by itself. */
  readonly #owed = new Set<string>();
  readonly #stop = new AbortController();
  readonly #controller: Controller<KubernetesObject>;
  readonly #ended: Promise<void>;
  #version = 0;
  #handler: ResourceEventHandler<KubernetesObject> = {};
  #release: Release = () => Promise.resolve();
  #acquire: Acquire = () => {};

  constructor() {
    this.#controller = new Controller({
      name: 'model',
      primary: this,
      partition: this,
      concurrency: Concurrency,
      clock: this.clock,
      onError: () => {},
      reconcile: ({ key }, { object }) => this.#reconcile(key, object),
    });
    this.#ended = this.#controller.run({ signal: this.#stop.signal });
  }

  addEventHandler(
    handler: ResourceEventHandler<KubernetesObject>,
  ): ReturnType<WatchedResource<unknown>['addEventHandler']> {
    this.#handler = handler;
    return {
      hasSynced: () => true,
      waitForSync: () => Promise.resolve(),
      backlog: () => ({ name: '', length: 0, oldestAgeMs: 0 }),
      [Symbol.dispose]: () => {},
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  owns({ name: of }: ObjectRef): boolean {
    return this.#held.has(shardOf(of));
  }

  onRelease(release: Release): () => void {
    this.#release = release;
    return () => {};
  }

  onAcquire(acquire: Acquire): () => void {
    this.#acquire = acquire;
    return () => {};
  }

  async take(next: Step): Promise<void> {
    if (next.do === 'change') this.#change(next.name);
    else if (next.do === 'delete') this.#delete(next.name);
    else if (next.do === 'end') this.#end(next.which, next.how);
    else if (next.do === 'release') this.#giveUp(next.shard);
    else if (next.do === 'acquire') this.#gain(next.shard);
    await this.clock.advance(next.do === 'wait' ? next.ms : 0);
  }

  /** All ends well, and what is owned has been seen as it is. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 40; turn++) {
      for (const end of this.running.values()) end(Ends.well);
      await this.clock.advance(turn < 20 ? 0 : 1_000_000);
    }
    for (const key of this.#owed)
      if (this.#objects.has(key) && this.#held.has(shardOf(key))) this.problems.push(`${key} was not tried again`);
    for (const of of ['a', 'b'] as const) this.#gain(of);
    for (let turn = 0; turn < 20; turn++) {
      for (const end of this.running.values()) end(Ends.well);
      await this.clock.advance(0);
    }
    for (const [key, object] of this.#objects) {
      const seen = this.#seen.get(key);
      if (seen !== object.metadata?.resourceVersion) this.problems.push(`${key} was last seen at ${seen}`);
    }
    if (this.running.size > 0) this.problems.push('something runs for ever');
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    const begun = this.#seen.size;
    for (const each of Names) this.#change(each);
    await this.clock.advance(0);
    if (this.#seen.size !== begun) this.problems.push('something was begun after the end');
    await this.#ended;
    if (this.clock.pending > 0) this.problems.push('a timer was left');
  }

  #reconcile(key: string, object: KubernetesObject | undefined): Promise<ReconcileResult> {
    const of = shardOf(key);
    if (this.#stop.signal.aborted) this.problems.push(`${key} was begun after the end`);
    if (this.running.has(key)) this.problems.push(`${key} ran twice at the same time`);
    if (!this.#held.has(of) || this.#releasing.has(of)) this.problems.push(`${key} was begun, and is not owned`);
    if (this.running.size >= Concurrency) this.problems.push('too many ran');
    this.#owed.delete(key);
    this.#seen.set(key, object?.metadata?.resourceVersion);
    return new Promise((resolve, reject) => {
      this.running.set(key, (end) => {
        this.running.delete(key);
        try {
          resolve(end());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #end(which: number, how: keyof typeof Ends): void {
    const [key, end] = [...this.running][which] ?? [];
    if (key === undefined || end === undefined) return;
    if (how !== 'well' && how !== 'failed for good') this.#owed.add(key);
    end(Ends[how]);
  }

  #change(key: Name): void {
    const oldObject = this.#objects.get(key);
    const object = { metadata: { name: key, resourceVersion: String(++this.#version) } };
    this.#objects.set(key, object);
    if (oldObject) this.#handler.onUpdate?.(oldObject, object);
    else this.#handler.onAdd?.(object, false);
  }

  #delete(key: Name): void {
    const object = this.#objects.get(key);
    if (!object) return;
    this.#objects.delete(key);
    this.#handler.onDelete?.({ finalStateUnknown: false, key, object });
  }

  #giveUp(of: Shard): void {
    if (!this.#held.has(of) || this.#releasing.has(of)) return;
    const release = async (): Promise<void> => {
      await this.#release(({ name: lost }) => shardOf(lost) === of);
      for (const key of this.running.keys())
        if (shardOf(key) === of) this.problems.push(`${key} ran when it was given up`);
      this.#held.delete(of);
      this.#releasing.delete(of);
    };
    this.#releasing.set(of, release());
  }

  #gain(of: Shard): void {
    if (this.#releasing.has(of)) return;
    this.#held.add(of);
    this.#acquire(({ name: gained }) => shardOf(gained) === of);
  }
}

function shardOf(of: string): Shard {
  return of.startsWith('a') ? 'a' : 'b';
}

test('whatever happens, in whatever order: each alone, only what is owned, and in the end as it is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const world = new World();
      for (const next of steps) await world.take(next);
      await world.settle();
      await world.stop();
      expect(world.problems).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
