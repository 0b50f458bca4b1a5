import { expect, it } from 'vitest';
import { unquote } from './unquote.js';

const raw = String.raw;

it.each([
  [`""`, ''],
  [`'a"b'`, 'a"b'],
  [raw`"a\"b"`, 'a"b'],
  [raw`'\''`, "'"],
  [raw`"\a\b\f\n\r\t\v\\"`, '\u0007\b\f\n\r\t\v\\'],
  [raw`"\x41é\U0001F680\101"`, 'Aé🚀A'],
  [raw`"\xe2\x82\xac\342\202\254"`, '€€'],
  [raw`"\xff"`, '\ufffd'],
  [raw`"\uFEFF"`, '\ufeff'],
  ['"\ud800\\n"', '\ufffd\n'],
])('%s is a string', (literal, text) => {
  expect(unquote(literal)).toBe(text);
});

it.each([
  '',
  '"',
  `"'`,
  `"a"b"`,
  raw`"\"`,
  raw`"a"\n"`,
  raw`"\'"`,
  raw`'\"'`,
  raw`"\q"`,
  raw`"\x4"`,
  raw`"\ud800"`,
  raw`"\U00110000"`,
  raw`"\400"`,
  raw`"\18"`,
])('%s is none', (literal) => {
  expect(unquote(literal)).toBeUndefined();
});
