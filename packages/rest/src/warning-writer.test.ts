import { expect, test } from 'vitest';
import { warningWriter, type WarningWriterOptions } from './warning-writer.js';

function written(options: WarningWriterOptions, ...texts: string[]): string[] {
  const lines: string[] = [];
  const write = warningWriter((line) => lines.push(line), options);
  for (const text of texts) write({ code: 299, agent: '-', text });
  return lines;
}

test('writes each warning on a line', () => {
  expect(written({}, 'one', 'two', 'one')).toEqual(['Warning: one\n', 'Warning: two\n', 'Warning: one\n']);
});

test('writes each text once on demand', () => {
  expect(written({ deduplicate: true }, 'one', 'two', 'one')).toEqual(['Warning: one\n', 'Warning: two\n']);
});

test('colours the first word on demand', () => {
  expect(written({ color: true }, 'one')).toEqual(['\u001b[33;1mWarning:\u001b[0m one\n']);
});

test('does not remember more texts than it should', () => {
  const texts = Array.from({ length: 1001 }, (_, at) => `text ${at}`);
  expect(written({ deduplicate: true }, ...texts, 'text 1000', 'text 0')).toHaveLength(1002);
});
