import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DelayHeap } from './delay-heap.js';

/** Everything that is ready at `now`, in order. */
function takeAll<T>(heap: DelayHeap<T>, now = Infinity): T[] {
  const items: T[] = [];
  for (let next = heap.take(now); next; next = heap.take(now)) items.push(next.item);
  return items;
}

test('gives items by their time, and not before it', () => {
  const heap = new DelayHeap<string>();
  heap.add('late', 30);
  heap.add('early', 10);
  heap.add('middle', 20);
  expect([heap.size, heap.nextAt]).toEqual([3, 10]);
  expect(takeAll(heap, 9)).toEqual([]);
  expect(takeAll(heap, 20)).toEqual(['early', 'middle']);
  expect([heap.size, heap.nextAt]).toEqual([1, 30]);
});

test('items of the same time come in the order in which they were added', () => {
  const heap = new DelayHeap<number>();
  for (let i = 0; i < 20; i++) heap.add(i, 10);
  expect(takeAll(heap)).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test.each([
  ['an earlier time replaces a later one', 5, ['a', 'b']],
  ['a later time changes nothing', 50, ['b', 'a']],
])('%s', (_, again, order) => {
  const heap = new DelayHeap<string>();
  heap.add('a', 20);
  heap.add('b', 10);
  heap.add('a', again);
  expect(heap.size).toBe(2);
  expect(takeAll(heap)).toEqual(order);
});

test('takes undefined as an item', () => {
  const heap = new DelayHeap<undefined>();
  heap.add(undefined, 1);
  expect(heap.take(1)).toMatchObject({ item: undefined });
  expect(heap.take(1)).toBeUndefined();
});

test('is empty after clear, and forgets the times of what it held', () => {
  const heap = new DelayHeap<string>();
  heap.add('a', 10);
  heap.clear();
  expect([heap.size, heap.nextAt, heap.take(Infinity)]).toEqual([0, undefined, undefined]);
  heap.add('a', 20);
  expect(heap.nextAt).toBe(20);
});

test('agrees with a sorted list', () => {
  const add = fc.record({ item: fc.nat(30), at: fc.nat(100) });
  const take = fc.record({ now: fc.nat(100) });
  fc.assert(
    fc.property(fc.array(fc.oneof(add, take), { size: 'large' }), (steps) => {
      const heap = new DelayHeap<number>();
      let list: { item: number; at: number }[] = [];
      for (const step of steps) {
        if ('item' in step) {
          heap.add(step.item, step.at);
          const known = list.find((entry) => entry.item === step.item);
          if (known) known.at = Math.min(known.at, step.at);
          else list.push({ ...step });
        } else {
          const due = list.filter((entry) => entry.at <= step.now).toSorted((a, b) => a.at - b.at);
          list = list.filter((entry) => entry.at > step.now);
          expect(takeAll(heap, step.now)).toEqual(due.map((entry) => entry.item));
        }
        expect(heap.size).toBe(list.length);
        expect(heap.nextAt).toBe(list.length > 0 ? Math.min(...list.map((entry) => entry.at)) : undefined);
      }
    }),
  );
});
