import { readFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { type Facts, FactsError, type FieldFacts, type ResourceFacts, type TypeFacts } from './facts.js';
import { generate } from './generate.js';
import { type Manifest, modulesOf, withSubpaths } from './manifest.js';
import { SourceTextError } from './source-text.js';

const Meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const kind = { group: 'example.com', version: 'v1', kind: 'Thing' };
const shared: Record<string, TypeFacts> = {
  [`${Meta}.ObjectMeta`]: { type: 'object', fields: { name: { type: 'string' } } },
  [`${Meta}.Time`]: { type: 'string', format: 'date-time' },
  [`io.k8s.apimachinery.pkg.api.resource.Quantity`]: { type: 'quantity' },
  'x.example.v1.Part': {
    type: 'object',
    fields: {
      name: { type: 'string', required: true, default: '' },
      side: { type: 'string', default: 'left' },
      weight: { type: 'integer' },
    },
  },
};

interface Options {
  readonly group?: string;
  readonly version?: string;
  readonly fields?: Record<string, FieldFacts>;
  readonly resource?: Partial<ResourceFacts>;
  readonly types?: Record<string, TypeFacts>;
}

function facts({ group = 'example.com', version = 'v1', fields = {}, resource = {}, types = {} }: Options): Facts {
  const things: ResourceFacts = {
    name: 'things',
    singular: 'thing',
    kind: 'Thing',
    type: 'x.example.v1.Thing',
    scope: 'Namespaced',
    verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    ...resource,
  };
  return {
    source: 'k8s.io/kubernetes v1.37.2',
    groupVersions: [{ group, version, resources: [things] }],
    types: { ...shared, 'x.example.v1.Thing': { type: 'object', groupVersionKind: kind, fields }, ...types },
  };
}

function source(options: Options, file = 'api/src/gen/example/v1.ts'): string {
  return generate(facts(options)).get(file) ?? '';
}

/** The body of an interface, a field per line. */
function body(text: string, name: string): string {
  return (
    new RegExp(`export interface ${name} \\{\\n(.*?)^\\}`, 'ms').exec(text)?.[1]?.replaceAll(/^ {2}/gm, '').trimEnd() ??
    ''
  );
}

describe('a field is written as', () => {
  test.each<[FieldFacts, string]>([
    [{ type: 'string' }, 'f?: string;'],
    [{ type: 'string', required: true, default: '' }, 'f: string;'],
    [{ type: 'string', enum: ['A', 'B'], default: 'B' }, "/** Default: `'B'`. */\nf?: 'A' | 'B';"],
    [{ type: 'integer', format: 'int32', default: 3 }, '/** Format: `int32`. Default: `3`. */\nf?: number;'],
    [{ type: 'string', required: true, immutable: true }, '/** No update may change it. */\nf: string;'],
    [{ type: 'boolean', default: false }, '/** Default: `false`. */\nf?: boolean;'],
    [
      { type: 'map', items: { ref: 'io.k8s.apimachinery.pkg.api.resource.Quantity' } },
      '/** Quantity, such as `500m` or `2Gi`. */\nf?: Record<string, string>;',
    ],
    [{ type: 'int-or-string' }, 'f?: number | string;'],
    [
      { ref: 'io.k8s.apimachinery.pkg.api.resource.Quantity' },
      '/** Quantity, such as `500m` or `2Gi`. */\nf?: string;',
    ],
    [{ ref: `${Meta}.Time` }, '/** RFC 3339 time. */\nf?: string;'],
    [{ ref: 'x.example.v1.Part', required: true, default: {} }, 'f: Part;'],
    [{ type: 'array', items: { ref: 'x.example.v1.Part' } }, 'f?: Part[];'],
    [{ type: 'array', items: { type: 'string', enum: ['A', 'B'] } }, "f?: ('A' | 'B')[];"],
    [{ type: 'map', items: { type: 'array', items: { type: 'string' } } }, 'f?: Record<string, string[]>;'],
    [{ type: 'object', preserveUnknown: true }, 'f?: Record<string, unknown>;'],
    [{ type: 'any' }, 'f?: unknown;'],
    [{ type: 'any', oneOf: [{ ref: 'x.example.v1.Part' }, { type: 'boolean' }] }, 'f?: Part | boolean;'],
  ])('%j', (field, expected) => {
    expect(body(source({ fields: { f: field } }), 'Thing')).toBe(expected);
  });
});

test('an object begins with its type and metadata, which the client fills in', () => {
  const fields: Record<string, FieldFacts> = {
    aaa: { type: 'string' },
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { ref: `${Meta}.ObjectMeta`, default: {} },
  };
  const text = source({ fields });
  expect(body(text, 'Thing')).toBe(
    "apiVersion?: 'example.com/v1';\nkind?: 'Thing';\nmetadata?: ObjectMeta;\naaa?: string;",
  );
  expect(text).toContain('export type ThingList = KubernetesList<Thing>;');
  expect(text).toContain(
    "import type { KubernetesList, ObjectMeta, ResourceDescriptor } from '@client-ts/apimachinery';",
  );
});

function listMap(...keys: string[]): FieldFacts {
  return { type: 'array', items: { ref: 'x.example.v1.Part' }, listType: 'map', listMapKeys: keys };
}

describe('an apply configuration', () => {
  test('names its object, and nothing else of it is required', () => {
    const fields: Record<string, FieldFacts> = {
      metadata: { ref: `${Meta}.ObjectMeta` },
      spec: { type: 'string', required: true },
    };
    expect(body(source({ fields }), 'ThingApplyConfiguration')).toBe(
      'metadata: ObjectMetaApplyConfiguration & { name: string };\nspec?: string;',
    );
  });

  test.each<[string, Record<string, FieldFacts>, string]>([
    ['needs the keys of the list it is an element of', { a: listMap('name') }, 'name: string;'],
    ['does not need a key with a default', { a: listMap('name', 'side') }, 'name: string;'],
    [
      'needs no key when the type is used otherwise too',
      { a: listMap('name'), b: { ref: 'x.example.v1.Part' } },
      'name?: string;',
    ],
    [
      'needs nothing in a list without keys',
      { a: { type: 'array', items: { ref: 'x.example.v1.Part' } } },
      'name?: string;',
    ],
  ])('%s', (_behaviour, fields, expected) => {
    const lines = body(source({ fields }), 'PartApplyConfiguration').split('\n');
    expect(lines).toContain(expected);
    expect(lines).toContain('side?: string;');
    expect(lines).toContain('weight?: number;');
  });

  test('does not exist for what cannot be patched', () => {
    const text = source({ resource: { verbs: ['create'] } });
    expect(text).not.toContain('ApplyConfiguration');
    expect(text).toContain("ResourceDescriptor<Thing, never, 'Namespaced'>");
  });
});

describe('the client of a resource', () => {
  const status = { name: 'status', kind: 'Thing', type: 'x.example.v1.Thing', verbs: ['get', 'patch', 'update'] };
  const log = { name: 'log', kind: 'Thing', type: 'x.example.v1.Thing', verbs: ['get'] };
  const scale = { name: 'scale', kind: 'Scale', verbs: ['get'] };

  test.each<[string, Partial<ResourceFacts>, string]>([
    ['has all verbs', {}, 'ResourceInterface<Thing, ThingApplyConfiguration, never> {}'],
    [
      'has subresources that are the thing itself',
      { subresources: [log, scale, status, { ...status, name: 'resize' }] },
      "ResourceInterface<Thing, ThingApplyConfiguration, 'status' | 'resize'>, StatusInterface",
    ],
    ['has a status', { subresources: [status] }, 'StatusInterface<Thing, ThingApplyConfiguration> {}'],
    [
      'has a scale',
      { subresources: [scale] },
      'ResourceInterface<Thing, ThingApplyConfiguration, never>, ScaleSubresource {}',
    ],
    [
      'lacks a verb',
      { verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'] },
      "Omit<ResourceInterface<Thing, ThingApplyConfiguration, never>, 'deleteCollection'> {}",
    ],
    ['can only be created', { verbs: ['create'] }, "Pick<ResourceInterface<Thing, never, never>, 'create'> {}"],
    [
      'takes a namespace',
      {},
      'things(namespace: string): ThingInterface {\n    return this.#client.resource(things, namespace);',
    ],
    ['takes none', { scope: 'Cluster' }, 'things(): ThingInterface {\n    return this.#client.resource(things);'],
  ])('%s', (_what, resource, expected) => {
    expect(source({ resource }, 'clientset/src/gen/example/v1.ts')).toContain(expected);
  });
});

describe('hostile text', () => {
  const Hostile = [
    "'; globalThis.pwned = 1; '",
    '*/ globalThis.pwned = 1; /*',
    '`${globalThis.pwned = 1}`',
    '} globalThis.pwned = 1; {',
    '\n globalThis.pwned = 1',
    '\u2028;pwned',
    '\u202epwned',
  ];

  const slots: Record<string, (text: string) => Options> = {
    'the name of a field': (text) => ({ fields: { [text]: { type: 'string' } } }),
    'an enumeration': (text) => ({ fields: { f: { type: 'string', enum: [text] } } }),
    'a default': (text) => ({ fields: { f: { type: 'string', default: text } } }),
    'a default inside': (text) => ({ fields: { f: { type: 'any', default: { [text]: text } } } }),
    'a format': (text) => ({ fields: { f: { type: 'string', format: text } } }),
    'a list key': (text) => ({
      fields: { f: { type: 'array', items: { type: 'any' }, listType: 'map', listMapKeys: [text] } },
    }),
    'a merge key': (text) => ({ fields: { f: { type: 'array', items: { type: 'any' }, patchMergeKey: text } } }),
    'a subresource': (text) => ({ resource: { subresources: [{ name: text, kind: text, verbs: [text] }] } }),
    'a verb': (text) => ({ resource: { verbs: [text] } }),
    'a short name': (text) => ({ resource: { shortNames: [text], categories: [text], singular: text } }),
    'a scope': (text) => ({ resource: { scope: text as 'Cluster' } }),
    'the kind of a type': (text) => ({
      types: {
        'x.example.v1.Thing': {
          type: 'object',
          fields: { kind: { type: 'string' }, apiVersion: { type: 'string' } },
          groupVersionKind: { group: 'example.com', version: text, kind: text },
        },
      },
    }),
    'an unused type': (text) => ({ types: { [text]: { type: 'string' } } }),
  };
  test.each(Object.entries(slots))('in %s stays data', (_slot, options) => {
    for (const text of Hostile) {
      for (const code of generate(facts(options(text))).values()) {
        expect(code).toMatch(/^[ -~\n]*$/);
        // What is left without types, comments and string literals is the code that would run.
        const running = transformSync(code, { loader: 'ts', minifyWhitespace: true }).code;
        const literals = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g;
        expect(running.replaceAll(literals, '')).not.toContain('pwned');
      }
    }
  });

  const refused: Record<string, (text: string) => Options> = {
    'the name of a resource': (text) => ({ resource: { name: text } }),
    'the name of a type': (text) => ({
      fields: { f: { ref: `x.example.v1.${text}` } },
      types: { [`x.example.v1.${text}`]: { type: 'object', fields: {} } },
    }),
    'the version of a type': (text) => ({
      fields: { f: { ref: `x.example.v1${text}.T` } },
      types: { [`x.example.v1${text}.T`]: { type: 'object', fields: {} } },
    }),
    'a group': (text) => ({ group: text }),
    'a later part of a group': (text) => ({ group: `example.${text}` }),
    'the group of a kind': (text) => ({
      types: { 'x.example.v1.Thing': { type: 'object', groupVersionKind: { ...kind, group: text } } },
    }),
    'a version': (text) => ({ version: text }),
    'the type of a value': (text) => ({ fields: { f: { type: text as 'any' } } }),
    'a reference': (text) => ({ fields: { f: { ref: text } } }),
  };
  test.each(Object.entries(refused))('in %s is refused', (_slot, options) => {
    for (const text of [...Hostile, '../../../x']) {
      expect(() => generate(facts(options(text)))).toThrow(
        expect.toSatisfy((error) => error instanceof SourceTextError || error instanceof FactsError),
      );
    }
  });
});

describe('what is committed is what the committed facts give', () => {
  const packages = path.resolve(import.meta.dirname, '../..');
  const read = (file: string): string => readFileSync(path.join(packages, file), 'utf8');
  const files = generate(JSON.parse(read('codegen/schema/1.37.json')) as Facts);

  test('code', () => {
    expect([...files].filter(([file, text]) => read(file) !== text).map(([file]) => file)).toEqual([]);
  });

  test.each(['api', 'clientset'])('the subpaths of %s', (name) => {
    const manifest = JSON.parse(read(`${name}/package.json`)) as Manifest;
    expect(manifest).toEqual(withSubpaths(manifest, modulesOf(name, files.keys())));
  });

  test('and it is little: a few lines a type', () => {
    const lines = [...files.values()].map((text) => text.split('\n').length).reduce((sum, count) => sum + count);
    expect(lines).toBeLessThan(30_000);
  });
});
