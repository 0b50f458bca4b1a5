import { expect, test } from 'vitest';
import { SpareBuffers } from './spare-buffers.js';

const KiB = 1024;

test('what is given back is taken again, whatever part of it was in use', () => {
  const buffers = new SpareBuffers();
  const first = buffers.take(64 * KiB);
  buffers.give(first.subarray(10, 20));
  const second = buffers.take(10 * KiB);
  expect(second.buffer).toBe(first.buffer);
  expect([second.byteOffset, second.length]).toEqual([0, 64 * KiB]);
  expect(buffers.take(64 * KiB).buffer).not.toBe(first.buffer);
});

test.each([
  ['one that is too small', 8 * KiB, 9 * KiB],
  ['a small one', 100, 100],
  ['one that is larger than all that are kept', 1025 * KiB, 1025 * KiB],
])('%s is not', (_, given, wanted) => {
  const buffers = new SpareBuffers();
  const first = buffers.take(given);
  buffers.give(first);
  const second = buffers.take(wanted);
  expect(second.buffer).not.toBe(first.buffer);
  expect(second.length).toBeGreaterThanOrEqual(wanted);
});

test('no more than 1 MiB is kept', () => {
  const buffers = new SpareBuffers();
  const taken = Array.from({ length: 20 }, () => buffers.take(64 * KiB));
  for (const each of taken) buffers.give(each);
  const again = Array.from({ length: 20 }, () => buffers.take(64 * KiB));
  expect(again.filter(({ buffer }) => taken.some((each) => each.buffer === buffer))).toHaveLength(16);
});
