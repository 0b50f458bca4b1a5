import { SpareBuffers } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { maskedFrame, MinMaskedBytes } from './masked-frame.js';

const KeyBytes = 4;

test.each([
  [MinMaskedBytes, [0x82, 0xfe, 0x04, 0x00]],
  [1025, [0x82, 0xfe, 0x04, 0x01]],
  [1026, [0x82, 0xfe, 0x04, 0x02]],
  [1027, [0x82, 0xfe, 0x04, 0x03]],
  [0xffff, [0x82, 0xfe, 0xff, 0xff]],
  [0x1_0000, [0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0]],
  [0x123_4567, [0x82, 0xff, 0, 0, 0, 0, 1, 0x23, 0x45, 0x67]],
])('%i bytes have their header, the key, and each byte masked with its turn of the key', (length, header) => {
  const whole = new Uint8Array(length + 1).map((_, i) => i * 7 + (i >> 8));
  const message = whole.subarray(1);
  const before = message.slice();
  const buffers = new SpareBuffers();
  // What is there before makes no difference.
  buffers.give(new Uint8Array(64 * 1024).fill(0xff));
  const frame = maskedFrame(message, buffers);
  const key = frame.subarray(header.length, header.length + KeyBytes);
  const payload = frame.subarray(header.length + KeyBytes);
  expect([...frame.subarray(0, header.length)]).toEqual(header);
  const unmasked = payload.map((byte, i) => byte ^ (key.at(i % KeyBytes) ?? NaN));
  expect(Buffer.compare(unmasked, before)).toBe(0);
  expect(Buffer.compare(message, before)).toBe(0);
});

test('each frame has a key of its own, however many there are', () => {
  const message = new Uint8Array(MinMaskedBytes);
  const buffers = new SpareBuffers();
  const keys = Array.from({ length: 5000 }, () => Buffer.from(maskedFrame(message, buffers)).readUInt32BE(4));
  // Chance makes a few of them equal.
  expect(new Set(keys).size).toBeGreaterThan(4990);
});
