import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { generateCustomResources } from './custom-resources.js';
import { FactsError } from './facts.js';
import { SourceTextError } from './source-text.js';

interface Options {
  readonly group?: unknown;
  readonly scope?: unknown;
  readonly names?: object;
  readonly version?: object;
  readonly properties?: object;
}

function definition({ group = 'example.com', scope = 'Namespaced', names, version, properties }: Options): object {
  const openAPIV3Schema = { type: 'object', properties: { spec: { type: 'object', properties: properties ?? {} } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: {
      group,
      scope,
      names: { kind: 'Thing', plural: 'things', ...names },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema }, ...version }],
    },
  };
}

function generated(options: Options): string {
  return [...generateCustomResources([definition(options)]).values()].join('\n');
}

/** The body of an interface, a field per line. */
function body(text: string, name: string): string {
  const found = new RegExp(`export interface ${name} \\{\\n(.*?)^\\}`, 'ms').exec(text)?.[1] ?? '';
  return found.replaceAll(/^ {2}/gm, '').trimEnd();
}

describe('a field is written as', () => {
  test.each<[object, string]>([
    [{ type: 'string', enum: ['A', 'B'], default: 'A' }, "/** Default: `'A'`. */\nf?: 'A' | 'B';"],
    [{ type: 'string', enum: ['A', null], nullable: true }, "f?: 'A' | null;"],
    [
      { type: 'integer', default: { max: 2n ** 63n - 1n }, oneOf: [{ maximum: 2n ** 60n }] },
      '/** Default: `{ max: 9223372036854775807 }`. */\nf?: number;',
    ],
    [{ type: 'integer', enum: [1, 2], format: 'int64' }, '/** Format: `int64`. */\nf?: number;'],
    [{ 'x-kubernetes-int-or-string': true }, 'f?: number | string;'],
    [{ type: 'object', additionalProperties: true }, 'f?: Record<string, unknown>;'],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, 'f?: Record<string, number>;'],
    [{ type: 'object', properties: {}, additionalProperties: false }, 'f?: ThingSpecF;'],
    [{ type: 'object' }, 'f?: Record<string, unknown>;'],
    [{ 'x-kubernetes-preserve-unknown-fields': true }, 'f?: unknown;'],
    [{ 'x-kubernetes-preserve-unknown-fields': true, nullable: true }, 'f?: unknown;'],
    [{ properties: { a: { type: 'string' } } }, 'f?: ThingSpecF;'],
    [{ type: 'array', items: { type: 'object', properties: {} }, nullable: true }, 'f?: ThingSpecFItem[] | null;'],
    [{ type: 'array', items: { type: 'string', nullable: true } }, 'f?: (string | null)[];'],
    [{ type: 'array' }, 'f?: unknown[];'],
  ])('%o', (schema, expected) => {
    expect(body(generated({ properties: { f: schema } }), 'ThingSpec')).toBe(expected);
  });
});

test('descriptions are comments of kinds and fields', () => {
  const text = generated({ properties: { f: { type: 'string', description: 'What it is for.', default: 'a' } } });
  expect(body(text, 'ThingSpec')).toBe("/** What it is for. Default: `'a'`. */\nf?: string;");
  const schema = { openAPIV3Schema: { type: 'object', description: 'A thing.' } };
  expect(generated({ version: { schema } })).toContain('/** A thing. */\nexport interface Thing {');
});

test('names never clash, not with those of apply configurations either', () => {
  const inner = { type: 'object', properties: { x: { type: 'string' } } };
  const text = generated({ properties: { a: inner, A: inner, aApplyConfiguration: inner } });
  const names = [...text.matchAll(/^export (?:interface|type|const) (\w+)/gm)].map(([, name]) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('a version that is not served is left out', () => {
  expect(generated({ version: { served: false } })).toBe('');
});

test('group versions of one group name stay apart', () => {
  const definitions = ['policy.example.com', 'policy.example.org'].map((group) => definition({ group }));
  expect([...generateCustomResources(definitions).keys()]).toEqual([
    'policy.example.com/v1.ts',
    'policy.example.org/v1.ts',
  ]);
});

const Hostile = [
  "'; globalThis.pwned = 1; '",
  '*/ globalThis.pwned = 1; /*',
  '`${globalThis.pwned = 1}`',
  '} globalThis.pwned = 1; {',
  '\n globalThis.pwned = 1',
  '\u2028;pwned',
  '\u202epwned',
  '__proto__',
];

describe('hostile text', () => {
  const inert: Record<string, (text: string) => Options> = {
    'the name of a field': (text) => ({
      properties: JSON.parse(`{${JSON.stringify(text)}:{"type":"string"}}`) as object,
    }),
    'the name of an object': (text) => ({
      properties: JSON.parse(
        `{${JSON.stringify(text)}:{"type":"object","properties":{"a":{"type":"string"}}}}`,
      ) as object,
    }),
    'an enumeration': (text) => ({ properties: { f: { type: 'string', enum: [text] } } }),
    'a default': (text) => ({ properties: { f: { type: 'string', default: { [text]: text } } } }),
    'a format': (text) => ({ properties: { f: { type: 'string', format: text } } }),
    'a list key': (text) => ({
      properties: { f: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-map-keys': [text] } },
    }),
    'a description': (text) => ({
      properties: { f: { type: 'string', description: text, pattern: text, example: text } },
    }),
    'a short name': (text) => ({ names: { shortNames: [text], categories: [text], singular: text, listKind: text } }),
    'a subresource': (text) => ({ version: { subresources: { [text]: {} } } }),
  };
  test.each(Object.entries(inert))('in %s stays data', (_slot, options) => {
    for (const text of Hostile) {
      const code = generated(options(text));
      expect(code).toMatch(/^[ -~\n]*$/);
      // What is left without types, comments and string literals is the code that would run.
      const running = transformSync(code, { loader: 'ts', minifyWhitespace: true }).code;
      expect(running.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '')).not.toContain('pwned');
    }
  });

  const refused: Record<string, (text: string) => Options> = {
    'a group': (group) => ({ group }),
    'a kind': (kind) => ({ names: { kind } }),
    'a plural': (plural) => ({ names: { plural } }),
    'a version': (name) => ({ version: { name } }),
    'a scope': (scope) => ({ scope }),
    'a type': (type) => ({ properties: { f: { type } } }),
    'a kind of list': (text) => ({ properties: { f: { type: 'array', 'x-kubernetes-list-type': text } } }),
    'a kind of map': (text) => ({ properties: { f: { type: 'object', 'x-kubernetes-map-type': text } } }),
  };
  test.each(Object.entries(refused))('in %s is refused', (_slot, options) => {
    for (const text of [...Hostile, '', '../../../x']) {
      expect(() => generated(options(text))).toThrow(
        expect.toSatisfy((error) => error instanceof SourceTextError || error instanceof FactsError),
      );
    }
  });
});

describe('refused, with the place', () => {
  const deep = (depth: number): object =>
    depth === 0 ? { type: 'string' } : { type: 'array', items: deep(depth - 1) };
  const cases: Record<string, [unknown, string]> = {
    'no object': ['text', 'the document: expected an object'],
    'another kind': [{ apiVersion: 'v1', kind: 'Pod' }, 'got "v1" "Pod"'],
    'an old definition': [
      { ...definition({}), apiVersion: 'apiextensions.k8s.io/v1beta1' },
      'expected an apiextensions.k8s.io/v1 CustomResourceDefinition',
    ],
    'a property that is no schema': [definition({ properties: { f: 'text' } }), 'Thing.spec.f: expected an object'],
    'properties that are none': [
      definition({ version: { schema: { openAPIV3Schema: { properties: [] } } } }),
      'Thing.properties: expected an object',
    ],
    'required fields that are none': [
      definition({ version: { schema: { openAPIV3Schema: { required: 'spec' } } } }),
      'Thing.required: expected a list of strings',
    ],
    'a scope that is a number': [
      definition({ scope: 2n ** 60n }),
      'expected Namespaced or Cluster, got "1152921504606846976"',
    ],
    'an unknown scope': [definition({ scope: 'Global' }), 'spec.scope: expected Namespaced or Cluster, got "Global"'],
    'a schema without end': [definition({ properties: { f: deep(5000) } }), 'more than 100 levels deep'],
  };
  test.each(Object.entries(cases))('%s', (_what, [value, message]) => {
    expect(() => generateCustomResources([value])).toThrow(FactsError);
    expect(() => generateCustomResources([value])).toThrow(message);
  });

  test('two definitions of one kind', () => {
    expect(() => generateCustomResources([definition({}), definition({})])).toThrow(
      'example.com/v1: two definitions of Thing',
    );
  });
});
