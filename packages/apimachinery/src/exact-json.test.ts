import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson, stringifyJson } from './exact-json.js';

describe('an integer', () => {
  test.each([
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    // What servers read as a floating point number.
    ['9223372036854775808', 9223372036854775808],
    ['-9223372036854775809', -9223372036854775808],
    ['99999999999999999999999999', 1e26],
    ['12345678901234567.0', 12345678901234568],
    ['12345678901234567e2', 1234567890123456800],
    ['0.1234567890123456', 0.1234567890123456],
    ['-0', -0],
  ])('%s', (text, expected) => {
    expect(parseJson(text)).toBe(expected);
    expect(parseJson(` [ ${text} , {"9007199254740993": ${text} } ] `)).toEqual([
      expected,
      { '9007199254740993': expected },
    ]);
  });
});

test.each([
  '{"at":1767225600123456789}',
  '{"N":"N1","S":"S1","N9007199254740993":-9007199254740993}',
  '[9007199254740993,"9007199254740993","SN","NS","\\"9007199254740993"]',
])('%s is written as it was read', (text) => {
  expect(stringifyJson(parseJson(text) as object)).toBe(text);
});

test('a string that is written with escapes is no integer', () => {
  const text = String.raw`[9007199254740993,"\u004e1","\u00531","\\N1"]`;
  expect(parseJson(text)).toEqual([9007199254740993n, 'N1', 'S1', String.raw`\N1`]);
});

test('what is no JSON is refused, also when integers are in it', () => {
  for (const text of ['[9007199254740993', '[9007199254740993,]', '01234567890123456789', '"9007199254740993'])
    expect(() => parseJson(text)).toThrow(SyntaxError);
  const circular: Record<string, unknown> = { at: 9007199254740993n };
  circular['self'] = circular;
  expect(() => stringifyJson(circular)).toThrow(TypeError);
});

test('__proto__ is data', () => {
  const value = parseJson('{"__proto__":{"at":9007199254740993}}') as object;
  expect(Object.hasOwn(value, '__proto__')).toBe(true);
  expect(stringifyJson(value)).toBe('{"__proto__":{"at":9007199254740993}}');
});

const text = fc.oneof(fc.constantFrom('N1', 'S', 'N', '\\', '"', '9007199254740993', '\u2028'), fc.string());
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test('what is written is read', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 4 }), (values) => {
      expect(parseJson(stringifyJson(values))).toEqual(values);
    }),
    { numRuns: 500 },
  );
});

test('long numbers and strings take linear time', () => {
  const digits = '1'.repeat(200_000);
  const escapes = String.raw`\"`.repeat(100_000);
  expect(parseJson(`[${digits}.5,-${digits}e5,"${escapes}"]`)).toHaveLength(3);
});
