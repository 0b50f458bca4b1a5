import { expect, test } from 'vitest';
import { deepFreeze } from './deep-freeze.js';
import type { CachedObject } from './deep-readonly.js';
import { newStringSharing } from './shared-strings.js';
import { UndecodedObject } from './undecoded-object.js';

/** Records which of its properties are written, and with what. */
function recording<T extends object>(target: T): { readonly proxy: T; readonly written: Record<string, unknown> } {
  const written: Record<string, unknown> = {};
  const set = (_: T, name: string, value: unknown): boolean => ((written[name] = value), true);
  return { proxy: new Proxy(target, { set }), written };
}

const replicaSet = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  name: 'web-7d9f',
  uid: '00000000-0000-4000-9000-000000000000',
};

function pod(number: number): CachedObject {
  return {
    metadata: { name: `web-7d9f-${number}`, generateName: 'web-7d9f-', ownerReferences: [{ ...replicaSet }] },
  };
}

test('objects of one owner are as they were, and hold the strings of the first', () => {
  const share = newStringSharing();
  share(pod(1));
  const metadata = recording(pod(2).metadata!);
  const owner = recording({ ...replicaSet });
  share({ metadata: metadata.proxy });
  share({ metadata: { ...metadata.proxy, ownerReferences: [owner.proxy] } });
  expect(metadata.written).toEqual({ generateName: 'web-7d9f-' });
  expect(owner.written).toEqual({ name: replicaSet.name, uid: replicaSet.uid });
  const second = pod(2);
  share(second);
  expect(second).toEqual(pod(2));
});

test('nothing is added to what is left out', () => {
  const share = newStringSharing();
  const object = (): CachedObject => ({ metadata: { ownerReferences: [{ uid: 'a' }] } }) as unknown as CachedObject;
  share(object());
  const second = object();
  share(second);
  expect(second).toStrictEqual(object());
});

test('what does not let itself be changed stays, and so does what is no object of an API', () => {
  const share = newStringSharing();
  share(pod(1));
  const frozen = deepFreeze(pod(2));
  share(frozen);
  expect(frozen).toEqual(pod(2));
  for (const metadata of [
    undefined,
    null,
    'metadata',
    { generateName: 1 },
    { ownerReferences: 'web' },
    { ownerReferences: 7 },
    { ownerReferences: {} },
    { ownerReferences: [null, 'web', { name: {}, uid: null }] },
  ]) {
    const object = { metadata };
    share(object as unknown as CachedObject);
    expect(object).toEqual({ metadata });
  }
});

test('metadata that is not decoded stays so', () => {
  class Undecoded extends UndecodedObject {
    readonly key = 'a';
    readonly resourceVersion = '1';
    get metadata(): never {
      throw new Error('decoded');
    }
  }
  expect(() => newStringSharing()(new Undecoded())).not.toThrow();
});
