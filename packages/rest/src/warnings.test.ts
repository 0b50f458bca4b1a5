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
  [['199 - "not for us"'], []],
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
