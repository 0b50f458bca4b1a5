import type { KubernetesObject } from '@client-ts/apimachinery';
import { isNotFound, isStatusError } from '@client-ts/apimachinery/errors';
import { metaNamespaceIndex, metaNamespaceKey, NamespaceIndex, newIndexer } from '@client-ts/cache';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type NamespaceableLister, newLister } from './lister.js';

interface Pod extends KubernetesObject {
  spec?: { node: string };
}

const pods = { group: '', resource: 'pods' };

function pod(namespace: string | undefined, name: string, labels: Record<string, string> = {}): Pod {
  return { metadata: { ...(namespace === undefined ? {} : { namespace }), name, labels } };
}

function listerOf(...objects: readonly Pod[]): NamespaceableLister<Pod> {
  const indexer = newIndexer<Pod, 'namespace'>({
    indexers: { [NamespaceIndex]: metaNamespaceIndex },
  });
  for (const object of objects) indexer.set(metaNamespaceKey(object), object);
  return newLister(indexer, pods);
}

function namesOf(objects: readonly Pod[]): string[] {
  return objects.map(({ metadata }) => metadata?.name ?? '').toSorted();
}

const web = pod('default', 'web', { app: 'web', tier: 'front' });
const api = pod('default', 'api', { app: 'api' });
const other = pod('other', 'web', { app: 'web' });
const bare: Pod = { metadata: { namespace: 'other', name: 'bare' } };
const lister = listerOf(web, api, other, bare);

describe('list', () => {
  test.each([
    [undefined, ['api', 'bare', 'web', 'web']],
    ['', ['api', 'bare', 'web', 'web']],
    ['app=web', ['web', 'web']],
    ['app=web,tier=front', ['web']],
    ['app in (api, web)', ['api', 'web', 'web']],
    ['app!=web', ['api', 'bare']],
    ['!app', ['bare']],
    ['app notin (web),app', ['api']],
  ])('of all namespaces with %j gives %j', (labelSelector, names) => {
    expect(namesOf(lister.list({ labelSelector }))).toEqual(names);
  });

  test.each([
    ['default', undefined, ['api', 'web']],
    ['default', 'app=web', ['web']],
    ['other', undefined, ['bare', 'web']],
    ['other', '!app', ['bare']],
    ['nowhere', undefined, []],
    ['', undefined, []],
  ])('of namespace %j with %j gives %j', (namespace, labelSelector, names) => {
    expect(namesOf(lister.namespace(namespace).list({ labelSelector }))).toEqual(names);
  });

  test('of a namespace looks through all objects where there is no index of namespaces', () => {
    const unindexed = newIndexer<Pod>();
    for (const object of [web, other]) unindexed.set(metaNamespaceKey(object), object);
    const found = newLister(unindexed, pods).namespace('other');
    expect(found.list()).toEqual([other]);
    expect(found.list({ labelSelector: 'app!=web' })).toEqual([]);
  });

  test('passes on what else an indexer throws', () => {
    const broken = newIndexer<Pod>();
    broken.byIndex = () => {
      throw new Error('mine');
    };
    expect(() => newLister(broken, pods).namespace('other').list()).toThrow('mine');
  });

  test('gives the objects that are cached, not copies', () => {
    expect(lister.namespace('default').list({ labelSelector: 'app=web' })[0]).toBe(web);
  });

  test('refuses a selector that is none, and says where', () => {
    expect(() => lister.list({ labelSelector: 'app in' })).toThrow(RangeError);
    expect(() => lister.namespace('default').list({ labelSelector: '=' })).toThrow(RangeError);
  });
});

describe('get and find', () => {
  test('give the object of that name', () => {
    expect(lister.namespace('default').get('web')).toBe(web);
    expect(lister.namespace('other').find('web')).toBe(other);
    expect(lister.get('other/web'), 'of all namespaces: by key').toBe(other);
    expectTypeOf(lister.get('other/web')).toEqualTypeOf<Pod>();
  });

  test('differ where there is none: the error that a server gives, and undefined', () => {
    const inDefault = lister.namespace('default');
    expect(inDefault.find('bare')).toBeUndefined();
    expect(() => inDefault.get('bare')).toThrow('pods "bare" not found');
    expect(() => inDefault.get('bare')).toThrow(expect.toSatisfy(isNotFound));
    expect(() => lister.get('web')).toThrow('pods "web" not found');
  });

  test('the error names the resource with its group', () => {
    const deployments = newLister(newIndexer<Pod>(), { group: 'apps', resource: 'deployments' });
    let error: unknown;
    try {
      deployments.get('web');
    } catch (thrown) {
      error = thrown;
    }
    expect(isStatusError(error) && error.status).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'deployments.apps "web" not found',
      details: { name: 'web', group: 'apps', kind: 'deployments' },
    });
  });

  test('names as those of members of Object are names', () => {
    expect(lister.namespace('default').find('__proto__')).toBeUndefined();
    expect(lister.find('constructor')).toBeUndefined();
  });
});

test('objects without namespace are found by their name', () => {
  const nodes = listerOf(pod(undefined, 'node-1', { zone: 'a' }));
  expect(nodes.get('node-1').metadata?.name).toBe('node-1');
  expect(namesOf(nodes.list({ labelSelector: 'zone=a' }))).toEqual(['node-1']);
});

test('shows what the cache holds now', () => {
  const indexer = newIndexer<Pod, 'namespace'>({ indexers: { [NamespaceIndex]: () => ['default'] } });
  const live = newLister(indexer, pods).namespace('default');
  indexer.set('default/web', web);
  expect(live.list()).toEqual([web]);
  indexer.delete('default/web');
  expect(live.list()).toEqual([]);
});
