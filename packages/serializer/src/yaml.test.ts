import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllYaml, parseYaml, stringifyYaml, YamlError } from './yaml.js';

function failure(text: string): YamlError {
  try {
    parseYaml(text);
  } catch (error) {
    if (error instanceof YamlError) return error;
    throw error;
  }
  throw new Error('parsed');
}

describe('a plain scalar means what it means to kubectl', () => {
  test.each([
    ['yes', true],
    ['Y', true],
    ['on', true],
    ['TRUE', true],
    ['n', false],
    ['No', false],
    ['off', false],
    ['oN', 'oN'],
    ['~', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['', null],
    ['0644', 420],
    ['0o17', 15],
    ['-0o7', -7],
    ['08', 8],
    ['0x1F', 31],
    ['0b11', 3],
    ['+12', 12],
    ['9007199254740991', 2 ** 53 - 1],
    ['9007199254740993', 2n ** 53n + 1n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['0x7fff_ffff_ffff_ffff', 2n ** 63n - 1n],
    ['0777777777777777777777', 2n ** 63n - 1n],
    ['9223372036854775808', 2 ** 63],
    ['-1e30', -1e30],
    ['-012', -10],
    ['1_000', 1000],
    ['_1', '_1'],
    ['1e3', 1000],
    ['1.', 1],
    ['.5', 0.5],
    ['-.5', -0.5],
    ['.', '.'],
    ['._5', '._5'],
    ['0x', '0x'],
    ['0xg', '0xg'],
    ['1:30', '1:30'],
    ['2001-01-01', '2001-01-01'],
    ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'],
    ['=', '='],
    ["'yes'", 'yes'],
    ['"0644"', '0644'],
    ['!!str 123', '123'],
    ['!!int "12"', 12],
  ])('%s', (text, value) => {
    expect(parseYaml(`a: ${text}`)).toEqual({ a: value });
  });
});

describe('a key is a string, resolved as a scalar first', () => {
  test.each([
    ['a: 1', { a: 1 }],
    ['1: a', { 1: 'a' }],
    ['010: a', { 8: 'a' }],
    ['y: a', { true: 'a' }],
    ['9007199254740993: a', { '9007199254740993': 'a' }],
    ['"y": a', { y: 'a' }],
    ['constructor: a', { constructor: 'a' }],
  ])('%s', (text, value) => {
    expect(parseYaml(text)).toEqual(value);
  });
});

test('__proto__ is a key like any other, in maps, merges and copies', () => {
  const value = parseYaml('a: &a\n  __proto__: {polluted: true}\nb: *a\nc:\n  <<: *a') as Record<string, object>;
  for (const name of ['a', 'b', 'c']) {
    expect(Object.keys(value[name] ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value[name])).toBe(Object.prototype);
  }
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

describe('anchors', () => {
  test.each([
    ['stand for their value', 'a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
    ['can be defined anew', '- &x 1\n- *x\n- &x 2\n- *x', [1, 1, 2, 2]],
    ['keep what nested aliases meant', '- &x 1\n- &y [*x]\n- &x 2\n- *y', [1, [1], 2, [1]]],
    [
      'merge below the own keys',
      'a: &x {b: 1, e: 1}\nc: {b: 2, <<: *x, d: 3}',
      { a: { b: 1, e: 1 }, c: { b: 2, d: 3, e: 1 } },
    ],
    ['merge in order', '{<<: [{a: 1}, {a: 2, b: 2}]}', { a: 1, b: 2 }],
    ['are no merge when quoted', '{"<<": {a: 1}}', { '<<': { a: 1 } }],
  ])('%s', (_behaviour, text, value) => {
    expect(parseYaml(text)).toEqual(value);
  });

  test('give each use a value of its own', () => {
    const { a, b } = parseYaml('a: &x {c: 1}\nb: *x') as { a: { c: number }; b: { c: number } };
    a.c = 2;
    expect(b).toEqual({ c: 1 });
  });
});

describe('what cannot be read is refused, with its place', () => {
  const bomb = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
    (name, i, names) =>
      `${name}: &${name} [${Array(9)
        .fill(i ? `*${names[i - 1]}` : 1)
        .join()}]`,
  );
  test.each([
    ['a duplicate key', 'a: 1\nb:\n  c: 1\n  c: 2', 4, 3, 'keys must be unique'],
    ['a key that is one as a string', '1: a\n"1": b', 2, 1, 'keys must be unique'],
    ['a list as a key', '[a]: 1', 1, 1, 'keys must be strings'],
    ['a null key', '~: 1', 1, 1, 'keys must be strings'],
    ['a key that loses digits', '12345678901234567890: a', 1, 1, 'the number is too large'],
    ['infinity', 'a: .inf', 1, 4, 'JSON has no such number'],
    ['a number that becomes infinity', 'a: 1e400', 1, 4, 'JSON has no such number'],
    ['an unknown tag', 'a: !secret s3cr3t', 1, 4, 'the tag is unknown, or does not fit the value'],
    ['an alias to nothing', 'a: *b', 1, 4, 'the alias refers to nothing before it'],
    ['an alias to what contains it', 'a: &x\n  - *x', 2, 5, 'the alias is part of what it refers to'],
    ['a merge with a scalar', 'a: {<<: 1}', 1, 9, 'only maps can be merged'],
    ['more aliased values than text could pay for', bomb.join('\n'), 6, 8, 'too many values come from aliases'],
    ['deep nesting', '['.repeat(100_000), 1, expect.any(Number), 'the document is nested too deeply'],
    ['a second document', 'a: 1\n---\nb: 1', 2, 1, 'expected one document'],
    ['a tab as indentation', 'a:\n\tb: 1', 2, 1, expect.stringContaining('Tabs')],
  ])('%s', (_what, text, line, column, problem) => {
    const error = failure(text);
    expect(error).toMatchObject({ line, column });
    expect(error.message.replace(/^line \d+, column \d+: /, '')).toEqual(problem);
  });

  test.each([
    'token: "s3cr3t',
    'token: @s3cr3t',
    'token: |s3cr3t\n  a',
    '}s3cr3t',
    'a: !s3cr3t b',
    'token: {s3cr3t',
    '%s3cr3t\n---\na',
    'a: "\\s3cr3t"',
    'a: !<s3cr3t> b',
    'a: >s3cr3t\n b',
  ])('without quoting the text: %s', (text) => {
    const error = failure(text);
    expect(`${error.stack} ${String(error.cause)}`).not.toContain('s3cr3t');
  });
});

describe('documents', () => {
  test.each([
    ['none', '', []],
    ['only comments', '# a\n---\n# b\n', []],
    ['several', 'a: 1\n---\n---\nb: 2\n...\n---\n- c\n', [{ a: 1 }, { b: 2 }, ['c']]],
    ['with a version', '%YAML 1.1\n---\na: yes', [{ a: true }]],
    ['JSON', '{"a": [1, true, null, "x\\u0041"]}', [{ a: [1, true, null, 'xA'] }]],
  ])('%s', (_what, text, values) => {
    expect(parseAllYaml(text)).toEqual(values);
  });

  test('empty text is null', () => {
    expect(parseYaml('# nothing')).toBeNull();
  });
});

describe('output', () => {
  test('looks as kubectl writes it', () => {
    const object = { kind: 'ConfigMap', data: { a: 'x', b: 'two\nlines\n' }, list: [{ a: 1, b: [] }, {}] };
    expect(stringifyYaml(object)).toBe(
      'kind: ConfigMap\ndata:\n  a: x\n  b: |\n    two\n    lines\nlist:\n- a: 1\n  b: []\n- {}\n',
    );
  });

  test.each([
    'on',
    'y',
    'null',
    '~',
    '',
    '0644',
    '1_0',
    '.5',
    '1e3',
    '12:30',
    '2001-01-01',
    '0x1',
    '-',
    '# a',
    'a: b',
    'a\tb: c',
  ])('quotes the string %j', (text) => {
    expect(stringifyYaml({ a: text })).toBe(`a: ${JSON.stringify(text)}\n`);
  });

  test('keeps all digits of long integers', () => {
    const object = { long: 2n ** 63n - 1n, s: 'Name', t: 'S', list: [-(2n ** 53n), 1] };
    expect(stringifyYaml(object)).toBe('long: 9223372036854775807\ns: Name\nt: S\nlist:\n- -9007199254740992\n- 1\n');
    expect(parseYaml(stringifyYaml(object))).toEqual(object);
  });

  test('drops what JSON drops, and repeats shared objects', () => {
    const shared = { a: 1 };
    expect(stringifyYaml({ b: shared, c: shared, d: undefined })).toBe('b:\n  a: 1\nc:\n  a: 1\n');
  });

  test.each([[undefined], [() => 1]])('refuses what JSON does not have: %s', (value) => {
    expect(() => stringifyYaml(value)).toThrow(TypeError);
  });

  test('reads back as it was', () => {
    const tricky = fc.stringMatching(/^[-+._0-9eExXoObBinfa~:, \n\t#&*!|>'"%@`{}[\]?=<yYnNtTrRuU]{0,8}$/);
    const text = fc.oneof(tricky, fc.string({ unit: 'binary' }));
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('json')),
        fc.dictionary(text, tie('json'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(json, (value) => {
        expect(parseYaml(stringifyYaml(value))).toEqual(value);
      }),
      { seed: 1 },
    );
  });
});
