import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap } from './heap.js';

interface Node {
  position: number;
  value: number;
}

test('agrees with a sorted list, whatever is pushed, raised, removed and taken', () => {
  const steps = fc.array(
    fc.record({
      verb: fc.constantFrom('push', 'push', 'raise', 'remove', 'shift'),
      value: fc.nat(1000),
      which: fc.nat(1000),
    }),
    { size: 'large' },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const heap = new Heap<Node>((one, other) => one.value < other.value);
      let list: Node[] = [];
      for (const { verb, value, which } of all) {
        const node = list[which % list.length];
        if (verb === 'push') {
          list.push({ position: -1, value });
          heap.push(list.at(-1) as Node);
        } else if (!node) {
          expect([heap.first, heap.shift()]).toEqual([undefined, undefined]);
        } else if (verb === 'raise') {
          node.value = Math.min(node.value, value);
          heap.raise(node);
        } else if (verb === 'remove') {
          heap.remove(node);
          list = list.filter((each) => each !== node);
        } else {
          const least = Math.min(...list.map((each) => each.value));
          const { first } = heap;
          if (heap.shift() !== first || first?.value !== least)
            throw new Error(`the heap gives ${first?.value}, expected ${least}`);
          list = list.filter((each) => each !== first);
        }
        if (heap.size !== list.length) throw new Error(`the heap holds ${heap.size} nodes, expected ${list.length}`);
      }
      expect(new Set(heap)).toEqual(new Set(list));
    }),
  );
});

test('is empty after clear', () => {
  const heap = new Heap<Node>((one, other) => one.value < other.value);
  heap.push({ position: 0, value: 1 });
  heap.clear();
  expect([heap.size, heap.first]).toEqual([0, undefined]);
});
