import { defineResource, type KubernetesObject, NamespaceAll } from '@client-ts/apimachinery';
import { realClock } from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import { ResponseDecodeError } from './decode-json.js';
import { RequestError } from './request.js';
import { ResourceClient } from './resource-client.js';

const group = { group: 'example.com', version: 'v1' };
const pods = defineResource<KubernetesObject>()({ ...group, resource: 'pods', kind: 'Pod', scope: 'Namespaced' });
const nodes = defineResource<KubernetesObject>()({ ...group, resource: 'nodes', kind: 'Node', scope: 'Cluster' });

/** A client that is answered with one value, whatever it asks. */
function answered(value: unknown, namespace = 'ns') {
  const sender = {
    clock: realClock,
    json: <R>() => Promise.resolve(value as R),
    send: () => Promise.reject(new Error('nothing is sent')),
  };
  return new ResourceClient(sender, pods, namespace);
}

describe('the scope of a resource', () => {
  const sender = {
    clock: realClock,
    json: () => Promise.reject(new Error('x')),
    send: () => Promise.reject(new Error('x')),
  };

  test('a namespaced one needs a namespace, or all of them on purpose', () => {
    expect(() => new ResourceClient(sender, pods)).toThrow(RequestError);
    expect(() => new ResourceClient(sender, pods, NamespaceAll)).not.toThrow();
  });

  test('a cluster-scoped one takes none', () => {
    expect(() => new ResourceClient(sender, nodes, 'ns')).toThrow(RequestError);
    expect(() => new ResourceClient(sender, nodes)).not.toThrow();
  });
});

describe('what was answered', () => {
  test('gets the type that the server left out, and keeps the one that it gave', async () => {
    expect(await answered({ metadata: {} }).get('a')).toEqual({
      apiVersion: 'example.com/v1',
      kind: 'Pod',
      metadata: {},
    });
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale' };
    expect(await answered(scale).get('a', { subresource: 'scale' })).toEqual(scale);
  });

  test.each([
    [{ kind: 'PodList', apiVersion: 'example.com/v1' }, 'Pod'],
    [{ kind: 'PodMetadataList', apiVersion: 'example.com/v1' }, 'PodMetadata'],
    [{ kind: 'List', apiVersion: 'v1' }, 'Pod'],
    [{ kind: 5 }, 'Pod'],
    [{}, 'Pod'],
  ])('items of the list %j are of the kind %s', async (list, kind) => {
    const { items, metadata } = await answered({ ...list, items: [{}] }).list();
    expect(items[0]?.kind).toBe(kind);
    expect(metadata).toEqual({});
  });

  test.each([
    [undefined, 'GET pods.example.com "a": the answer should be an object, got nothing'],
    [null, 'GET pods.example.com "a": the answer should be an object, got null'],
    [[], 'GET pods.example.com "a": the answer should be an object, got a list'],
    ['text', 'GET pods.example.com "a": the answer should be an object, got string'],
  ])('%j is no object', async (value, message) => {
    await expect(answered(value).get('a')).rejects.toThrow(new ResponseDecodeError(message));
  });

  test.each([{ items: {} }, { items: [null] }, { items: ['text'] }])('%j is no list of objects', async (value) => {
    await expect(answered(value).list()).rejects.toThrow(
      new ResponseDecodeError('GET pods.example.com: the answer should be a list of objects'),
    );
  });
});

test('what is sent is not changed', async () => {
  const object = Object.freeze({ metadata: Object.freeze({ name: 'a' }) });
  const client = answered({ metadata: {} });
  await client.create(object);
  await client.update(object);
  await client.apply(object, { fieldManager: 'tests' });
  expect(object).toEqual({ metadata: { name: 'a' } });
});
