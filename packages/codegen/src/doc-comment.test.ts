import { expect, test } from 'vitest';
import { docComment } from './doc-comment.js';

const long = 'word '.repeat(30).trim();

test.each<[string, string[], string, string]>([
  ['nothing', [], '', ''],
  ['what fits', ['One.', 'Two.'], '  ', '  /** One. Two. */\n'],
  [
    'what does not fit on one line',
    [long, 'Two.'],
    '',
    `/**\n * ${'word '.repeat(23).trim()}\n * ${'word '.repeat(7).trim()}\n * Two.\n */\n`,
  ],
  ['a word that fits nowhere', ['a'.repeat(200)], '', `/**\n * ${'a'.repeat(200)}\n */\n`],
])('%s', (_what, paragraphs, indent, expected) => {
  expect(docComment(paragraphs, indent)).toBe(expected);
});
