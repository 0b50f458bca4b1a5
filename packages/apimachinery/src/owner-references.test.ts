import { expect, test } from 'vitest';
import type { KubernetesObject, OwnerReference } from './object.js';
import { getControllerOf, isControlledBy, newControllerRef } from './owner-references.js';

const gvk = { group: 'apps', version: 'v1', kind: 'ReplicaSet' };
const owner: KubernetesObject = { metadata: { name: 'web', uid: 'uid-1' } };
const reference: OwnerReference = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  name: 'web',
  uid: 'uid-1',
  controller: true,
  blockOwnerDeletion: true,
};
const { controller: _, ...plain } = reference;

test('a controller reference names its owner and holds up its deletion', () => {
  expect(newControllerRef(owner, gvk)).toEqual(reference);
  expect(newControllerRef(owner, { group: '', version: 'v1', kind: 'Node' }).apiVersion).toBe('v1');
});

test.each([{}, { metadata: {} }, { metadata: { name: 'web' } }, { metadata: { name: 'web', uid: '' } }])(
  '%j was not read from a server, so it can own nothing',
  (owner) => {
    expect(() => newControllerRef(owner, gvk)).toThrow(TypeError);
  },
);

test.each<[OwnerReference[] | undefined, OwnerReference | undefined, boolean]>([
  [undefined, undefined, false],
  [[], undefined, false],
  [[plain], undefined, false],
  [[{ ...reference, controller: false }], undefined, false],
  [[plain, reference], reference, true],
  [[{ ...reference, uid: 'uid-2' }], { ...reference, uid: 'uid-2' }, false],
])('of the owners %j the controller is found', (ownerReferences, controller, isControlled) => {
  const object: KubernetesObject = { metadata: ownerReferences ? { ownerReferences } : {} };
  expect(getControllerOf(object)).toEqual(controller);
  expect(isControlledBy(object, owner)).toBe(isControlled);
});

test('objects without uid control nothing', () => {
  const object: KubernetesObject = { metadata: { ownerReferences: [{ ...reference, uid: undefined as never }] } };
  expect(isControlledBy(object, {})).toBe(false);
  expect(getControllerOf({})).toBeUndefined();
});
