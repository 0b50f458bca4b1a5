import { expect, test } from 'vitest';
import { deferred, Loop } from './loop.test.kit.js';
import type { ObjectRef } from './object-ref.js';
import type { Partition } from './partition.js';

/** Objects belong to whom their first letter says. */
class Letters implements Partition {
  readonly held: Set<string>;
  releasing: ((lost: (object: ObjectRef) => boolean) => Promise<void>)[] = [];
  acquiring: ((gained: (object: ObjectRef) => boolean) => void)[] = [];

  constructor(...held: readonly string[]) {
    this.held = new Set(held);
  }

  owns({ name }: ObjectRef): boolean {
    return this.held.has(name.charAt(0));
  }

  onRelease(release: (lost: (object: ObjectRef) => boolean) => Promise<void>): () => void {
    this.releasing.push(release);
    return () => (this.releasing = []);
  }

  onAcquire(acquire: (gained: (object: ObjectRef) => boolean) => void): () => void {
    this.acquiring.push(acquire);
    return () => (this.acquiring = []);
  }

  /** Resolves when the lease would be released. */
  async release(letter: string): Promise<void> {
    await Promise.all(this.releasing.map((each) => each(({ name }) => name.startsWith(letter))));
    this.held.delete(letter);
  }

  acquire(letter: string): void {
    this.held.add(letter);
    for (const each of this.acquiring) each(({ name }) => name.startsWith(letter));
  }
}

test('nothing is reconciled but what is owned; what is gained is reconciled at once', async () => {
  await using loop = new Loop();
  await loop.create('a1', 'b1', 'b2');
  const seen: string[] = [];
  const partition = new Letters('a');
  await loop.run({ partition, reconcile: ({ name }, { reasons }) => void seen.push(`${name}: ${reasons.join()}`) });
  await loop.touch('b1');
  expect(seen).toEqual(['a1: configmaps add default/a1']);
  partition.acquire('b');
  await loop.clock.advance(0);
  expect(seen.slice(1)).toEqual(['b1: acquired', 'b2: acquired']);
});

test('what is being lost is not begun, and what of it runs is waited for', async () => {
  await using loop = new Loop();
  await loop.create('b1', 'b2', 'c1');
  const seen: string[] = [];
  const [running, released] = [deferred(), deferred<string>()];
  const partition = new Letters('b', 'c');
  await loop.run({
    partition,
    reconcile: async ({ name }, { signal }) => {
      seen.push(name);
      if (name === 'b1') await running.promise;
      if (name === 'b1') released.resolve(signal.aborted ? 'aborted' : 'went on');
    },
  });
  expect(seen).toEqual(['b1']);
  let isReleased = false;
  const release = partition.release('b').then(() => (isReleased = true));
  await loop.clock.advance(1000);
  expect(isReleased).toBe(false);
  running.resolve();
  expect(await released.promise).toBe('went on');
  await release;
  await loop.clock.advance(0);
  expect(seen).toEqual(['b1', 'c1']);
  partition.acquire('b');
  await loop.clock.advance(0);
  expect(seen.slice(2)).toEqual(['b1', 'b2']);
});

test('what of it runs for longer than its grace is told to end, which is no failure', async () => {
  await using loop = new Loop();
  await loop.create('b1');
  const partition = new Letters('b');
  const tries: number[] = [];
  await loop.run({
    partition,
    releaseGraceMs: 300,
    reconcile: (_, { signal, attempt }) => {
      tries.push(attempt);
      if (tries.length === 1) throw new Error('not yet');
      if (tries.length === 3) return;
      return new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    },
  });
  await loop.clock.advance(5);
  const release = partition.release('b');
  await loop.clock.advance(299);
  expect(partition.held.has('b')).toBe(true);
  await loop.clock.advance(1);
  await release;
  await loop.clock.advance(60_000);
  expect(tries).toEqual([0, 1]);
  expect(loop.errors).toHaveLength(1);
  // Who has it next may have done better.
  partition.acquire('b');
  await loop.clock.advance(0);
  expect(tries).toEqual([0, 1, 0]);
});

test('a retry of what was lost meanwhile is not begun', async () => {
  await using loop = new Loop();
  await loop.create('b1');
  const partition = new Letters('b');
  let tries = 0;
  await loop.run({
    partition,
    reconcile: () => {
      tries++;
      throw new Error('not yet');
    },
  });
  await partition.release('b');
  await loop.clock.advance(60_000);
  expect(tries).toBe(1);
});

test('a partition that throws owns nothing, and is reported', async () => {
  await using loop = new Loop();
  await loop.create('a');
  const partition = new Letters('a');
  partition.owns = () => {
    throw new Error('no ring');
  };
  let tries = 0;
  await loop.run({ partition, reconcile: () => void tries++ });
  expect(tries).toBe(0);
  expect(loop.errors).toEqual(['test: cannot tell whose is "default/a": no ring']);
});

test('whoever ends leaves no listener at the partition', async () => {
  const partition = new Letters('a');
  {
    await using loop = new Loop();
    await loop.run({ partition, reconcile: () => {} });
    expect([partition.releasing.length, partition.acquiring.length]).toEqual([1, 1]);
  }
  expect([partition.releasing.length, partition.acquiring.length]).toEqual([0, 0]);
});
