import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RingBuffer } from './ring-buffer.js';

test('gives back what was put in, in order, however the two alternate', () => {
  const operations = fc.array(
    fc.oneof({ weight: 3, arbitrary: fc.constant('push') }, { weight: 2, arbitrary: fc.constant('shift') }),
    {
      maxLength: 200,
    },
  );
  fc.assert(
    fc.property(operations, (sequence) => {
      const buffer = new RingBuffer<number>();
      const model: number[] = [];
      sequence.forEach((operation, n) => {
        if (operation === 'push') {
          buffer.push(n);
          model.push(n);
        } else {
          expect(buffer.shift()).toBe(model.shift());
        }
        expect(buffer.length).toBe(model.length);
      });
      expect([...buffer]).toEqual(model);
      buffer.clear();
      expect([buffer.length, buffer.shift()]).toEqual([0, undefined]);
    }),
  );
});
