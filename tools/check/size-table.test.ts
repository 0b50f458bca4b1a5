import { expect, test } from 'vitest';
// @ts-expect-error a plain module, so that the check runs with nothing but Node
import { isUpToDate, sizeTable, withTable } from './size-table.mjs';

const small = { name: 'one descriptor', minified: 147, gzip: 137 };
const large = { name: '`list`', minified: 34_582, gzip: 13_066 };
const sizes = [small, large];
const readme = withTable('# A\n<!-- sizes: npm run size -- --write -->\n\nold\n<!-- /sizes -->\nB\n', sizeTable(sizes));

test('a table takes the place of the old one', () => {
  expect(readme).toBe(`# A
<!-- sizes: npm run size -- --write -->

| a program that has | minified |    gzip |
| ------------------ | -------: | ------: |
| one descriptor     |   0.1 kB |  0.1 kB |
| \`list\`             |  34.6 kB | 13.1 kB |

<!-- /sizes -->
B
`);
  expect(withTable(readme, sizeTable(sizes))).toBe(readme);
});

test.each<[string, typeof sizes, boolean]>([
  ['what was measured', sizes, true],
  ['a little more', [small, { ...large, minified: 36_000 }], true],
  ['much more', [small, { ...large, minified: 37_000 }], false],
  ['much less', [small, { ...large, gzip: 12_000 }], false],
  ['a program more', [...sizes, small], false],
  ['a program less', [small], false],
  ['another program', [small, { ...large, name: 'watch' }], false],
])('it is held to %s', (_what, measured, expected) => {
  expect(isUpToDate(readme, measured)).toBe(expected);
});

test('a text without a place for it is refused', () => {
  expect(() => withTable('# A\n', sizeTable(sizes))).toThrow('no place for the table');
});
