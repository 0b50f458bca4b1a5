import { expect, test } from 'vitest';
import { parseSelector } from './parse-selector.js';

test.each([
  ['', ''],
  ['  ', ''],
  ['x', 'x'],
  ['!x', '!x'],
  ['! x', '!x'],
  ['x=a', 'x=a'],
  ['x==a', 'x==a'],
  ['x!=a', 'x!=a'],
  ['x=', 'x='],
  ['x= , y', 'x=,y'],
  ['x>1', 'x>1'],
  ['x < 5', 'x<5'],
  ['x in (b,a)', 'x in (a,b)'],
  ['x notin (a)', 'x notin (a)'],
  ['x in ()', 'x in ()'],
  ['x in (a,)', 'x in (,a)'],
  ['x in (,,a,a,)', 'x in (,a)'],
  ['\tx\n=\r a ', 'x=a'],
  ['in in (in,notin)', 'in in (in,notin)'],
  ['notin', 'notin'],
  ['!in', '!in'],
  ['x=in', 'x=in'],
  ['b,a', 'a,b'],
  ['example.com/x in (a)', 'example.com/x in (a)'],
])('%j reads as %j, and so does its own text', (text, expected) => {
  expect(parseSelector(text).toString()).toBe(expected);
  expect(parseSelector(expected).toString()).toBe(expected);
});

test('a selector shows its requirements, sorted by key', () => {
  expect(parseSelector('x in (b,a),!c,b>1').requirements).toEqual([
    { key: 'b', operator: 'gt', values: ['1'] },
    { key: 'c', operator: '!', values: [] },
    { key: 'x', operator: 'in', values: ['b', 'a'] },
  ]);
});

const badValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

test.each([
  [',', "found ',', expected: !, identifier, or 'end of string'"],
  ['x,', "found '', expected: identifier after ','"],
  ['x,,y', "found ',', expected: identifier after ','"],
  ['x=a b', "found 'b', expected: ',' or 'end of string'"],
  ['!x=a', "found '=', expected: ',' or 'end of string'"],
  ['!!x', "unable to parse requirement: found '!', expected: identifier"],
  ['x y', "unable to parse requirement: found 'y', expected: in, notin, =, ==, !=, gt, lt"],
  ['x()', "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt"],
  ['x===a', "unable to parse requirement: found '=', expected: identifier"],
  ['x=(', "unable to parse requirement: found '(', expected: identifier"],
  ['x in a', "unable to parse requirement: found 'a', expected: '('"],
  ['x in (a', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['x in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
  ['x in (a b)', "unable to parse requirement: found 'b', expected: ',' or ')'"],
  ['x in (=)', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
  [
    'x>a',
    `unable to parse requirement: values[0]: Invalid value: "a": for 'Gt', 'Lt' operators, the value must be an integer`,
  ],
  ['x=-', `unable to parse requirement: values[0][x]: Invalid value: "-": ${badValue}`],
  ['/x', 'unable to parse requirement: key: Invalid value: "/x": prefix part must be non-empty'],
])('%j is refused with the place', (text, message) => {
  expect(() => parseSelector(text)).toThrow(new RangeError(message));
});

test.each(['x\u00a0', 'x\u2028=a', 'x\u0000', 'é', 'x\v=a'])('%j is no white space, nor part of a key', (text) => {
  expect(() => parseSelector(text)).toThrow(RangeError);
});

test.each([',', '!', 'x,', '(', 'x in (a,', 'é'])('300,000 times %j is refused without delay', (piece) => {
  expect(() => parseSelector(piece.repeat(300_000))).toThrow(RangeError);
});
