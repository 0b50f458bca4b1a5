import { describe, expect, test } from 'vitest';
import { FactsError, type MessageFacts } from './facts.js';
import { readMessages } from './read-protobuf.js';

const Core = 'io.k8s.api.core.v1';

/** The fields of the message T, whose definition and Go struct have these lines. */
function read(definition: string, goField: string, more = ''): MessageFacts | undefined {
  const definitions = `
package k8s.io.api.core.v1;

// T is a type.
message T {
  // f is a field.
  // +optional
  ${definition}
}

message Part {
  optional string id = 1;
}

message Verbs {
  repeated string items = 1;
}
`;
  const goSource = `package v1

import (
	first "k8s.io/api/apps/v1"
)

// T is a type.
type T struct {
	metav1.TypeMeta \`json:""\`
	// f is a field.
	${goField}
}

type Part struct {
	ID string \`json:"id" protobuf:"bytes,1,opt,name=id"\`
}
${more}
`;
  const apps = {
    definitions: 'message T {\n  optional string id = 1;\n}\n',
    goSources: ['type T struct {\n\tID string `json:"id" protobuf:"bytes,1,opt,name=id"`\n}\n'],
  };
  const packages = new Map([
    [Core, { definitions, goSources: [goSource] }],
    ['io.k8s.api.apps.v1', apps],
  ]);
  return readMessages([`${Core}.T`], (prefix) => packages.get(prefix)).get(`${Core}.T`);
}

test.each<[string, string, string]>([
  ['optional string f = 1;', 'F string `json:"f" protobuf:"bytes,1,opt,name=f"`', '1 f string!'],
  ['optional string f = 1;', 'F string `json:"f,omitempty" protobuf:"bytes,1,opt,name=f"`', '1 f string'],
  [
    'optional string f = 1;',
    'F *Phase `json:"f,omitempty" protobuf:"bytes,1,opt,name=f,casttype=Phase"`',
    '1 f string?',
  ],
  ['optional int32 f = 12;', 'F *int32 `json:"f" protobuf:"varint,12,opt,name=f"`', '12 f int32~'],
  ['optional bytes f = 1;', 'F []byte `json:"f" protobuf:"bytes,1,opt,name=f"`', '1 f bytes~'],
  ['repeated string f = 1;', 'F []string `json:"f" protobuf:"bytes,1,rep,name=f"`', '1 f string*~'],
  [
    'repeated Part f = 1;',
    'F []Part `json:"f,omitempty" patchStrategy:"merge" protobuf:"bytes,1,rep,name=f"`',
    `1 f ${Core}.Part*`,
  ],
  ['map<string, bytes> f = 1;', 'F map[string][]byte `json:"f,omitempty" protobuf:"bytes,1,rep,name=f"`', '1 f bytes%'],
  ['optional Part f = 1;', 'F Part `json:"f,omitempty" protobuf:"bytes,1,opt,name=f"`', `1 f ${Core}.Part!`],
  ['optional Part part = 1;', 'Part `json:"" protobuf:"bytes,1,opt,name=part"`', `1 ... ${Core}.Part`],
  ['optional Verbs f = 1;', 'F Verbs `json:"f" protobuf:"bytes,1,opt,name=f"`', `1 f ${Core}.Verbs~`],
  ['optional string ref = 1;', 'F *string `json:"$ref,omitempty" protobuf:"bytes,1,opt,name=ref"`', '1 $ref string?'],
  [
    'optional .k8s.io.apimachinery.pkg.apis.meta.v1.Time f = 1;',
    'F metav1.Time `json:"f,omitempty,omitzero" protobuf:"bytes,1,opt,name=f"`',
    '1 f time',
  ],
  [
    'map<string, .k8s.io.apimachinery.pkg.api.resource.Quantity> f = 1;',
    'F ResourceList `json:"f,omitempty" protobuf:"bytes,1,rep,name=f"`',
    '1 f quantity%',
  ],
])('%s and %s give %j', (definition, goField, expected) => {
  expect(read(definition, goField)).toEqual([expected]);
});

test('a struct may have the fields of one in another package', () => {
  expect(read('optional string id = 1;', '', 'type T first.T\n')).toEqual(['1 id string!']);
});

describe('it refuses', () => {
  test.each<[string, string, string]>([
    ['enum Color { RED = 0; }', '', `message ${Core}.T: cannot read "  enum Color { RED = 0; }"`],
    ['map<int32, string> f = 1;', '', `message ${Core}.T: cannot read "  map<int32, string> f = 1;"`],
    [
      'optional string f = 2;',
      'F string `json:"f" protobuf:"bytes,1,opt,name=f"`',
      `message ${Core}.T: no field of the Go struct has the number 2`,
    ],
    [
      'optional Other f = 1;',
      'F Other `json:"f" protobuf:"bytes,1,opt,name=f"`',
      `message ${Core}.T uses ${Core}.Other, which is not defined`,
    ],
  ])('%s', (definition, goField, message) => {
    expect(() => read(definition, goField)).toThrow(new FactsError(message));
  });
});
