import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import {
  commentCode,
  commentProse,
  identifier,
  jsonLiteral,
  pathSegment,
  propertyKey,
  SourceTextError,
  stringLiteral,
} from './source-text.js';

/** Text that would do harm, or deceive, if it reached source as it is. */
const Hostile = [
  "'; globalThis.pwned = 1; //",
  '"; globalThis.pwned = 1; //',
  '`; globalThis.pwned = 1; //',
  '${globalThis.pwned = 1}',
  '*/ globalThis.pwned = 1; /*',
  '\\',
  "\\'",
  '\n globalThis.pwned = 1',
  '\r globalThis.pwned = 1',
  '\u2028 globalThis.pwned = 1',
  '\u202e reversed \u2066',
  '\u0000',
  '\ud800',
  '__proto__',
  '</script>',
  '😀',
];

describe('a literal evaluates to the text, and is plain ASCII on one line', () => {
  test.each(Hostile)('%j', (text) => {
    const source = stringLiteral(text);
    expect(source).toMatch(/^[ -~]*$/);
    expect(runInNewContext(source)).toBe(text);
  });
});

describe('JSON evaluates to itself, with no prototype changed', () => {
  test.each([
    null,
    true,
    1.5,
    'a',
    [],
    {},
    [1, ['a']],
    { a: { 'b-c': null } },
    ...Hostile.map((text) => ({ [text]: text })),
  ])('%j', (value) => {
    const result = runInNewContext(`JSON.stringify(${jsonLiteral(value)})`) as string;
    expect(result).toBe(JSON.stringify(value));
  });
});

test.each([
  ['name', 'name'],
  ['$ref', '$ref'],
  ['x-y', "'x-y'"],
  ['1a', "'1a'"],
  ['', "''"],
  ["a': never; b", "'a\\': never; b'"],
  ['__proto__', "['__proto__']"],
])('the property %j is written %s', (name, key) => {
  expect(propertyKey(name)).toBe(key);
});

describe('a comment cannot be ended, nor hide anything', () => {
  test.each(Hostile)('%j', (text) => {
    const code = commentCode(text);
    expect(code).toMatch(/^`[ -~]*`$/);
    expect(code).not.toContain('*/');
    expect(code.slice(1, -1)).not.toContain('`');
  });
});

describe('prose cannot end a comment, be a tag or hide anything', () => {
  test.each([...Hostile, '@deprecated', 'see {@link pwned}', 'a\r\n*/\r\nb', 'tab\there'])('%j', (text) => {
    for (const line of commentProse(text)) {
      expect(line).toMatch(/^[ -~]+$/);
      expect(line).not.toContain('*/');
      expect(line).not.toMatch(/(?<!\\)@/);
    }
  });

  test('it is kept as it was written, line by line', () => {
    expect(commentProse('The issuer\u2019s name \u2014 required.\n\n  Second  line\u2026')).toEqual([
      "The issuer's name - required.",
      'Second  line...',
    ]);
  });

  test('and ends at some time', () => {
    expect(commentProse('x'.repeat(1_000_000)).join('').length).toBeLessThan(3000);
  });
});

describe('refused as the name of a declaration', () => {
  test.each([...Hostile, '', 'a b', '1a', 'a-b', 'class', 'string', 'Record', 'await', 'ünï'])('%j', (name) => {
    expect(() => identifier(name)).toThrow(SourceTextError);
  });
});

describe('refused as a part of a path', () => {
  test.each([...Hostile, '', '.', '..', 'a/b', 'a.b', 'A', '-a', 'a-'])('%j', (text) => {
    expect(() => pathSegment(text)).toThrow(SourceTextError);
  });
});

test.each(['Pod', 'CSIDriver', 'a1', '$x', '_'])('%s can be declared', (name) => {
  expect(identifier(name)).toBe(name);
});
