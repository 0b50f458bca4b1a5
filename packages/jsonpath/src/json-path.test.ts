import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonPathError } from './json-path-error.js';
import { parseJsonPath } from './json-path.js';

const pods = {
  kind: 'List',
  items: [
    {
      metadata: { name: 'pod1', annotations: { color: 'blue' } },
      spec: { containers: [{ name: 'foo' }, { name: 'bar' }] },
    },
    { metadata: { name: 'pod2' }, spec: { containers: [{ name: 'baz' }] } },
  ],
};

/** What went wrong, or undefined. */
function problem(work: () => unknown): { kind: string; message: string } | undefined {
  try {
    work();
  } catch (error) {
    if (!isJsonPathError(error)) throw error;
    return { kind: error.kind, message: error.message };
  }
  return undefined;
}

describe('parseJsonPath', () => {
  it.each([
    ['{.hello', 'unclosed action, at position 7: expected }'],
    [
      'ab{*}',
      "unrecognized character in action: U+002A '*', at position 3: expected a field, an index, a filter, a literal or }",
    ],
    ['{+12.3.0}', 'cannot parse number +12.3.0, at position 1: expected decimal digits and at most one point'],
    ['{.a[1}', 'unterminated array, at position 3: expected ]'],
    ['{[?(.price]}', 'unterminated filter, at position 1: expected )]'],
    ['{[?(.price)}', 'unclosed array expect ], at position 11: expected ]'],
    ['{........}', 'invalid multiple recursive descent, at position 3: expected a field after ..'],
    ['{"abc}', 'unterminated quoted string, at position 1: expected "'],
    [
      String.raw`{"\q"}`,
      String.raw`unquote string "\q" error invalid syntax, at position 1: expected the escapes of Go's strings`,
    ],
    ['{.a[0, x]}', "invalid array index x, at position 7: expected a number, start:end:step, * or 'key'"],
    [
      '{[?(@.a == !)]}',
      "unrecognized character in action: U+0021 '!', at position 11: expected a field, an index, a filter, a literal or }",
    ],
    [
      "{['a!b*','c}{*']}",
      "unrecognized character in action: U+002A '*', at position 13: expected a field, an index, a filter, a literal or }",
    ],
  ])('says where %s is wrong, and what was expected', (template, message) => {
    expect(problem(() => parseJsonPath(template))).toEqual({ kind: 'syntax', message });
  });

  it('quotes hostile text shortened and without control characters', () => {
    const { message = '' } = problem(() => parseJsonPath(`{[\u001b[2J${'x'.repeat(10_000)}]}`)) ?? {};
    expect(message).toContain(String.raw`\u{1b}[2J`);
    expect(message.length).toBeLessThan(300);
  });
});

describe('JsonPath', () => {
  it('finds values as they are in the object, a list for each piece', () => {
    const path = parseJsonPath('{.items[*].metadata}: {range .items[*]}{.spec.containers[0]}{end}');
    expect(path.evaluate(pods)).toEqual([
      pods.items.map(({ metadata }) => metadata),
      [': '],
      [pods.items[0]?.spec.containers[0]],
      [pods.items[1]?.spec.containers[0]],
    ]);
    expect(path.evaluate(pods)[0]?.[0]).toBe(pods.items[0]?.metadata);
  });

  it('can be used again, ranges and all', () => {
    const path = parseJsonPath('{range .items[*]}{.metadata.name}:{range .spec.containers[*]}{.name},{end}{end}');
    expect([path.print(pods), path.print(pods)]).toEqual(Array(2).fill('pod1:foo,bar,pod2:baz,'));
  });

  it.each([
    ['{.missing}', 'missing-key', 'missing is not found, at position 1'],
    ['{.items[*].a.b}', 'missing-key', 'a is not found, at position 10'],
    ['{.items[2]}', 'index', 'array index out of bounds: index 2, length 2, at position 7'],
    ['{.items[1:0]}', 'index', 'starting index 1 is greater than ending index 0, at position 7'],
    ['{.items[::0]}', 'index', 'step must be > 0, at position 7'],
    ['{.kind[0]}', 'type', 'string is not array or slice, at position 6'],
    [
      '{.items[0].metadata[?(@.x)]}',
      'type',
      'map[string]interface {} is not array or slice and cannot be filtered, at position 19',
    ],
    ['{.items[?(@.metadata==1)]}', 'type', 'invalid type for comparison, at position 7'],
    ['{.items[?(@.metadata.name==1)]}', 'type', 'incompatible types for comparison, at position 7'],
    [
      '{.items[?(@.metadata.name=~"x")]}',
      'syntax',
      "unrecognized character in action: U+007E '~', at position 26: expected a field, an index, a filter, a literal or }",
    ],
    ['{.items[?(@.metadata.name<>"x")]}', 'syntax', 'unrecognized filter operator <>, at position 7'],
    ['{.kind}{end}', 'syntax', 'not in range, nothing to end, at position 8'],
    ['{.kind no}', 'syntax', 'unrecognized identifier no, at position 7'],
    ['{range .none[*]}{[0]}{end}', 'missing-key', 'none is not found, at position 7'],
  ])('refuses %s', (template, kind, message) => {
    expect(problem(() => parseJsonPath(template).print(pods))).toEqual({ kind, message });
  });

  it('says so where kubectl breaks down: an index of what an empty range has none of', () => {
    const path = parseJsonPath('{range .none[*]}{[0]}{end}');
    const refusal = problem(() => path.print({}, { allowMissingKeys: true }));
    expect(refusal).toEqual({ kind: 'type', message: '<no value> is not array or slice, at position 17' });
  });

  it('knows own properties alone', () => {
    const object = { ['__proto__']: undefined, a: undefined, list: [undefined] };
    for (const name of ['constructor', '__proto__', 'toString', 'a', 'length']) {
      expect(parseJsonPath(`{.${name}}|{.list.${name}}`).print(object, { allowMissingKeys: true })).toBe('|');
    }
    expect(parseJsonPath('{.__proto__.x}').print(JSON.parse('{"__proto__":{"x":1}}'))).toBe('1');
    expect(parseJsonPath('{}{@}{.list[0]}').print(object)).toBe('{"list":[null]}{"list":[null]}null');
  });

  it('takes what is in a map in the order of its keys', () => {
    const object = { b: 2, a: 1, '\u{1f680}': 4, '\uffee': 3 };
    expect(parseJsonPath('{.*}').evaluate(object)).toEqual([[1, 2, 3, 4]]);
    expect(parseJsonPath('{@}').print(object)).toBe('{"a":1,"b":2,"\uffee":3,"\u{1f680}":4}');
  });

  it.each([
    ['{[?(@.v==9007199254740993)].n}', 'big'],
    ['{[?(@.v>9007199254740992)].n}', 'big'],
    ['{[?(@.v<2)].n}', 'one'],
    ['{[?(@.v>=1)].v}', '9007199254740993 1'],
    ['{[?(@.v==1.0)].n}', 'incompatible types for comparison'],
  ])('compares integers with all their digits: %s', (template, expected) => {
    const items = [
      { n: 'big', v: 9007199254740993n },
      { n: 'one', v: 1 },
    ];
    const path = parseJsonPath(template);
    if (expected.startsWith('incompatible')) expect(() => path.print(items)).toThrow(expected);
    else expect(path.print(items)).toBe(expected);
  });

  it.each([
    ['{[?(@==1)]}', 1e20],
    ['{[?(@==1)]}', 1.5],
    ['{[?(@==100000000000000000000)]}', 1],
  ])('takes for a float what 64 bits cannot hold, as Kubernetes does: %s', (template, value) => {
    expect(() => parseJsonPath(template).print([value])).toThrow('incompatible types for comparison');
  });
});

describe('print formats', () => {
  const object = { n: null, f: 0.5, list: [1, 'two\u001b[1m\r', { b: [], a: null }], s: '' };

  it.each([
    ['{.n}', 'null', '[\n    null\n]\n', '<nil>'],
    ['{.list[*]}', '1 two\u001b[1m\r {"a":null,"b":[]}', undefined, String.raw`1,two^[[1m\r,map[a:<nil> b:[]]`],
    ['{.f}{.missing}', '0.5', '[\n    0.5\n]\n[]\n', '0.5'],
    ['{.missing}', '', '[]\n', '<none>'],
    ['{.s}', '', '[\n    ""\n]\n', ''],
    ['{1.0}', '1', '[\n    1\n]\n', '1'],
    ['{range .list[*]}{end}{range .none[*]}{@}{end}', '', '', '<none>'],
  ])('%s', (template, text, json, cell) => {
    const path = parseJsonPath(template);
    const options = { allowMissingKeys: true };
    expect(path.print(object, options)).toBe(text);
    if (json !== undefined) expect(path.printJson(object, options)).toBe(json);
    expect(path.printCell(object, options)).toBe(cell);
  });

  it('writes any object as JSON that reads as the same object', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const same = JSON.parse(JSON.stringify(value)) as unknown;
        expect(JSON.parse(parseJsonPath('{@}').printJson([value]))).toEqual([[same]]);
      }),
    );
  });

  it('escapes in JSON what Go escapes', () => {
    const text = '\0\u0007\b\t\n"\\<a>&\u2027\u2028\u2029\u202a\u007f\ud7ff\ue000\ud800 🚀';
    const escaped = String.raw`"\u0000\u0007\b\t\n\"\\\u003ca\u003e\u0026‧\u2028\u2029${'\u202a\u007f\ud7ff\ue000\ufffd'} 🚀"`;
    expect(parseJsonPath('{@}').print([text])).toBe(`[${escaped}]`);
  });

  it('finds what any keys lead to', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme', minLength: 1 }).filter((key) => key !== '*' && !key.includes('\\')),
          { minLength: 1 },
        ),
        (keys) => {
          const object = keys.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), 'found');
          const template = keys.map((key) => `.${key.replaceAll(/[ \t\r\n.,[\]$@{}]/g, String.raw`\$&`)}`).join('');
          expect(parseJsonPath(`{${template}}`).print(object)).toBe('found');
        },
      ),
    );
  });
});
