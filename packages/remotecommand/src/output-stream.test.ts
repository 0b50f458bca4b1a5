import { expect, test } from 'vitest';
import { OutputStream } from './output-stream.js';

test.each([
  ['a letter of a large message keeps nothing else of it', 1, 1],
  ['most of a message is not copied', 32_768 - 1, 32_768],
])('%s', async (_, size, kept) => {
  const output = new OutputStream(2 ** 20);
  // Whose `slice()` is no copy.
  void output.write(Buffer.alloc(32_768).subarray(1, 1 + size));
  const { value } = await output.readable.getReader().read();
  expect([value?.length, value?.buffer.byteLength]).toEqual([size, kept]);
});
