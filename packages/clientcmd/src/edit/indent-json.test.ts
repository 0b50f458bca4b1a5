import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { indentJson } from './indent-json.js';

test('is what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('  ', '    ', '\t'), (value, indent) => {
      expect(indentJson(JSON.stringify(value), indent)).toBe(JSON.stringify(value, null, indent));
    }),
  );
});

test('literals stay as they are', () => {
  expect(indentJson('{ "n":12345678901234567890,"s":"\\u0041 {,}" }', ' ')).toBe(
    '{\n "n": 12345678901234567890,\n "s": "\\u0041 {,}"\n}',
  );
});
