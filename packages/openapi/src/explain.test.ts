import { describe, expect, it, test } from 'vitest';
import { documentOf, refTo } from './document.test.kit.js';
import { explain } from './explain.js';

const kind = { group: 'example.com', version: 'v1', kind: 'Widget' };

const document = documentOf({
  'com.example.v1.Widget': {
    type: 'object',
    description: 'Does one thing.',
    required: ['spec'],
    properties: {
      spec: { description: 'What it should do.', default: {}, allOf: [refTo('com.example.v1.Spec')] },
      kind: { type: 'string' },
    },
    'x-kubernetes-group-version-kind': [kind],
  },
  'com.example.v1.Spec': {
    type: 'object',
    description: 'Spec of a widget.',
    properties: {
      mode: { type: 'string', enum: ['fast', 'slow'], default: 'fast' },
      parts: { type: 'array', description: 'All parts.', items: refTo('com.example.v1.Part') },
      sizes: { type: 'object', additionalProperties: refTo('com.example.Size') },
      nested: { type: 'array', items: { type: 'array', items: { type: 'object' } } },
      free: { type: 'object', additionalProperties: true },
      any: {},
    },
  },
  'com.example.v1.Part': {
    type: 'object',
    description: 'One part.',
    properties: { name: { type: 'string' }, parts: { type: 'array', items: refTo('com.example.v1.Part') } },
  },
  'com.example.Size': { type: 'string' },
});
const widget = document.schema(kind);

describe('explain', () => {
  it('tells of a kind', () => {
    const { kinds, type, descriptions, fields } = explain(widget);
    expect([kinds, type, descriptions]).toEqual([[kind], 'Widget', ['Does one thing.']]);
    expect(fields).toEqual([
      { name: 'kind', type: 'string', required: false, description: '', enum: undefined, default: undefined },
      { name: 'spec', type: 'Spec', required: true, description: 'What it should do.', enum: undefined, default: {} },
    ]);
  });

  test.for<[path: string, type: string, descriptions: string[], fields: string[]]>([
    ['spec', 'Spec', ['What it should do.', 'Spec of a widget.'], ['any', 'free', 'mode', 'nested', 'parts', 'sizes']],
    ['spec.parts', '[]Part', ['All parts.', 'One part.'], ['name', 'parts']],
    ['spec.parts.parts.name', 'string', [], []],
    ['spec.sizes', 'map[string]string', [], []],
    ['spec.nested', '[][]Object', [], []],
    ['spec.free', 'Object', [], []],
    ['spec.any', 'Object', [], []],
  ])('%s', ([path, type, descriptions, fields]) => {
    const found = explain(widget, path.split('.'));
    expect([found.type, found.descriptions, found.fields.map(({ name }) => name)]).toEqual([
      type,
      descriptions,
      fields,
    ]);
    expect(found.kinds).toEqual([kind]);
  });

  it('tells the values of an enumeration', () => {
    expect(explain(widget, ['spec', 'mode']).enum).toEqual(['fast', 'slow']);
  });

  it('goes into a recursive type once', () => {
    const { fields } = explain(widget, ['spec', 'parts'], { recursive: true });
    expect(fields).toMatchObject([
      { name: 'name', fields: [] },
      { name: 'parts', fields: [] },
    ]);
  });

  it('goes as deep as it is told', () => {
    const { fields } = explain(widget, [], { recursive: true, maxDepth: 2 });
    const { fields: spec } = fields.find(({ name }) => name === 'spec')!;
    expect(spec?.map((field) => 'fields' in field)).toEqual(Array.from({ length: 6 }, () => false));
  });

  test.for([
    [['spec', 'mod'], 'field "spec.mod" does not exist; did you mean "mode"?'],
    [['spec', 'mode', 'x'], 'field "spec.mode.x" does not exist'],
    [['constructor'], 'field "constructor" does not exist'],
    [['__proto__'], 'field "__proto__" does not exist'],
  ] as const)('refuses %j', ([path, message]) => {
    expect(() => explain(widget, path)).toThrow(expect.objectContaining({ reason: 'notFound', message }));
  });

  it('ends where a schema does not', () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`T${i}`, { properties: { a: refTo(`T${i + 1}`), b: refTo(`T${i + 1}`) } }]),
    );
    const wide = documentOf({ ...doubling, T40: {} }).schema('T0');
    expect(() => explain(wide, [], { recursive: true })).toThrow(expect.objectContaining({ reason: 'tooLarge' }));
    expect(explain(documentOf({ A: { type: 'array', items: refTo('A') } }).schema('A')).fields).toEqual([]);
  });

  it('ends where a document is nested deeper than anything', () => {
    const depth = 5000;
    const text = `{"A":${'{"type":"object","properties":{"a":'.repeat(depth)}{}${'}}'.repeat(depth)}}`;
    expect(() => explain(documentOf(text).schema('A'), [], { recursive: true })).toThrow(
      expect.objectContaining({ reason: 'tooLarge' }),
    );
    const lists = `{"A":${'{"type":"array","items":'.repeat(depth)}{}${'}'.repeat(depth)}}`;
    expect(explain(documentOf(lists).schema('A'), [], { recursive: true }).fields).toEqual([]);
  });
});
