import { defineResource, type KubernetesObject, type OwnerReference } from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import { AlreadyOwnedError, withController, withOwner } from './controller-reference.js';

const gvk = { group: 'example.com', version: 'v1', kind: 'Site', resource: 'sites' };
const sites = defineResource()({ ...gvk, scope: 'Namespaced' });
const planets = defineResource()({ ...gvk, kind: 'Planet', resource: 'planets', scope: 'Cluster' });
const site = { metadata: { name: 'web', namespace: 'one', uid: 'u' } };
const planet = { metadata: { name: 'earth', uid: 'p' } };
const reference: OwnerReference = { apiVersion: 'example.com/v1', kind: 'Site', name: 'web', uid: 'u' };
const controller = { ...reference, controller: true, blockOwnerDeletion: true };
const child = (ownerReferences?: OwnerReference[], namespace: string | undefined = 'one'): KubernetesObject => ({
  kind: 'Child',
  metadata: { name: 'c', ...(namespace ? { namespace } : {}), ...(ownerReferences ? { ownerReferences } : {}) },
});
const other: OwnerReference = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'rs', uid: 'r' };

describe('the controller of an object', () => {
  test.each<[what: string, before: OwnerReference[] | undefined, after: OwnerReference[]]>([
    ['is set', undefined, [controller]],
    ['is set beside other owners', [other], [other, controller]],
    ['stays', [controller, other], [other, controller]],
    ['of another version stays', [{ ...controller, apiVersion: 'example.com/v1beta1' }], [controller]],
    ['is its namesake’s successor', [{ ...controller, uid: 'old' }], [controller]],
    ['was an owner before', [reference], [controller]],
  ])('%s', (_, before, after) => {
    const object = child(before);
    const copy = structuredClone(object);
    expect(withController(object, site, sites).metadata?.ownerReferences).toEqual(after);
    expect(object).toEqual(copy);
  });

  test('is only one', () => {
    const taken = child([{ ...other, controller: true }]);
    expect(() => withController(taken, site, sites)).toThrow(AlreadyOwnedError);
    expect(() => withController(taken, site, sites)).toThrow('Child "c" is controlled by ReplicaSet "rs" already');
    expect(withOwner(taken, site, sites).metadata?.ownerReferences).toEqual([
      { ...other, controller: true },
      reference,
    ]);
  });
});

test.each<[what: string, place: string, where: string]>([
  ['of another namespace', 'two', 'it is in "two"'],
  ['of no namespace', '', 'it is in none'],
])('an object %s is refused', (_, place, where) => {
  const message = `Child "c": expected the namespace of Site "web", "one"; ${where}`;
  expect(() => withController(child(undefined, place), site, sites)).toThrow(message);
  expect(() => withOwner(child(undefined, place), site, sites)).toThrow(message);
});

test.each(['one', ''])('an owner without a namespace has objects anywhere: %j', (place) => {
  expect(withController(child(undefined, place), planet, planets).metadata?.ownerReferences).toHaveLength(1);
});

test('an owner that was not read is refused', () => {
  expect(() => withController(child(), { metadata: { name: 'web', namespace: 'one' } }, sites)).toThrow(
    'the owner has no metadata.name or metadata.uid',
  );
});
