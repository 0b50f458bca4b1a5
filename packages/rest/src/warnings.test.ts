import { expect, test } from 'vitest';
import { parseWarnings } from './warnings.js';

test.each([
  [['299 - "deprecated"'], ['deprecated']],
  [['299 - "one", 299 - "two"'], ['one', 'two']],
  [
    ['299 - "one"', '299 - "two"'],
    ['one', 'two'],
  ],
  [['299 agent "with \\"quotes\\" and \\\\"'], ['with "quotes" and \\']],
  [['299 - "dated" "Sat, 25 Aug 2012 23:34:45 GMT"'], ['dated']],
  [['299 - "=?utf-8?q?h=C3=A9_there?="'], ['hé there']],
  [['299 - "=?UTF-8?B?aMOp?= =?us-ascii?q?llo?="'], ['héllo']],
  [['299 - "=?klingon?q?x?= =?utf-8?b?!?= =?utf-8?q?=FF?="'], ['=?klingon?q?x?= =?utf-8?b?!?= =?utf-8?q?=FF?=']],
  [['299 - "=?utf-8?q?a=0D=0AWarning:=1B[2Jb?="'], ['a Warning: [2Jb']],
  [['299 - "a, b" , 299 example.com:80 "c"'], ['a, b', 'c']],
  [['199 - "not for us"'], []],
  [['29 - "too short"'], []],
  [['2990 - "too long"'], []],
  [['299 "no agent"'], []],
  [['299 - "not closed'], []],
  [[''], []],
  [['299 - ""'], []],
  [['299 - unquoted'], []],
  [['nonsense', '299 - "kept"'], ['kept']],
  [['299 - "first", nonsense'], ['first']],
  [[], []],
])('%j holds %j', (values, expected) => {
  expect(parseWarnings(values).map(({ text }) => text)).toEqual(expected);
});

test('a hostile header takes no time', () => {
  const hostile = `299 - "${'\\'.repeat(100_000)}`;
  expect(parseWarnings([hostile])).toEqual([]);
});
