import { expect, test } from 'vitest';
import { escapeFieldValue, newFieldSelector, parseFieldSelector } from './selector.js';

test.each<[string, [string, string, string][]]>([
  ['', []],
  [',,', []],
  ['=', []],
  ['a=b', [['a', '=', 'b']]],
  ['a==b', [['a', '=', 'b']]],
  ['a!=b', [['a', '!=', 'b']]],
  ['a=', [['a', '=', '']]],
  ['a!=', [['a', '!=', '']]],
  [' a = b ', [[' a ', '=', ' b ']]],
  [
    'b=2,,a=1,',
    [
      ['a', '=', '1'],
      ['b', '=', '2'],
    ],
  ],
  ['metadata.name=x\\,y\\=z\\\\', [['metadata.name', '=', 'x,y=z\\']]],
  ['a=𝄞', [['a', '=', '𝄞']]],
  ['a!b=c', [['a!b', '=', 'c']]],
])('%j requires %j', (text, expected) => {
  const selector = parseFieldSelector(text);
  expect(selector.requirements.map(({ field, operator, value }) => [field, operator, value])).toEqual(expected);
  expect(parseFieldSelector(selector.toString()).requirements).toEqual(selector.requirements);
});

test.each([
  ['a', "invalid selector: 'a'; can't understand 'a'"],
  ['a=b,c', "invalid selector: 'a=b,c'; can't understand 'c'"],
  ['!', "invalid selector: '!'; can't understand '!'"],
  ['a=b=c', "invalid field selector: unescaped character in value: '='"],
  ['a===b', "invalid field selector: unescaped character in value: '='"],
  ['a=\\b', 'invalid field selector: invalid escape sequence: \\b'],
  ['a=\\𝄞', 'invalid field selector: invalid escape sequence: \\𝄞'],
  ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
])('%j is refused with the term or the character', (text, message) => {
  expect(() => parseFieldSelector(text)).toThrow(new RangeError(message));
});

test.each<[string, Record<string, string>, boolean]>([
  ['', {}, true],
  ['a=b', { a: 'b' }, true],
  ['a=b', { a: 'c' }, false],
  ['a=b', {}, false],
  ['a=', {}, true],
  ['a!=', {}, false],
  ['a!=b', {}, true],
  ['a!=b', { a: 'b' }, false],
  ['a=b,c!=d', { a: 'b', c: 'e' }, true],
  ['a=b,c!=d', { a: 'b', c: 'd' }, false],
])('%j matches the fields %j: %s', (text, fields, expected) => {
  expect(parseFieldSelector(text).matches((field) => fields[field])).toBe(expected);
});

test.each(['', 'plain', 'a,b', 'a=b', '\\', '\\,=', 'é𝄞'])('the value %j survives being escaped', (value) => {
  const text = newFieldSelector([{ field: 'metadata.name', operator: '=', value }]).toString();
  expect(text).toBe(`metadata.name=${escapeFieldValue(value)}`);
  expect(parseFieldSelector(text).requirements).toEqual([{ field: 'metadata.name', operator: '=', value }]);
});

test.each(['\\', ',', '=', 'a,', '\\,'])('300,000 times %j ends without delay', (piece) => {
  const read = (): string => {
    try {
      return parseFieldSelector(piece.repeat(300_000)).toString();
    } catch (error) {
      return (error as Error).name;
    }
  };
  expect(['', 'RangeError']).toContain(read());
});
