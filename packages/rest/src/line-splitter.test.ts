import { expect, test } from 'vitest';
import { FrameTooLargeError } from './carry.js';
import { LineSplitter } from './line-splitter.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (line: Uint8Array): string => new TextDecoder().decode(line);

function linesOf(splitter: LineSplitter, chunk: string): string[] {
  splitter.feed(bytes(chunk));
  const lines: string[] = [];
  for (let line = splitter.next(); line; line = splitter.next()) lines.push(text(line));
  return lines;
}

test('a line that arrives whole is not copied', () => {
  const chunk = bytes('one\ntwo\n');
  const splitter = new LineSplitter('watch pods');
  splitter.feed(chunk);
  const lines = [splitter.next()!, splitter.next()!];
  expect(lines.map(text)).toEqual(['one', 'two']);
  expect(lines.every(({ buffer }) => buffer === chunk.buffer)).toBe(true);
});

test('a line may come in any number of pieces', () => {
  const splitter = new LineSplitter('watch pods');
  const lines = ['o', 'n', 'e\nt', 'w', 'o\n\nth', '', 'ree\n', 'rest'].flatMap((piece) => linesOf(splitter, piece));
  expect(lines).toEqual(['one', 'two', '', 'three']);
});

test('a line that never ends is refused before it fills the memory', () => {
  const splitter = new LineSplitter('watch pods', 10);
  expect(linesOf(splitter, '12345678')).toEqual([]);
  expect(() => linesOf(splitter, '9012')).toThrow(
    new FrameTooLargeError('watch pods: an object is longer than 10 bytes'),
  );
});
