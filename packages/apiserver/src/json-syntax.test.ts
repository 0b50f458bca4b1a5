import { assert, json, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bracketBelow, jsonProblem } from './json-syntax.js';

describe('jsonProblem', () => {
  test.each([
    { text: '', problem: 'unexpected end of JSON input' },
    { text: '   ', problem: 'unexpected end of JSON input' },
    { text: '{"a":"b"', problem: 'unexpected end of JSON input' },
    { text: '{"a', problem: 'unexpected end of JSON input' },
    { text: '"\\u12', problem: 'unexpected end of JSON input' },
    { text: 'tru', problem: 'unexpected end of JSON input' },
    { text: '-', problem: 'unexpected end of JSON input' },
    { text: '{a}', problem: "invalid character 'a' looking for beginning of object key string" },
    { text: "{'a': 1}", problem: "invalid character '\\'' looking for beginning of object key string" },
    { text: '{"a":1,}', problem: "invalid character '}' looking for beginning of object key string" },
    { text: '{"a" 1}', problem: "invalid character '1' after object key" },
    { text: '{"a":1 "b"}', problem: "invalid character '\"' after object key:value pair" },
    { text: '[1 2]', problem: "invalid character '2' after array element" },
    { text: '[1,]', problem: "invalid character ']' looking for beginning of value" },
    { text: '{"a":}', problem: "invalid character '}' looking for beginning of value" },
    { text: '{} x', problem: "invalid character 'x' after top-level value" },
    { text: 'nule', problem: "invalid character 'e' in literal null (expecting 'l')" },
    { text: '"a\nb"', problem: "invalid character '\\n' in string literal" },
    { text: '"\\x"', problem: "invalid character 'x' in string escape code" },
    { text: '"\\u00g0"', problem: "invalid character 'g' in \\u hexadecimal character escape" },
    { text: '1.x', problem: "invalid character 'x' after decimal point in numeric literal" },
    { text: '1e+x', problem: "invalid character 'x' in exponent of numeric literal" },
    { text: '-x', problem: "invalid character 'x' in numeric literal" },
    { text: '01', problem: "invalid character '1' after top-level value" },
  ])('$text: $problem', ({ text, problem }) => {
    expect(jsonProblem(text)).toBe(problem);
  });

  test('finds nothing wrong with JSON', () => {
    assert(property(json(), (text) => jsonProblem(text) === undefined));
  });

  test('finds something wrong where the parser does', () => {
    assert(
      property(string({ unit: 'binary-ascii' }), (text) => {
        let good = true;
        try {
          JSON.parse(text);
        } catch {
          good = false;
        }
        expect(jsonProblem(text) === undefined).toBe(good);
      }),
    );
  });

  test('does not run out of stack', () => {
    expect(jsonProblem('['.repeat(1_000_000))).toBe('unexpected end of JSON input');
  });
});

describe('bracketBelow', () => {
  test.each([
    { text: '[[[]]]', maxDepth: 3, bracket: undefined },
    { text: '[[[]]]', maxDepth: 2, bracket: '[' },
    { text: '{"a":[{}]}', maxDepth: 2, bracket: '{' },
    { text: '[[],[],[]]', maxDepth: 2, bracket: undefined },
    { text: '["[[[[", "\\"[["]', maxDepth: 2, bracket: undefined },
  ])('$text below $maxDepth levels: $bracket', ({ text, maxDepth, bracket }) => {
    expect(bracketBelow(text, maxDepth)).toBe(bracket);
  });
});
