import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteQueue } from './byte-queue.js';

test('bytes come out as they went in, whatever the chunks and the pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 50, size: 'max' }),
      fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 50, size: 'max' }),
      (chunks, sizes) => {
        const queue = new ByteQueue();
        const expected = Buffer.concat(chunks);
        const got: number[] = [];
        let piece = 0;
        const take = (): void => {
          for (let size = sizes[piece]; size !== undefined && queue.has(size); size = sizes[++piece]) {
            got.push(...queue.bytes.subarray(queue.at, queue.at + size));
            queue.at += size;
          }
        };
        for (const chunk of chunks) {
          queue.feed(chunk);
          take();
        }
        expect(got).toEqual([...expected.subarray(0, got.length)]);
        expect(queue.length).toBe(expected.length - got.length);
        // What is missing is more than there is.
        expect(sizes[piece] ?? Infinity).toBeGreaterThan(queue.length);
      },
    ),
  );
});

test('what is behind a piece of two chunks is not copied again', () => {
  const queue = new ByteQueue();
  const second = new Uint8Array(100);
  queue.feed(new Uint8Array(3));
  queue.feed(second);
  expect(queue.has(5)).toBe(true);
  queue.at += 5;
  expect(queue.has(50)).toBe(true);
  expect(queue.bytes.buffer).toBe(second.buffer);
});
