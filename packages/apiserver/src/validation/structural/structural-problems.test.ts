import { describe, expect, it } from 'vitest';
import { definitionSchemaProblems } from './definition-schema-problems.js';
import { structuralProblems } from './structural-problems.js';

// What a real server answers.
it.each<[object, string[]]>([
  [{}, ['$.type: Required value: must not be empty at the root']],
  [{ type: 'string' }, ['$.type: Invalid value: "string": must be object at the root']],
  [{ type: 'array', items: { type: 'string' } }, ['$.type: Invalid value: "array": must be object at the root']],
  [
    { type: 'object', properties: { spec: { properties: { a: {} } } } },
    [
      '$.properties[spec].properties[a].type: Required value: must not be empty for specified object fields',
      '$.properties[spec].type: Required value: must not be empty for specified object fields',
    ],
  ],
  [
    { type: 'object', properties: { a: { type: 'array' } } },
    ['$.properties[a].items: Required value: must be specified'],
  ],
  [
    { type: 'object', properties: { a: { type: 'array', items: {} } } },
    ['$.properties[a].items.type: Required value: must not be empty for specified array items'],
  ],
  [
    { type: 'object', properties: { a: { type: 'foo' } } },
    [
      '$.properties[a].type: Unsupported value: "foo": supported values: "array", "boolean", "integer", "number", "object", "string"',
    ],
  ],
  [
    { type: 'object', properties: { a: { type: 'null' } } },
    [
      '$.properties[a].type: Unsupported value: "null": supported values: "array", "boolean", "integer", "number", "object", "string"',
      '$.properties[a].type: Forbidden: type cannot be set to null, use nullable as an alternative',
    ],
  ],
  [
    { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
    [
      '$.additionalProperties: Forbidden: must not be used at the root',
      '$.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive',
    ],
  ],
  [{ type: 'object', properties: { a: { type: 'object', additionalProperties: false } } }, []],
  [{ type: 'object', properties: { a: { $ref: '#/x' } } }, ['$.properties[a].$ref: Forbidden: $ref is not supported']],
  [
    { type: 'object', properties: { a: { type: 'array', items: { type: 'string' }, uniqueItems: true } } },
    [
      '$.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
    ],
  ],
  [
    { type: 'object', properties: { a: { type: 'string', pattern: '(' } } },
    [
      '$.properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn\'t: error parsing regexp: missing closing ): `(`',
    ],
  ],
  [{ type: 'object', properties: { a: { type: 'integer', 'x-kubernetes-int-or-string': true } } }, []],
  [
    {
      type: 'object',
      properties: { a: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] } },
    },
    [],
  ],
  [
    { type: 'object', properties: { a: { 'x-kubernetes-embedded-resource': true } } },
    [
      '$.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      '$.properties[a].type: Required value: must be object if x-kubernetes-embedded-resource is true',
    ],
  ],
  [
    { type: 'object', properties: { a: { type: 'object', 'x-kubernetes-embedded-resource': true } } },
    [
      '$.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
    ],
  ],
  [
    { type: 'object', properties: { a: { type: 'object', 'x-kubernetes-preserve-unknown-fields': false } } },
    ['$.properties[a].x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined'],
  ],
  [{ type: 'object', properties: { a: { 'x-kubernetes-preserve-unknown-fields': true } } }, []],
  [
    {
      type: 'object',
      properties: { a: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'foo' } },
    },
    ['$.properties[a].x-kubernetes-list-type: Unsupported value: "foo": supported values: "atomic", "set", "map"'],
  ],
  [
    { type: 'object', properties: { a: { type: 'object', 'x-kubernetes-list-type': 'map' } } },
    [
      '$.properties[a].type: Invalid value: "object": must be array if x-kubernetes-list-type is specified',
      '$.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map',
      '$.properties[a].items: Required value: must have a schema if x-kubernetes-list-type is map',
    ],
  ],
  [
    {
      type: 'object',
      properties: {
        a: {
          type: 'array',
          items: { type: 'object', properties: { n: { type: 'string' } } },
          'x-kubernetes-list-type': 'map',
        },
      },
    },
    ['$.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map'],
  ],
  [
    {
      type: 'object',
      properties: {
        a: {
          type: 'array',
          items: { type: 'object', properties: { n: { type: 'string' } } },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['z'],
        },
      },
    },
    ['$.properties[a].x-kubernetes-list-map-keys: Invalid value: ["z"]: entries must all be names of item properties'],
  ],
  [
    {
      type: 'object',
      properties: {
        a: {
          type: 'array',
          items: { type: 'object', properties: { n: { type: 'string' } } },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['n'],
        },
      },
    },
    [
      '$.properties[a].items.properties[n].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
    ],
  ],
  [
    {
      type: 'object',
      properties: {
        a: {
          type: 'array',
          items: { type: 'object', properties: { n: { type: 'string' } } },
          'x-kubernetes-list-type': 'set',
        },
      },
    },
    [
      '$.properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set',
    ],
  ],
  [
    { type: 'object', properties: { a: { type: 'object', anyOf: [{ type: 'object' }] } } },
    ['$.properties[a].anyOf[0].type: Forbidden: must be empty to be structural'],
  ],
  [{ type: 'object', properties: { a: { type: 'object', anyOf: [{ properties: { z: { minimum: 1 } } }] } } }, []],
  [
    { type: 'object', properties: { a: { type: 'object', anyOf: [{ description: 'x' }] } } },
    ['$.properties[a].anyOf[0].description: Forbidden: must be empty to be structural'],
  ],
  [
    { type: 'object', properties: { a: { type: 'string', anyOf: [{ default: 'x' }] } } },
    ['$.properties[a].anyOf[0].default: Forbidden: must be undefined to be structural'],
  ],
  [
    { type: 'object', properties: { a: { type: 'string', default: 5 } } },
    ['$.properties[a].default: Invalid value: "integer":  in body must be of type string: "integer"'],
  ],
  [
    { type: 'object', properties: { a: { type: 'object', properties: { b: { type: 'string' } }, default: { c: 1 } } } },
    ['$.properties[a].default: Invalid value: {"c":1}: must not have unknown fields'],
  ],
  [
    { type: 'object', properties: { a: { type: 'string', enum: ['a'], default: 'b' } } },
    ['$.properties[a].default: Unsupported value: "b": supported values: "a"'],
  ],
  [
    {
      type: 'object',
      properties: { metadata: { type: 'object', properties: { name: { type: 'string', maxLength: 5 } } } },
    },
    [],
  ],
  [
    { type: 'object', properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } },
    [
      '$.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ],
  [{ type: 'object', nullable: true }, ['$.nullable: Forbidden: nullable cannot be true at the root']],
  [
    { type: 'object', properties: { a: { type: 'string', id: 'x' } } },
    ['$.properties[a].id: Forbidden: id is not supported'],
  ],
  [
    { type: 'object', properties: { a: { type: 'object', patternProperties: { a: { type: 'string' } } } } },
    ['$.properties[a].patternProperties: Forbidden: patternProperties is not supported'],
  ],
  [
    { type: 'object', properties: { a: { type: 'object', dependencies: { a: ['b'] } } } },
    ['$.properties[a].dependencies: Forbidden: dependencies is not supported'],
  ],
  [
    { type: 'object', definitions: { a: { type: 'string' } } },
    ['$.definitions: Forbidden: definitions is not supported'],
  ],
  [
    {
      type: 'object',
      properties: { a: { type: 'array', items: { type: 'string' }, additionalItems: { type: 'string' } } },
    },
    ['$.properties[a].additionalItems: Forbidden: additionalItems is not supported'],
  ],
  [
    { type: 'object', properties: { a: { type: 'array', items: [{ type: 'string' }] } } },
    ['$.properties[a].items: Forbidden: items must be a schema object and not an array'],
  ],
  [{ type: 'object', properties: { a: { type: 'string', maxLength: -1 } } }, []],
  [{ type: 'object', required: ['zz'], properties: { a: { type: 'string' } } }, []],
  [{ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, []],
  [{ type: 'object', properties: { status: { type: 'string' } } }, []],
])('%j', (schema, problems) => {
  const causes = structuralProblems(schema as Record<string, unknown>, '$');
  expect(causes.map(({ field, message }) => `${field}: ${message}`)).toEqual(problems);
});

describe('the schemas of a definition', () => {
  const fieldsOf = (...schemas: object[]): unknown[] => {
    const versions = schemas.map((openAPIV3Schema) => ({ schema: { openAPIV3Schema } }));
    return definitionSchemaProblems({ spec: { versions } }).map(({ field }) => field);
  };

  it('are named by their version', () => {
    expect(fieldsOf({ type: 'object' }, {})).toEqual(['spec.versions[1].schema.openAPIV3Schema.type']);
  });

  it('are one where all are the same', () => {
    expect(fieldsOf({}, {})).toEqual(['spec.validation.openAPIV3Schema.type']);
  });

  it('need not be there: that is said elsewhere', () => {
    expect(definitionSchemaProblems({ spec: { versions: [{}] } })).toEqual([]);
    expect(definitionSchemaProblems({})).toEqual([]);
  });
});
