import { expect, test } from 'vitest';
import { metadataTypeProblem } from './metadata-types.js';

test.each<[object]>([
  [{}],
  [{ labels: null, ownerReferences: [null], managedFields: [null] }],
  [{ ownerReferences: [{ controller: true, uid: 'u', other: 1 }] }],
  [{ managedFields: [{ manager: 'm', time: '2020-01-01T00:00:00Z', fieldsV1: { 'f:a': {} } }] }],
])('%j fits', (metadata) => {
  expect(metadataTypeProblem(metadata, 'Pod')).toBeUndefined();
});

test.each<[object, string]>([
  [
    { labels: { a: 1 } },
    'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
  ],
  [
    { ownerReferences: [{ controller: 'yes' }] },
    'json: cannot unmarshal string into Go struct field OwnerReference.metadata.ownerReferences.controller of type bool',
  ],
  [
    { managedFields: {} },
    'json: cannot unmarshal object into Go struct field ObjectMeta.metadata.managedFields of type []v1.ManagedFieldsEntry',
  ],
  [
    { managedFields: ['x'] },
    'json: cannot unmarshal string into Go struct field ObjectMeta.metadata.managedFields of type v1.ManagedFieldsEntry',
  ],
  [
    { managedFields: [{ manager: 5 }] },
    'json: cannot unmarshal number into Go struct field ManagedFieldsEntry.metadata.managedFields.manager of type string',
  ],
  [{ managedFields: [{ time: 'x' }] }, 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
  [{ managedFields: [{ time: 5 }] }, 'json: cannot unmarshal number into Go value of type string'],
])('%j does not', (metadata, problem) => {
  expect(metadataTypeProblem(metadata, 'Pod')).toBe(problem);
});
