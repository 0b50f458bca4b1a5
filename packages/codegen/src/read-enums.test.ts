import { expect, test } from 'vitest';
import { FactsError, type TypeFacts } from './facts.js';
import { addEnums } from './read-enums.js';

const Tabs = '\t'.repeat(5);
const source = (type: string, field: string, nested = ''): string =>
  [
    `func schema_${type}(ref common.ReferenceCallback) common.OpenAPIDefinition {`,
    `${Tabs}"${field}": {`,
    `${Tabs}\t\t${nested}Enum:        []interface{}{"B", "A"},`,
    'func schema_other(ref common.ReferenceCallback) common.OpenAPIDefinition {',
    `${Tabs}"${field}": {`,
    `${Tabs}\t\tEnum:        []interface{}{"C"},`,
  ].join('\n');

const types = new Map<string, TypeFacts>([
  [
    'io.k8s.api.core.v1.T',
    {
      type: 'object',
      fields: { f: { type: 'string', default: 'A' }, l: { type: 'array', items: { type: 'string' } } },
    },
  ],
  ['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.T', { type: 'object', fields: { f: { type: 'string' } } }],
]);

test.each([
  [
    'a field',
    source('k8sio_api_core_v1_T', 'f'),
    'io.k8s.api.core.v1.T',
    'f',
    { type: 'string', enum: ['A', 'B'], default: 'A' },
  ],
  [
    'the elements of a field',
    source('k8sio_api_core_v1_T', 'l', '\t\t\t'),
    'io.k8s.api.core.v1.T',
    'l',
    { type: 'array', items: { type: 'string', enum: ['A', 'B'] } },
  ],
  [
    'a field of apiextensions',
    source('pkg_apis_apiextensions_v1_T', 'f'),
    'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.T',
    'f',
    { type: 'string', enum: ['A', 'B'] },
  ],
])('the values of %s are added, sorted', (_what, goSource, type, field, expected) => {
  expect(addEnums(types, goSource).get(type)?.fields?.[field]).toEqual(expected);
});

test('types that are not asked for are passed over', () => {
  expect(addEnums(types, source('k8sio_api_core_v2_T', 'f'))).toEqual(types);
});

test.each([
  ['an unknown field', source('k8sio_api_core_v1_T', 'g')],
  ['the elements of a field without', source('k8sio_api_core_v1_T', 'f', '\t\t\t')],
])('values of %s are refused', (_what, goSource) => {
  expect(() => addEnums(types, goSource)).toThrow(FactsError);
});
