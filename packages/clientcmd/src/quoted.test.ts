import { expect, test } from 'vitest';
import { printable, quoted } from './quoted.js';

test.each([
  ['dev', '"dev"', 'dev'],
  ['ä "漢" 🙂', '"ä \\"漢\\" 🙂"', 'ä "漢" 🙂'],
  ['a\u001b[2Jb', '"a\\u001b[2Jb"', 'a\\u001b[2Jb'],
  ['a\nb', '"a\\nb"', 'a\\u000ab'],
  ['\u009b31m\u007f', '"\\u009b31m\\u007f"', '\\u009b31m\\u007f'],
  ['\u202egnp.exe\u2028\ufeff', '"\\u202egnp.exe\\u2028\\ufeff"', '\\u202egnp.exe\\u2028\\ufeff'],
  ['\u{e0041}', '"\\udb40\\udc41"', '\\udb40\\udc41'],
  ['\ud800', '"\\ud800"', '\\ud800'],
])('%j', (text, inQuotes, without) => {
  expect(quoted(text)).toBe(inQuotes);
  expect(printable(text)).toBe(without);
});
