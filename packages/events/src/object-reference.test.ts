import type { Pod } from '@client-ts/api/core/v1';
import { describe, expect, test } from 'vitest';
import { type EventObject, referenceTo } from './object-reference.js';

describe('TestGetReferenceRefVersion', () => {
  test('of an object are its kind, names, uid and version, and nothing else', () => {
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace: 'b', uid: 'c', resourceVersion: '7', labels: { d: 'e' } },
      spec: { containers: [] },
    };
    const expected = { apiVersion: 'v1', kind: 'Pod', name: 'a', namespace: 'b', uid: 'c', resourceVersion: '7' };
    expect(referenceTo(pod)).toEqual(expected);
  });

  test('of a reference is a copy of it, without what is not known', () => {
    const reference = { kind: 'Lease', name: 'a', namespace: undefined, uid: '', fieldPath: 'spec' };
    expect(referenceTo(reference)).toEqual({ kind: 'Lease', name: 'a', fieldPath: 'spec' });
    expect(referenceTo(reference)).not.toBe(reference);
  });

  test('fields that are no text are left out', () => {
    const hostile = { kind: 'Pod', name: 'a', uid: { toString: () => 'b' }, namespace: 7 };
    expect(referenceTo(hostile as unknown as EventObject)).toEqual({ kind: 'Pod', name: 'a' });
  });
});

test.each<[what: string, object: EventObject, place: string]>([
  ['an object without a kind', { apiVersion: 'v1', metadata: { name: 'a' } }, 'kind'],
  ['an object without a version', { kind: 'Pod', metadata: { name: 'a' } }, 'apiVersion'],
  ['an object without a name', { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'a-' } }, 'metadata.name'],
  ['an object without metadata', { apiVersion: 'v1', kind: 'Pod', metadata: undefined }, 'name'],
  ['a reference without a kind', { name: 'a' }, 'kind'],
  ['nothing', {}, 'kind'],
])('%s is refused', (_, object, place) => {
  expect(() => referenceTo(object)).toThrow(
    new TypeError(`${place}: expected a text that is not empty, of an object from the server or a reference`),
  );
});
