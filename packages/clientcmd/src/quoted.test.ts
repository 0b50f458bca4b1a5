import { expect, test } from 'vitest';
import { quoted } from './quoted.js';

test.each([
  ['dev', '"dev"'],
  ['ä "漢" 🙂', '"ä \\"漢\\" 🙂"'],
  ['a\nb', '"a\\nb"'],
  ['\u009b31m\u007f', '"\\u009b31m\\u007f"'],
  ['\ud800', '"\\ud800"'],
])('%j', (name, expected) => {
  expect(quoted(name)).toBe(expected);
});
