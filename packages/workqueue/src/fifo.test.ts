import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from './fifo.js';

test('gives back what was pushed, in order', () => {
  const fifo = new Fifo<number>();
  for (let i = 0; i < 3; i++) fifo.push(i);
  expect([fifo.length, [...fifo]]).toEqual([3, [0, 1, 2]]);
  expect([fifo.shift(), fifo.shift(), fifo.shift(), fifo.shift()]).toEqual([0, 1, 2, undefined]);
  expect(fifo.length).toBe(0);
});

test('is empty after clear, and may be used again', () => {
  const fifo = new Fifo<number>();
  for (let i = 0; i < 1000; i++) fifo.push(i);
  fifo.clear();
  expect([fifo.length, [...fifo], fifo.shift()]).toEqual([0, [], undefined]);
  fifo.push(7);
  expect([...fifo]).toEqual([7]);
});

test('agrees with an array, whatever its length', () => {
  const steps = fc.array(fc.oneof(fc.record({ push: fc.nat(700) }), fc.record({ shift: fc.nat(700) })), {
    maxLength: 12,
    size: 'max',
  });
  fc.assert(
    fc.property(steps, (all) => {
      const fifo = new Fifo<number>();
      const array: number[] = [];
      let number = 0;
      for (const step of all) {
        if ('push' in step) {
          for (let i = 0; i < step.push; i++) {
            array.push(++number);
            fifo.push(number);
          }
        } else {
          const taken = Array.from({ length: step.shift }, () => fifo.shift());
          expect(taken).toEqual(Array.from({ length: step.shift }, () => array.shift()));
        }
        expect(fifo.length).toBe(array.length);
      }
      expect([...fifo]).toEqual(array);
    }),
    { numRuns: 50 },
  );
});
