import { afterEach, expect, test, vi } from 'vitest';
import { encodeBase64 } from '../base64.js';
import { TextReader } from '../text-reader.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

const texts = ['', 'a', 'main', 'niam', 'mxin', 'x'.repeat(33), 'äöü', '日本', 'a\ufffd', '\ufeffb', '😀', 'main'];
const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251);
const base64 = Buffer.from(bytes).toString('base64');

test.each(['with', 'without'])('texts and bytes are the same %s the Buffer of Node.js', (which) => {
  if (which === 'without') vi.stubGlobal('Buffer', undefined);
  const reader = new TextReader();
  const read = texts.map((text) => {
    const encoded = new TextEncoder().encode(`-${text}-`);
    return reader.read(encoded, 1, encoded.length - 1);
  });
  expect(read).toEqual(texts);
  expect(encodeBase64(bytes)).toBe(base64);
});
