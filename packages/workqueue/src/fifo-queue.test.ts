import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FifoQueue } from './fifo-queue.js';

test('agrees with a Set, whatever its length', () => {
  const steps = fc.array(
    fc.record({ verb: fc.constantFrom('add', 'add', 'take', 'clear'), count: fc.nat(3000), from: fc.nat(4000) }),
    { maxLength: 10, size: 'max' },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const queue = new FifoQueue<number>();
      const set = new Set<number>();
      for (const { verb, count, from } of all) {
        if (verb === 'clear') {
          queue.clear();
          set.clear();
        } else if (verb === 'add') {
          for (let key = from; key < from + count; key++) {
            if (queue.add(key) === set.has(key)) throw new Error(`${key} is new to one of them only`);
            set.add(key);
          }
        } else {
          for (let i = 0; i < count && queue.available; i++) {
            const key = queue.take();
            if (key !== set.values().next().value || queue.has(key))
              throw new Error(`${key} is not the first, or is kept`);
            set.delete(key);
          }
        }
        expect(queue.length).toBe(set.size);
      }
      expect([...queue]).toEqual([...set]);
      expect(Array.from({ length: 7000 }, (_, key) => queue.has(key) === set.has(key))).not.toContain(false);
    }),
    { numRuns: 30 },
  );
});
