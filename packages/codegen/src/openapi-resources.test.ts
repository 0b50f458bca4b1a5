import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { FactsError } from './facts.js';
import { generateOpenApiResources } from './openapi-resources.js';
import { SourceTextError } from './source-text.js';

interface Options {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly plural?: string;
  readonly subresource?: string;
  readonly fields?: object;
  readonly schemas?: object;
}

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
const quantity = { oneOf: [{ type: 'string' }, { type: 'number' }] };

/** A document as kube-apiserver serves it for an aggregated API, or for custom resources. */
function document({
  group = 'metrics.example.com',
  version = 'v1beta1',
  kind = 'NodeMetrics',
  plural = 'nodes',
  subresource = 'status',
  fields = {},
  schemas = {},
}: Options): object {
  const gvk = { group, version, kind };
  const operation = (action: string): object => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  });
  const base = `/apis/${group}/${version}`;
  return {
    openapi: '3.0.0',
    paths: {
      [`${base}/`]: { get: {} },
      [`${base}/${plural}`]: { get: operation('list'), parameters: [] },
      [`${base}/namespaces/{namespace}/${plural}`]: { get: operation('list'), post: operation('post') },
      [`${base}/namespaces/{namespace}/${plural}/{name}`]: { get: operation('get'), patch: operation('patch') },
      [`${base}/namespaces/{namespace}/${plural}/{name}/${subresource}`]: { get: operation('get') },
      [`${base}/watch/${plural}`]: { get: operation('watchlist') },
    },
    components: {
      schemas: {
        'io.example.v1beta1.NodeMetrics': {
          type: 'object',
          properties: {
            metadata: { default: {}, allOf: [ref('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')] },
            ...fields,
          },
          'x-kubernetes-group-version-kind': [gvk],
        },
        ...schemas,
      },
    },
  };
}

function generated(options: Options): string {
  return [...generateOpenApiResources([document(options)]).values()].join('\n');
}

/** The body of an interface, a field per line. */
function body(text: string, name: string): string {
  const found = new RegExp(`export interface ${name} \\{\\n(.*?)^\\}`, 'ms').exec(text)?.[1] ?? '';
  return found.replaceAll(/^ {2}/gm, '').trimEnd();
}

test('paths tell of the resource, its scope and its subresources', () => {
  const text = generated({});
  expect(text).toContain(
    "export const nodes: ResourceDescriptor<NodeMetrics, NodeMetricsApplyConfiguration, 'Namespaced'> = {\n" +
      "  group: 'metrics.example.com',\n  version: 'v1beta1',\n  resource: 'nodes',\n  kind: 'NodeMetrics',\n" +
      "  scope: 'Namespaced',\n  subresources: ['status'],\n};",
  );
});

test('the core group has a module too', () => {
  const text = JSON.stringify(document({ group: 'X' }))
    .replaceAll('/apis/X/', '/api/')
    .replaceAll('"X"', '""');
  expect([...generateOpenApiResources([JSON.parse(text)]).keys()]).toEqual(['core/v1beta1.ts']);
});

describe('a reference', () => {
  const usage = { type: 'object', properties: { cpu: quantity, next: ref('io.example.Usage') }, required: ['cpu'] };
  const fields = {
    usage: { default: {}, allOf: [ref('io.example.Usage')], description: 'What is used.' },
    history: { type: 'array', items: ref('io.example.Usage') },
    at: ref('io.k8s.apimachinery.pkg.apis.meta.v1.Time'),
    port: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  };
  const schemas = {
    'io.example.Usage': usage,
    'io.k8s.apimachinery.pkg.apis.meta.v1.Time': { type: 'string', format: 'date-time' },
  };

  test('is a type of its own for objects, however they refer to each other, and the value itself for the rest', () => {
    const text = generated({ fields, schemas });
    expect(body(text, 'NodeMetrics').split('\n')).toEqual([
      "apiVersion?: 'metrics.example.com/v1beta1';",
      "kind?: 'NodeMetrics';",
      'metadata?: ObjectMeta;',
      '/** RFC 3339 time. */',
      'at?: string;',
      'history?: Usage[];',
      'port?: number | string;',
      '/** What is used. */',
      'usage?: Usage;',
    ]);
    expect(body(text, 'Usage')).toBe('/** Quantity, such as `500m` or `2Gi`. */\ncpu: string;\nnext?: Usage;');
  });

  test('to another type of the same name gets another name', () => {
    const text = generated({
      fields: { a: ref('a.Usage'), b: ref('b.Usage'), c: ref('c.NodeMetrics') },
      schemas: { 'a.Usage': usage, 'b.Usage': usage, 'c.NodeMetrics': usage, 'io.example.Usage': usage },
    });
    expect(body(text, 'NodeMetrics')).toMatch(/a\?: Usage;\nb\?: Usage2;\nc\?: NodeMetrics2;/);
  });

  test('is looked at once, however often it is used', () => {
    const pair = (name: string): object => ({ type: 'object', properties: { a: ref(name), b: ref(name) } });
    const levels = Array.from({ length: 30 }, (_, at) => [`l${at}`, { type: 'array', items: pair(`l${at + 1}`) }]);
    const text = generated({
      fields: { a: ref('l0') },
      schemas: { ...Object.fromEntries(levels), l30: { type: 'string' } },
    });
    expect(text.match(/^export interface L\d+Item \{/gm)).toHaveLength(30);
  });

  test.each<[string, Options]>([
    ['leads nowhere', { fields: { a: ref('none') } }],
    ['leads to what every object has', { fields: { a: ref('__proto__') } }],
    ['leaves the document', { fields: { a: { $ref: 'file:///etc/passwd' } } }],
    ['leads to itself', { fields: { a: ref('a') }, schemas: { a: { type: 'array', items: ref('a') } } }],
  ])('that %s is refused', (_what, options) => {
    expect(() => generated(options)).toThrow(FactsError);
  });
});

describe('refused is', () => {
  test.each<[string, unknown, string]>([
    ['no document', null, 'expected an object'],
    ['version 2', { swagger: '2.0', paths: {} }, 'expected an OpenAPI v3 document'],
    ['a document without schemas', { openapi: '3.0.0', paths: {}, components: {} }, 'components.schemas'],
    [
      'a document without resources',
      { openapi: '3.0.0', paths: {}, components: { schemas: {} } },
      'no path of the document',
    ],
  ])('%s', (_what, value, message) => {
    expect(() => generateOpenApiResources([value])).toThrow(FactsError);
    expect(() => generateOpenApiResources([value])).toThrow(message);
  });
});

describe('hostile text', () => {
  const Hostile = [
    "'; globalThis.pwned = 1; '",
    '*/ globalThis.pwned = 1; /*',
    '`${globalThis.pwned}`',
    '\npwned',
    '__proto__',
  ];
  const slots: Record<string, (text: string) => Options> = {
    'a group': (group) => ({ group }),
    'a version': (version) => ({ version }),
    'a kind': (kind) => ({ kind }),
    'a plural': (plural) => ({ plural }),
    'a subresource': (subresource) => ({ subresource }),
    'the name of a type': (text) => ({
      fields: { a: ref(text) },
      schemas: JSON.parse(`{${JSON.stringify(text)}:{"type":"object","properties":{}}}`) as object,
    }),
  };
  test.each(Object.entries(slots))('in %s is refused, or inert', (_slot, options) => {
    for (const text of Hostile) {
      let code = '';
      try {
        code = generated(options(text));
      } catch (error) {
        expect([FactsError, SourceTextError]).toContain((error as Error).constructor);
      }
      const running = transformSync(code, { loader: 'ts', minifyWhitespace: true }).code;
      expect(running.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '')).not.toContain('pwned');
    }
  });
});
