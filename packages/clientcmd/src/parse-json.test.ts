import { parseJson as parseExactly } from '@client-ts/apimachinery';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './parse-json.js';

test('any object that JSON can express is what it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      expect(parseJson(text)).toEqual(parseExactly(text));
    }),
  );
});

test.each([
  ['YAML', 'a: 1'],
  ['an object of YAML', '{ a: 1 }'],
  ['a list', '[]'],
  ['text', '"a"'],
  ['nothing', ''],
  ['an object that does not end', '{"a": 1'],
  ['a key twice', '{"a": {"b": 1, "b": 2}}'],
  ['a key twice, written in two ways', String.raw`{"a": 1, "\u0061": 2}`],
  ['what is nested too deeply', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
])('%s is left to another parser', (_, text) => {
  expect(parseJson(text)).toBeUndefined();
});

test.each([
  ['colons and quotes in text', String.raw`{"a": "\"b\": \\", "c\\": ":"}`],
  ['__proto__', '{"__proto__": {"a": 1}}'],
  ['a long text', JSON.stringify({ a: 'x'.repeat(16 * 1024 * 1024) })],
  ['long white space', `{"a"${' '.repeat(1024 * 1024)}: "b"${' '.repeat(1024 * 1024)}}`],
])('%s', (_, text) => {
  expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
});
