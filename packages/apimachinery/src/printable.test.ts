import { expect, test } from 'vitest';
import { printable } from './printable.js';

test.each([
  ['dev', 'dev'],
  ['ä "漢" 🙂', 'ä "漢" 🙂'],
  ['a\u001b[2Jb', 'a\\u001b[2Jb'],
  ['a\r\n\tb', 'a\\u000d\\u000a\\u0009b'],
  ['\u009b31m\u007f', '\\u009b31m\\u007f'],
  ['\u202egnp.exe\u2028\u2029\ufeff', '\\u202egnp.exe\\u2028\\u2029\\ufeff'],
  ['\u{e0041}', '\\udb40\\udc41'],
  ['\ud800', '\\ud800'],
])('%j', (text, expected) => {
  expect(printable(text)).toBe(expected);
});
