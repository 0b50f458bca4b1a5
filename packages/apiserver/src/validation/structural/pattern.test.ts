import { describe, expect, it } from 'vitest';
import { Pattern, PatternCostError } from './pattern.js';
import { PatternSyntaxError } from './pattern-syntax.js';

it.each<[string, string[], string[]]>([
  ['', ['', 'a'], []],
  ['b', ['b', 'abc'], ['', 'a']],
  ['^a', ['a', 'ab'], ['ba', '']],
  ['a$', ['a', 'ba'], ['ab', 'a\n']],
  ['^a?$', ['', 'a'], ['aa', 'b']],
  ['^a*b+$', ['b', 'aab', 'abbb'], ['a', '', 'aba']],
  ['^(?:ab|cd|e)$', ['ab', 'cd', 'e'], ['abcd', 'ac', '']],
  ['^(|a)b$', ['b', 'ab'], ['a']],
  ['^a{2}$', ['aa'], ['a', 'aaa']],
  ['^a{2,}$', ['aa', 'aaaa'], ['a']],
  ['^a{1,3}$', ['a', 'aaa'], ['', 'aaaa']],
  ['^a{,2}$', ['a{,2}'], ['a']],
  ['^(a{1,2}){2}$', ['aa', 'aaa', 'aaaa'], ['a', 'aaaaa']],
  ['^.$', ['a', 'ä', '🎉'], ['', 'ab', '\n']],
  ['(?s)^.$', ['\n'], ['ab']],
  ['(?m)^b$', ['a\nb\nc'], ['ab']],
  ['(?i)^[a-c]x$', ['AX', 'cX'], ['dx']],
  ['^(?i:a)b$', ['Ab'], ['AB']],
  ['^((?i)a)b$', ['Ab'], ['AB']],
  ['^[^a-c]$', ['d', '-'], ['a', 'b']],
  ['^[]a]$', [']', 'a'], ['b']],
  ['^[a-]$', ['a', '-'], ['b']],
  [String.raw`^[\d.]+$`, ['1.2'], ['a', '']],
  [String.raw`^\w+\s\S+$`, ['a_1 !'], ['a-b c']],
  [String.raw`^\D\W$`, ['a-'], ['1-', 'aa']],
  ['^[[:alpha:][:digit:]]+$', ['aZ9'], ['a-']],
  ['^[[:^digit:]]$', ['a'], ['1']],
  [String.raw`^\p{Lu}\P{Lu}$`, ['Äb'], ['ab']],
  [String.raw`^\p{Greek}\pN$`, ['α1'], ['a1']],
  [String.raw`\bfoo\b`, ['a foo b', 'foo'], ['food', 'afoo']],
  [String.raw`\Boo\B`, ['foods'], ['foo', 'oo']],
  [String.raw`\Aa\z`, ['a'], ['a\n', 'ba']],
  [String.raw`^\x41\x{1F389}\n\t\.$`, ['A🎉\n\t.'], ['A🎉\n\tx']],
  [String.raw`^\Q.*\E$`, ['.*'], ['ab']],
  ['^(?P<name>a)(?<other>b)$', ['ab'], ['a']],
  ['^a*?$', ['', 'aa'], ['b']],
  ['^(a*)*$', ['', 'aaa'], ['b']],
  ['^()*$', [''], ['a']],
])('%s', (pattern, matching, others) => {
  const compiled = new Pattern(pattern);
  expect(matching.filter((text) => !compiled.test(text))).toEqual([]);
  expect(others.filter((text) => compiled.test(text))).toEqual([]);
});

it.each([
  '(',
  ')',
  '[',
  '[b-a]',
  '[[:nope:]]',
  '*a',
  'a{2,1}',
  'a{1001}',
  String.raw`\1`,
  String.raw`\k`,
  String.raw`\p{Nope}`,
  '(?=a)',
  '(?<!a)',
  '\\',
])('refuses %s, which RE2 does not know', (pattern) => {
  expect(() => new Pattern(pattern)).toThrow(PatternSyntaxError);
});

describe('hostile patterns', () => {
  const long = 'a'.repeat(50_000);

  it.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^(.*a){10}$', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'that other engines never end on take their time in steps: %s',
    (pattern) => {
      expect(new Pattern(pattern).test(`${'a'.repeat(1000)}!`)).toBe(false);
    },
  );

  it.each(['((a{1000}){1000}){1000}', '((){1000}){1000}', '('.repeat(5000), `${'(a'.repeat(3000)}${')'.repeat(3000)}`])(
    'that are too big are refused: %#',
    (pattern) => {
      expect(() => new Pattern(pattern)).toThrow(PatternSyntaxError);
    },
  );

  it('that take too long on a value are given up', () => {
    const pattern = new Pattern('(a?){1000}b');
    expect(() => pattern.test(long)).toThrow(PatternCostError);
  });
});
