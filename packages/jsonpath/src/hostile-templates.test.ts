import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonPathError } from './json-path-error.js';
import { parseJsonPath } from './json-path.js';

const object = {
  a: [{ b: 1, a: ['x', null, 2.5] }, { b: 2n }, []],
  b: { a: { a: { b: 'text' } }, c: [[], [[0]]] },
};

/** The kind of refusal, or undefined where there was none. Any other error is thrown on. */
function refusal(template: string, value: unknown = object, options = {}): string | undefined {
  try {
    const path = parseJsonPath(template);
    path.print(value, { allowMissingKeys: true, ...options });
    path.printJson(value, { allowMissingKeys: true, ...options });
  } catch (error) {
    if (!isJsonPathError(error)) throw error;
    return error.kind;
  }
  return undefined;
}

const marks = String.raw`{ } [ ] [?( )] ( ) .. . * ' " \ , : - + @ $ == < != 1 2.5 "x" \x41 \u é 🚀`.split(' ');
const pieces = `.a .b [*] [0] [-1] [0,1] ['a','b'] {end} end range true {.a[*]} {@} [?(@.b==1)] [?(@.a)]`.split(' ');
const token = fc.constantFrom(...marks, ...pieces, '{range .a[*]}', '{range ', ' ', '\n', '\0', '\ud800');

describe('templates and objects that mean harm', () => {
  it('throw nothing but a JsonPathError', () => {
    const templates = fc.oneof(
      fc.array(token, { maxLength: 30, size: 'max' }).map((tokens) => tokens.join('')),
      fc.array(token, { maxLength: 30, size: 'max' }).map((tokens) => `{${tokens.join('')}}`),
      fc.string({ unit: 'binary' }).map((text) => `{${text}}`),
    );
    fc.assert(
      fc.property(templates, fc.oneof(fc.constant(object), fc.jsonValue()), (template, value) => {
        refusal(template, value, { maxValues: 10_000 });
      }),
      { numRuns: 500 },
    );
  });

  // Quadratic time would make hours of each, where a test has seconds.
  const many = 100_000;
  it.each([
    ['spaces in an index', `{[1,${' '.repeat(many)}x]}`],
    ['digits', `{.a[${'1'.repeat(many)}]}`],
    ['digits of a number', `{${'1'.repeat(many)}}`],
    ['colons', `{.a[${':'.repeat(many)}]}`],
    ['operators', `{.a[?(@.b${'='.repeat(many)}1)]}`],
    ['quotes in a filter', `{.a[?(${`"'`.repeat(many)})]}`],
    ['backslashes', `{"${'\\'.repeat(many)}"}`],
    ['escapes', `{"${String.raw`\x41`.repeat(many)}"}`],
    ['open brackets', `{${'['.repeat(many)}}`],
    ['open filters', `{${'[?('.repeat(many)}}`],
    ['filters in a quote in a filter', `{.a[?(.b'${'[?(x)]'.repeat(many)}.b')]}`],
    ['dots', `{${'.a'.repeat(many)}}`],
    ['dots in a key', `{['${'.a'.repeat(5 * many)}']}`],
    ['indices', `{${'[0]'.repeat(many)}}`],
    ['filters', `{.a${'[?(@.a==1)]'.repeat(many)}}`],
    ['keys', `{${"['a']".repeat(many)}}`],
    ['quotes', `{${"'a'".repeat(many)}}`],
    ['braces', '{}'.repeat(many)],
    ['open braces', '{'.repeat(many)],
    ['a long union', `{.a[${'0,'.repeat(many)}0]}`],
    ['a long text', 'x'.repeat(many)],
    ['a long field', `{.${'x'.repeat(many)}}`],
    ['a key of braces', `{['${'}{'.repeat(many)}']}`],
  ])('take time in proportion to their length: %s', (_, template) => {
    refusal(template, {});
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  const deep = (levels: number): unknown => {
    let value: unknown = [];
    for (let i = 0; i < levels; i++) value = [value];
    return value;
  };

  it.each([
    ['unions, each of which doubles', `{${'[0,0]'.repeat(60)}}`, cycle],
    ['a filter for each of them', `{${'[0,0]'.repeat(12)}[?(@[0,0]${'[0,0]'.repeat(12)})]}`, cycle],
    ['descents from each descent', `{${'..[0]'.repeat(10)}}`, deep(200)],
    ['a descent into itself', '{..}', cycle],
    ['ranges without an end', '{range @}'.repeat(60), {}],
    ['ranges in ranges', '{range @}'.repeat(5_000) + '{end}'.repeat(5_000), {}],
    ['what is in itself', '{@}', cycle],
    ['what is too deep to be decoded', '{@}', deep(100_000)],
    ['what is long, many times', '{[0,0,0,0,0,0,0,0,0,0,0]}', ['x'.repeat(100_000)]],
  ])('come to an end: %s', (_, template, value) => {
    const limits = { maxValues: 1_000_000, maxLength: 1_000_000 };
    expect(refusal(template, value, limits)).toBe('limit');
  });

  it('may be deeper than the stack', () => {
    expect(refusal('{..b}', deep(100_000))).toBeUndefined();
    expect(parseJsonPath('{@}').print(deep(9_000))).toBe('['.repeat(9_001) + ']'.repeat(9_001));
  });
});
