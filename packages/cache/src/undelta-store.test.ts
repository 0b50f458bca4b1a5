import type { KubernetesObject } from '@client-ts/apimachinery';
import { settle } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { Reflector } from './reflector.js';
import { FakeSource } from './testing/fake-source.js';
import { UndeltaStore } from './undelta-store.js';

function object(name: string, version: string): KubernetesObject {
  return { metadata: { namespace: 'ns', name, resourceVersion: version } };
}

/** A store, and what it told: rows of `name@version`. */
function setUp(): { store: UndeltaStore<KubernetesObject>; pushed: string[][] } {
  const pushed: string[][] = [];
  const store = new UndeltaStore<KubernetesObject>((objects) => {
    pushed.push(objects.map(({ metadata }) => `${metadata?.name}@${metadata?.resourceVersion}`));
  });
  return { store, pushed };
}

test('every change tells of all objects there are', () => {
  const { store, pushed } = setUp();
  store.add(object('a', '1'));
  store.add(object('b', '2'));
  store.update(object('a', '3'));
  store.delete(object('b', '4'));
  store.replace([object('c', '5'), object('d', '6')]);
  expect(pushed).toEqual([['a@1'], ['a@1', 'b@2'], ['a@3', 'b@2'], ['a@3'], ['c@5', 'd@6']]);
});

test('reads and bookmarks tell of nothing', () => {
  const { store, pushed } = setUp();
  store.replace([object('a', '1')]);
  pushed.length = 0;
  store.bookmark();
  expect([store.getByKey('ns/a')?.metadata?.resourceVersion, store.listKeys(), store.size]).toEqual(['1', ['ns/a'], 1]);
  expect([store.getByKey('ns/b'), store.list().length, pushed]).toEqual([undefined, 1, []]);
});

test('what was told does not change', () => {
  let first: readonly KubernetesObject[] | undefined;
  const store = new UndeltaStore<KubernetesObject>((objects) => (first ??= objects));
  store.add(object('a', '1'));
  store.add(object('b', '2'));
  expect(first).toHaveLength(1);
});

test('what a list leaves out stays, and so does everything when it cannot tell what', () => {
  const { store, pushed } = setUp();
  store.replace([object('a', '1'), object('b', '2'), object('c', '3')]);
  const known = store.startReplacement();
  known.leaveOut?.('ns/a');
  known.add(object('b', '4'));
  known.commit('5');
  const unknown = store.startReplacement();
  unknown.leaveOut?.();
  unknown.commit('6');
  expect(pushed.slice(1)).toEqual([
    ['a@1', 'b@4'],
    ['a@1', 'b@4'],
  ]);
});

test('is kept by a reflector', async () => {
  const { store, pushed } = setUp();
  const source = new FakeSource();
  source.set({ metadata: { name: 'a' } });
  const stop = new AbortController();
  const running = new Reflector(source, store).run({ signal: stop.signal });
  await settle();
  source.set({ metadata: { name: 'b' } });
  source.delete('a');
  await settle();
  stop.abort();
  await running;
  expect(pushed).toEqual([['a@2'], ['a@2', 'b@3'], ['b@3']]);
});
