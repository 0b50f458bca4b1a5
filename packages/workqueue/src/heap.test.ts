import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Heap, type HeapNode } from './heap.js';

function sorted(nodes: readonly HeapNode[]): HeapNode[] {
  return nodes.toSorted((one, other) => one.rank - other.rank || one.order - other.order);
}

test('agrees with a sorted list, whatever is pushed, raised, removed and taken', () => {
  const steps = fc.array(
    fc.record({
      verb: fc.constantFrom('push', 'push', 'raise', 'remove', 'shift'),
      value: fc.nat(20),
      which: fc.nat(1000),
    }),
    { size: 'large' },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const heap = new Heap<HeapNode>();
      let list: HeapNode[] = [];
      let order = 0;
      for (const { verb, value, which } of all) {
        const node = list[which % list.length];
        if (verb === 'push') {
          list.push({ rank: value, order: order++, position: -1 });
          heap.push(list.at(-1) as HeapNode);
        } else if (!node) {
          expect([heap.first, heap.shift()]).toEqual([undefined, undefined]);
        } else if (verb === 'raise') {
          heap.raise(node, Math.min(node.rank, value));
        } else if (verb === 'remove') {
          heap.remove(node);
          list = list.filter((each) => each !== node);
        } else {
          const first = sorted(list)[0];
          if (heap.first !== first || heap.shift() !== first)
            throw new Error(`the heap gives ${JSON.stringify(heap.first)}, expected ${JSON.stringify(first)}`);
          list = list.filter((each) => each !== first);
        }
        if (heap.size !== list.length) throw new Error(`the heap holds ${heap.size} nodes, expected ${list.length}`);
      }
      expect(heap.sorted()).toEqual(sorted(list));
    }),
  );
});

test('is empty after clear', () => {
  const heap = new Heap<HeapNode>();
  heap.push({ rank: 1, order: 1, position: 0 });
  heap.clear();
  expect([heap.size, heap.first]).toEqual([0, undefined]);
});
