import { expect, test } from 'vitest';
import { FrameTooLargeError, LineSplitter } from './line-splitter.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (line: Uint8Array): string => new TextDecoder().decode(line);

test('a line that arrives whole is not copied', () => {
  const chunk = bytes('one\ntwo\n');
  const lines = [...new LineSplitter(100).push(chunk)];
  expect(lines.map(text)).toEqual(['one', 'two']);
  expect(lines.every(({ buffer }) => buffer === chunk.buffer)).toBe(true);
});

test('a line may come in any number of pieces', () => {
  const splitter = new LineSplitter(100);
  const lines = ['o', 'n', 'e\nt', 'w', 'o\n\nth'].flatMap((piece) => [...splitter.push(bytes(piece))]);
  expect(lines.map(text)).toEqual(['one', 'two', '']);
  expect(text(splitter.rest())).toBe('th');
  expect(text(splitter.rest())).toBe('');
});

test('a line that never ends is refused before it fills the memory', () => {
  const splitter = new LineSplitter(10);
  expect([...splitter.push(bytes('12345678'))]).toEqual([]);
  expect(() => [...splitter.push(bytes('9012'))]).toThrow(FrameTooLargeError);
});
