import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DelayHeap } from './delay-heap.js';

const last = <V>(_key: unknown, _one: V, other: V): V => other;

/** Everything that is ready at `now`, in order. */
function takeAll<K, V>(heap: DelayHeap<K, V>, now = Infinity): K[] {
  const keys: K[] = [];
  for (let next = heap.take(now); next; next = heap.take(now)) keys.push(next.key);
  return keys;
}

test('gives keys by their time, and not before it', () => {
  const heap = new DelayHeap<string, number>(last);
  heap.add('late', 1, 30);
  heap.add('early', 2, 10);
  heap.add('middle', 3, 20);
  expect([heap.size, heap.nextAt]).toEqual([3, 10]);
  expect(Array.from(heap, ({ key, value, rank }) => [key, value, rank])).toEqual([
    ['early', 2, 10],
    ['middle', 3, 20],
    ['late', 1, 30],
  ]);
  expect(takeAll(heap, 9)).toEqual([]);
  expect(takeAll(heap, 20)).toEqual(['early', 'middle']);
  expect([heap.size, heap.nextAt]).toEqual([1, 30]);
});

test.each([10, Infinity])('keys of the same time, %d, come in the order in which they were added', (at) => {
  const heap = new DelayHeap<number, undefined>(last);
  for (let i = 0; i < 20; i++) heap.add(i, undefined, at);
  const order = Array.from({ length: 20 }, (_, i) => i);
  expect(Array.from(heap, ({ key }) => key)).toEqual(order);
  expect(takeAll(heap)).toEqual(order);
});

test.each([
  ['an earlier time replaces a later one', 5, ['a', 'b']],
  ['a later time changes nothing', 50, ['b', 'a']],
])('%s', (_, again, order) => {
  const heap = new DelayHeap<string, undefined>(last);
  heap.add('a', undefined, 20);
  heap.add('b', undefined, 10);
  heap.add('a', undefined, again);
  expect(heap.size).toBe(2);
  expect(takeAll(heap)).toEqual(order);
});

test('values of one key are merged', () => {
  const heap = new DelayHeap<string, string>((key, one, other) => `${key}: ${one}, ${other}`);
  heap.add('a', '1', 20);
  heap.add('a', '2', 30);
  expect(heap.take(20)?.value).toBe('a: 1, 2');
});

test('takes undefined as a key', () => {
  const heap = new DelayHeap<undefined, undefined>(last);
  heap.add(undefined, undefined, 1);
  expect(heap.take(1)).toMatchObject({ key: undefined });
  expect(heap.take(1)).toBeUndefined();
});

test('gives a key before its time to whoever asks for it, once', () => {
  const heap = new DelayHeap<number, undefined>(last);
  for (let i = 0; i < 20; i++) heap.add(i, undefined, 100 - i);
  expect([heap.takeKey(7)?.rank, heap.takeKey(7), heap.takeKey(99)]).toEqual([93, undefined, undefined]);
  expect(takeAll(heap)).toEqual(Array.from({ length: 20 }, (_, i) => 19 - i).filter((i) => i !== 7));
});

test('is empty after clear, and forgets the times of what it held', () => {
  const heap = new DelayHeap<string, undefined>(last);
  heap.add('a', undefined, 10);
  heap.clear();
  expect([heap.size, heap.nextAt, heap.take(Infinity)]).toEqual([0, undefined, undefined]);
  heap.add('a', undefined, 20);
  expect(heap.nextAt).toBe(20);
});

test('agrees with a sorted list', () => {
  const add = fc.record({ item: fc.nat(30), at: fc.nat(100) });
  const take = fc.record({ now: fc.nat(100) });
  fc.assert(
    fc.property(fc.array(fc.oneof(add, take), { size: 'large' }), (steps) => {
      const heap = new DelayHeap<number, undefined>(last);
      let list: { item: number; at: number }[] = [];
      for (const step of steps) {
        if ('item' in step) {
          heap.add(step.item, undefined, step.at);
          const known = list.find((entry) => entry.item === step.item);
          if (known) known.at = Math.min(known.at, step.at);
          else list.push({ ...step });
        } else {
          const due = list.filter((entry) => entry.at <= step.now).toSorted((a, b) => a.at - b.at);
          list = list.filter((entry) => entry.at > step.now);
          expect(takeAll(heap, step.now)).toEqual(due.map((entry) => entry.item));
        }
        const nextAt = list.length > 0 ? Math.min(...list.map((entry) => entry.at)) : undefined;
        if (heap.size !== list.length || heap.nextAt !== nextAt)
          expect(heap).toMatchObject({ size: list.length, nextAt });
      }
    }),
    { numRuns: 50 },
  );
});
