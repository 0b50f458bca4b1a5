import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllYaml, YamlError } from './yaml.js';

/** `value` or `refused`; any other error is thrown. */
function outcome(text: string): 'value' | 'refused' {
  try {
    parseAllYaml(text);
    return 'value';
  } catch (error) {
    if (error instanceof YamlError) return 'refused';
    throw error;
  }
}

const Many = 10_000;
const Million = 1_000_000;

/** A reader that looks at what it has seen again and again would take minutes for some of these. */
describe('is read, or refused, in linear time: a text of nothing but', () => {
  test.each<[string, string, 'value' | 'refused']>([
    ['letters', `a: ${'x'.repeat(Million)}`, 'value'],
    ['lines of a block', `a: |\n${'  x\n'.repeat(Many)}`, 'value'],
    ['lines of a quoted text', `a: "${'x\n  '.repeat(Many)}"`, 'value'],
    ['lines of a text without end', `a: "${'x\n  '.repeat(Many)}`, 'refused'],
    ['digits', `a: ${'1'.repeat(Million)}`, 'refused'],
    ['octal digits that are none', `a: 0${'_'.repeat(Million)}x`, 'value'],
    ['octal digits that end otherwise', `a: 0${'0'.repeat(Million)}x`, 'value'],
    ['binary digits that end otherwise', `a: 0b${'0'.repeat(Million)}x`, 'value'],
    ['hexadecimal digits that end otherwise', `a: 0x${'0'.repeat(Million)}x`, 'value'],
    ['fractions that end otherwise', `a: 0.${'0_'.repeat(Million)}x`, 'value'],
    ['exponents that end otherwise', `a: 1e${'_0'.repeat(Million)}x`, 'value'],
    ['commas', `[${','.repeat(Many)}`, 'refused'],
    ['brackets that close nothing', ']'.repeat(Million), 'refused'],
    ['brackets that open', '['.repeat(Many), 'refused'],
    ['braces that open', '{a: '.repeat(Many), 'refused'],
    ['lists in lists', '- '.repeat(Many), 'refused'],
    ['keys of keys', '? '.repeat(Many), 'refused'],
    ['quotes', '"'.repeat(Many), 'refused'],
    ['anchors of one value', '&a '.repeat(Many), 'refused'],
    ['tags of one value', '!a '.repeat(Many), 'refused'],
    ['blank space', ' '.repeat(Million), 'value'],
  ])('%s', (_what, text, expected) => {
    expect(outcome(text)).toBe(expected);
  });
});

test('a problem in a later document is told with its place in the whole text', () => {
  const text = '# first\na: 1\n---\nb: 2\n---\nc: 1\nd: {e: 1,\n  e: 2}\n---\nf: 1\n';
  expect(() => parseAllYaml(text)).toThrow('line 8, column 3: keys must be unique');
  expect(() => parseAllYaml(text.replace('  e: 2}', '\t- ]'))).toThrow(/^line 8, column /);
});

const manifest = `# of a web server
apiVersion: v1
kind: &kind Service
metadata: { name: web, labels: {app: "web\\u0041", on: 'yes'} }
spec:
  ports:
  - port: 080
    name: >-
      folded
      text
---
kind: *kind
? key
: |2
    block
<<: {a: !!str 1, b: [~, .5, 0x1F]}
`;

test('whatever is made of a manifest ends as a value or a YamlError', () => {
  const bits = [
    '&a ',
    '*kind',
    '<<: ',
    '- ',
    '? ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '|',
    '>',
    '---',
    '...',
    '\n',
    '\t',
    '!',
    '%',
    '\0',
  ];
  const piece = fc.oneof(fc.constantFrom(...bits), fc.string({ unit: 'binary', maxLength: 3 }));
  const place = fc.nat(manifest.length);
  const changes = fc.array(fc.tuple(place, fc.nat(4), piece), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(changes, place, (edits, length) => {
      let text = manifest;
      for (const [at, gone, put] of edits) text = text.slice(0, at) + put + text.slice(at + gone);
      expect(['value', 'refused']).toContain(outcome(text));
      outcome(text.slice(0, length));
    }),
    { seed: 1, numRuns: 100 },
  );
});
