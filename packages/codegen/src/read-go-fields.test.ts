import { expect, test } from 'vitest';
import type { FieldFacts, TypeFacts } from './facts.js';
import { addGoFacts } from './read-go-fields.js';

const Time = { ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time' };

function read(goField: string, facts: FieldFacts, goPackage = 'k8s.io/api/core/v1'): FieldFacts | undefined {
  const types = new Map<string, TypeFacts>([
    ['io.k8s.api.core.v1.T', { type: 'object', fields: { f: facts } }],
    ['io.k8s.api.core.v1.Other', { type: 'object', fields: { f: facts } }],
    ['io.k8s.api.core.v1.Text', { type: 'string' }],
  ]);
  const source = `package v1\n\n// T is a type.\ntype T struct {\n\t// f\n\t${goField}\n}\n\ntype Text string\n`;
  const result = addGoFacts(types, (name) => (name === goPackage ? ['package v1\n', source] : []));
  expect(result.get('io.k8s.api.core.v1.Other')?.fields?.['f']).toEqual(facts);
  return result.get('io.k8s.api.core.v1.T')?.fields?.['f'];
}

test.each<[string, FieldFacts, boolean]>([
  ['F []string `json:"f" protobuf:"bytes,1,rep,name=f"`', { type: 'array' }, true],
  ['F []string `json:"f,omitempty"`', { type: 'array' }, false],
  ['F []string `json:"f"`', { type: 'array', required: true }, false],
  ['F *int32 `json:"f"`', { type: 'integer' }, true],
  ['F *int32 `json:"f,omitempty"`', { type: 'integer' }, false],
  ['F map[string]string   `json:"f"`', { type: 'map' }, true],
  ['F string `json:"f"`', { type: 'string' }, false],
  ['F metav1.Time `json:"f,omitempty"`', Time, true],
  ['F metav1.MicroTime `json:"f"`', { ...Time, required: true }, true],
  ['F metav1.Time `json:"f,omitempty,omitzero"`', Time, false],
  ['F *metav1.Time `json:"f,omitempty"`', Time, false],
  ['F runtime.RawExtension `json:"f,omitempty"`', { type: 'object' }, true],
  ['F PodSpec `json:"f,omitempty"`', { type: 'object' }, false],
  ['G []string `json:"g"`', { type: 'array' }, false],
])('%s may be null: %j', (goField, facts, expected) => {
  expect(read(goField, facts)).toEqual(expected ? { ...facts, nullable: true } : facts);
});

test('a package is found by the names of its types', () => {
  expect(read('F []string `json:"f"`', { type: 'array' }, 'k8s.io/api/core/v2')).toEqual({ type: 'array' });
});

test.each<[string, boolean]>([
  ['// +k8s:immutable', true],
  ['// +k8s:beta(since: "1.37")=+k8s:immutable', true],
  ['// +k8s:alpha(since:"1.37")=+k8s:immutable\n\t// +k8s:optional', true],
  ['// +k8s:ifEnabled(Gate)=+k8s:immutable', false],
  ['// It is said to be +k8s:immutable', false],
  ['// +k8s:immutable\n\tG string `json:"g"`\n\t// f', false],
  ['// +k8s:immutable\n\n\t// f', false],
])('a field with the comment %j never changes: %j', (comment, expected) => {
  const facts: FieldFacts = { type: 'string' };
  expect(read(`${comment}\n\tF string \`json:"f"\``, facts)).toEqual(expected ? { ...facts, immutable: true } : facts);
});
