import { array, assert, constant, constantFrom, integer, oneof, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from './change.js';
import type { Collection } from './collection.js';
import { CompactedError } from './compacted-error.js';
import { Store } from './store.js';

type Value = string;

const Keys = ['a', 'a/x', 'a/y', 'ab/x', 'b', 'b/x'];
const Collections = ['pods', 'nodes'];

type Operation =
  | { readonly op: 'put'; readonly collection: string; readonly key: string }
  | { readonly op: 'delete'; readonly collection: string; readonly key: string }
  | { readonly op: 'compact'; readonly back: number };

const operations = array(
  oneof(
    {
      weight: 6,
      arbitrary: record({ op: constant('put'), collection: constantFrom(...Collections), key: constantFrom(...Keys) }),
    },
    {
      weight: 3,
      arbitrary: record({
        op: constant('delete'),
        collection: constantFrom(...Collections),
        key: constantFrom(...Keys),
      }),
    },
    { weight: 1, arbitrary: record({ op: constant('compact'), back: integer({ min: 0, max: 6 }) }) },
  ),
  { maxLength: 60, size: 'max' },
);

/** The states of all revisions, kept in the simplest way there is. */
class Model {
  readonly states: ReadonlyMap<string, Value>[] = [new Map()];
  compacted = 0;

  get revision(): number {
    return this.states.length - 1;
  }

  change(change: (state: Map<string, Value>) => void): void {
    const next = new Map(this.states.at(-1));
    change(next);
    this.states.push(next);
  }

  range(collection: string, prefix: string, at: number): [string, Value][] {
    return [...(this.states[at] ?? [])]
      .filter(([key]) => key.startsWith(`${collection}:${prefix}`))
      .map(([key, value]): [string, Value] => [key.slice(collection.length + 1), value])
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

function apply(store: Store<Value>, model: Model, operation: Operation): void {
  if (operation.op === 'compact') {
    const revision = store.revision - operation.back;
    store.compact(revision);
    model.compacted = Math.max(model.compacted, revision);
    return;
  }
  const { op, collection: name, key } = operation;
  const collection = store.collection(name);
  const id = `${name}:${key}`;
  if (op === 'put') {
    collection.put(key, (revision) => `${key}@${revision}`);
    model.change((state) => state.set(id, `${key}@${model.revision + 1}`));
  } else if (model.states.at(-1)?.has(id)) {
    collection.delete(key, (revision, last) => `${last}-${revision}`);
    model.change((state) => state.delete(id));
  } else {
    expect(collection.delete(key, () => 'never')).toBeUndefined();
  }
}

function run(steps: readonly Operation[]): { store: Store<Value>; model: Model } {
  const store = new Store<Value>();
  const model = new Model();
  for (const step of steps) apply(store, model, step);
  return { store, model };
}

function pairs(collection: Collection<Value>, prefix: string, at?: number): [string, Value][] {
  return collection.range({ prefix, at }).map(({ key, value }) => [key, value]);
}

/** What a follower makes of changes. */
function replay(state: ReadonlyMap<string, Value>, changes: readonly Change<Value>[]): [string, Value][] {
  const result = new Map(state);
  for (const { key, value, deleted } of changes) {
    if (deleted) result.delete(key);
    else result.set(key, value);
  }
  return [...result].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

describe('Store', () => {
  test('shows the state of every revision since the last compaction', () => {
    assert(
      property(operations, constantFrom('', 'a', 'a/', 'b/'), (steps, prefix) => {
        const { store, model } = run(steps);
        expect(store.revision).toBe(model.revision);
        for (const name of Collections) {
          const collection = store.collection(name);
          expect(pairs(collection, prefix)).toEqual(model.range(name, prefix, model.revision));
          for (let at = 0; at <= model.revision; at++) {
            if (at < model.compacted) expect(() => collection.range({ at })).toThrow(CompactedError);
            else expect(pairs(collection, prefix, at)).toEqual(model.range(name, prefix, at));
          }
        }
      }),
    );
  });

  test('gives a follower from any revision exactly the later changes, in order', () => {
    assert(
      property(operations, operations, constantFrom('', 'a', 'a/', 'b/'), (before, after, prefix) => {
        const { store, model } = run(before);
        const start = model.revision;
        const followers = Collections.flatMap((name) => {
          const collection = store.collection(name);
          const subscriptions = [];
          for (let from = model.compacted; from <= start; from++) {
            const subscription = collection.subscribe({ prefix, after: from, wake: () => {} });
            subscriptions.push({ name, from, subscription, state: new Map(model.range(name, prefix, from)) });
          }
          return subscriptions;
        });
        const changes = (after as Operation[]).filter(({ op }) => op !== 'compact');
        for (const step of changes) apply(store, model, step);
        for (const { name, from, subscription, state } of followers) {
          const taken = subscription.take();
          const revisions = taken.map(({ revision }) => revision);
          expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => a - b));
          expect(revisions.every((revision) => revision > from)).toBe(true);
          expect(replay(state, taken)).toEqual(model.range(name, prefix, model.revision));
          expect(subscription.take()).toEqual([]);
        }
      }),
    );
  });

  test('a follower that takes now and then sees the same changes as one that takes once', () => {
    assert(
      property(array(record({ step: operations, take: constantFrom(true, false) }), { maxLength: 8 }), (rounds) => {
        const store = new Store<Value>();
        const model = new Model();
        const options = { prefix: 'a', after: 0, wake: () => {} };
        const often = store.collection('pods').subscribe(options);
        const once = store.collection('pods').subscribe(options);
        const seen: Change<Value>[] = [];
        for (const { step, take } of rounds) {
          for (const operation of step as Operation[]) if (operation.op !== 'compact') apply(store, model, operation);
          if (take) seen.push(...often.take());
        }
        seen.push(...often.take());
        expect(seen).toEqual(once.take());
      }),
    );
  });

  test('every change knows what was there before', () => {
    const store = new Store<Value>();
    const pods = store.collection('pods');
    const subscription = pods.subscribe({ prefix: '', after: 0, wake: () => {} });
    pods.put('a', () => 'one');
    pods.put('a', () => 'two');
    pods.delete('a', (revision, last) => `${last} until ${revision}`);
    pods.put('a', () => 'again');
    expect(subscription.take().map(({ value, previous, deleted }) => ({ value, previous, deleted }))).toEqual([
      { value: 'one', previous: undefined, deleted: false },
      { value: 'two', previous: 'one', deleted: false },
      { value: 'two until 3', previous: 'two', deleted: true },
      { value: 'again', previous: undefined, deleted: false },
    ]);
  });

  test('wakes a follower for keys with its prefix only', () => {
    const pods = new Store<Value>().collection('pods');
    let woken = 0;
    const subscription = pods.subscribe({ prefix: 'a/', after: 0, wake: () => woken++ });
    pods.put('b/x', () => 'x');
    expect({ woken, idle: subscription.idle }).toEqual({ woken: 0, idle: true });
    pods.put('a/x', () => 'x');
    expect({ woken, idle: subscription.idle }).toEqual({ woken: 1, idle: false });
  });

  test('a follower that was overtaken by a compaction is told so', () => {
    const store = new Store<Value>();
    const pods = store.collection('pods');
    const subscription = pods.subscribe({ prefix: '', after: 0, wake: () => {} });
    pods.put('a', () => '1');
    pods.put('a', () => '2');
    store.compact();
    expect(() => subscription.take()).toThrow(CompactedError);
    expect(() => pods.subscribe({ prefix: '', after: 1, wake: () => {} })).toThrow(CompactedError);
  });

  test('a follower that has taken everything outlives compactions, whatever other keys do', () => {
    const store = new Store<Value>();
    const pods = store.collection('pods');
    const subscription = pods.subscribe({ prefix: 'a/', after: 0, wake: () => {} });
    for (let i = 0; i < 5; i++) pods.put('b/x', () => 'x');
    store.compact();
    pods.put('a/x', () => 'new');
    expect(subscription.take().map(({ value }) => value)).toEqual(['new']);
  });

  test('a disposed follower is woken no more', () => {
    const pods = new Store<Value>().collection('pods');
    let woken = 0;
    const subscription = pods.subscribe({ prefix: '', after: 0, wake: () => woken++ });
    subscription[Symbol.dispose]();
    subscription[Symbol.dispose]();
    pods.put('a', () => '1');
    expect(woken).toBe(0);
  });

  test('a follower may start in the future, and sees nothing before it', () => {
    const pods = new Store<Value>().collection('pods');
    const subscription = pods.subscribe({ prefix: '', after: 2, wake: () => {} });
    for (const value of ['1', '2', '3']) pods.put('a', () => value);
    expect(subscription.take().map(({ value }) => value)).toEqual(['3']);
  });

  test('compacts by itself, and keeps at least what was asked for', () => {
    const store = new Store<Value>({ keep: 10 });
    const pods = store.collection('pods');
    for (let i = 0; i < 100; i++) pods.put(`k${i % 7}`, () => String(i));
    const kept = store.revision - store.compacted;
    expect(kept).toBeGreaterThanOrEqual(10);
    expect(kept).toBeLessThanOrEqual(20);
    expect(pods.range({ at: store.compacted })).toHaveLength(7);
  });

  test('compaction never goes back, and not beyond what there is', () => {
    const store = new Store<Value>();
    const pods = store.collection('pods');
    for (let i = 0; i < 5; i++) pods.put('a', () => String(i));
    store.compact(4);
    store.compact(2);
    expect(store.compacted).toBe(4);
    store.compact(99);
    expect(store.compacted).toBe(5);
  });
});
