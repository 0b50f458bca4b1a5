import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RingBuffer } from './ring-buffer.js';

test('is an array that is pushed to and shifted from', () => {
  const step = fc.oneof({ weight: 3, arbitrary: fc.nat() }, { weight: 2, arbitrary: fc.constant('shift' as const) });
  fc.assert(
    fc.property(fc.array(step, { size: 'large' }), (steps) => {
      const ring = new RingBuffer<number>();
      const array: number[] = [];
      for (const step of steps) {
        if (step === 'shift') expect(ring.shift()).toBe(array.shift());
        else {
          ring.push(step);
          array.push(step);
        }
        expect(ring.length).toBe(array.length);
      }
      expect([...ring]).toEqual(array);
    }),
  );
});

test('grows while its items lie across the end', () => {
  const ring = new RingBuffer<number>();
  for (let i = 0; i < 16; i++) ring.push(i);
  for (let i = 0; i < 10; i++) ring.shift();
  for (let i = 16; i < 40; i++) ring.push(i);
  expect([...ring]).toEqual(Array.from({ length: 30 }, (_, i) => i + 10));
});

test('takes undefined as an item', () => {
  const ring = new RingBuffer<number | undefined>();
  ring.push(undefined);
  ring.push(1);
  expect([ring.shift(), ring.length, ring.shift()]).toEqual([undefined, 1, 1]);
});

test('is empty after clear, and can be used again', () => {
  const ring = new RingBuffer<number>();
  for (let i = 0; i < 40; i++) ring.push(i);
  ring.clear();
  expect([ring.length, ring.shift()]).toEqual([0, undefined]);
  ring.push(7);
  expect([...ring]).toEqual([7]);
});
