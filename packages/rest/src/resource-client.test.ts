import {
  defineResource,
  type EncodedObject,
  type KubernetesObject,
  type ListerWatcher,
  NamespaceAll,
  realClock,
} from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import { ResponseDecodeError } from './decode-json.js';
import { encodedObjects } from './encoded-objects.js';
import { jsonCodec } from './json-codec.js';
import { RequestError } from './request.js';
import { ResourceClient } from './resource-client.js';
import type { Sender } from './sender.js';
import type { TransportResponse } from './transport-request.js';

const group = { group: 'example.com', version: 'v1' };
const pods = defineResource<KubernetesObject>()({ ...group, resource: 'pods', kind: 'Pod', scope: 'Namespaced' });
const nodes = defineResource<KubernetesObject>()({ ...group, resource: 'nodes', kind: 'Node', scope: 'Cluster' });

/** A sender that gives one value as the answer, whatever is asked. */
function answering(value: unknown): Sender {
  const response = (): TransportResponse => ({
    status: 200,
    headers: {},
    body: (async function* () {
      yield new TextEncoder().encode(JSON.stringify(value));
    })(),
    discard: () => Promise.resolve(),
  });
  return {
    clock: realClock,
    timeoutMs: undefined,
    json: <R>() => Promise.resolve(value as R),
    read: (_request, _options, read) => read(response()),
    send: () => Promise.resolve(response()),
    codecOf: () => jsonCodec,
    fallBack: () => false,
  };
}

function answered(value: unknown, namespace = 'ns'): ResourceClient<KubernetesObject, KubernetesObject> {
  return new ResourceClient(answering(value), pods, namespace);
}

function answeredEncoded(value: unknown): ListerWatcher<EncodedObject> {
  return encodedObjects(answering(value), pods, 'ns');
}

describe('the scope of a resource', () => {
  const nothing = (): Promise<never> => Promise.reject(new Error('nothing is sent'));
  const sender: Sender = {
    clock: realClock,
    timeoutMs: undefined,
    json: nothing,
    read: nothing,
    send: nothing,
    codecOf: () => jsonCodec,
    fallBack: () => false,
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
  test('to a deletion is the object, or a status, also where the server says nothing', async () => {
    const success = { apiVersion: 'v1', kind: 'Status', status: 'Success' };
    const object = { apiVersion: 'example.com/v1', kind: 'Pod', metadata: { name: 'a', finalizers: ['x'] } };
    expect(await answered(object).delete('a')).toEqual(object);
    expect(await answered({ ...success, details: { uid: '7' } }).delete('a')).toEqual({
      ...success,
      details: { uid: '7' },
    });
    expect(await answered(undefined).delete('a')).toEqual(success);
  });

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

const list = {
  kind: 'PodList',
  metadata: { resourceVersion: '7', continue: 'more' },
  items: [{}, { kind: 'Other' }],
};

describe('items as they arrive', () => {
  test('are those of the list; what is around them is there in the end', async () => {
    const stream = answered(list).listItems();
    const kinds: unknown[] = [];
    for await (const item of stream) {
      kinds.push(item.kind);
      expect(stream.list).toBeUndefined();
    }
    expect(kinds).toEqual(['Pod', 'Other']);
    expect(stream.list).toEqual({ ...list, items: [] });
  });

  test('can be left early, and are not given twice', async () => {
    const stream = answered(list).listItems();
    for await (const _ of stream) break;
    expect(stream.list).toBeUndefined();
    expect(() => stream[Symbol.asyncIterator]()).toThrow('list pods.example.com can be iterated once');
  });

  test('reject when they are none', async () => {
    const stream = answered({ items: ['text'] }).listItems();
    const iterator = stream[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toBeInstanceOf(ResponseDecodeError);
  });

  test('come without managed fields on demand, as lists do', async () => {
    const value = { items: [{ metadata: { name: 'a', managedFields: [{}] } }] };
    const [item] = (await answered(value).list({ dropManagedFields: true })).items;
    expect(item?.metadata).toEqual({ name: 'a' });
    for await (const item of answered(value).listItems({ dropManagedFields: true })) {
      expect(item.metadata).toEqual({ name: 'a' });
    }
  });
});

describe('objects that stay bytes', () => {
  const object = { apiVersion: 'example.com/v1', kind: 'Pod', metadata: { name: 'a' }, spec: { replicas: 1 } };
  const stored = { ...object, metadata: { managedFields: [{ manager: 'tests' }], name: 'a' } };
  const text = JSON.stringify(object);
  const read = ({ apiVersion, kind, metadata, bytes, decoder }: EncodedObject): unknown[] => [
    { apiVersion, kind, metadata },
    new TextDecoder().decode(bytes),
    decoder.decode(bytes.slice()),
  ];
  const { spec: _, ...shown } = object;

  test('have their metadata, and are complete without managed fields', async () => {
    const value = { ...list, items: [stored] };
    const whole = await answeredEncoded(value).list();
    expect(whole.metadata).toEqual(list.metadata);
    expect(whole.items.map(read)).toEqual([[shown, text, object]]);
    const items = answeredEncoded(value).listItems?.();
    for await (const item of items!) expect(read(item)).toEqual([shown, text, object]);
    expect(items?.list).toEqual({ ...list, items: [] });
    for await (const event of answeredEncoded({ type: 'ADDED', object: stored }).watch()) {
      expect(event.type).toBe('ADDED');
      expect(read(event.object as EncodedObject)).toEqual([shown, text, object]);
    }
  });

  test('get the type that the server left out', async () => {
    const { items } = await answeredEncoded({ items: [{ metadata: { name: 'a' } }] }).list();
    const type = { apiVersion: 'example.com/v1', kind: 'Pod' };
    const { metadata } = object;
    expect(items.map(read)).toEqual([[{ ...type, metadata }, '{"metadata":{"name":"a"}}', { ...type, metadata }]]);
  });

  test('have bookmarks among them that are read', async () => {
    const bookmark = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '7' } } };
    for await (const event of answeredEncoded(bookmark).watch()) expect(event).toEqual(bookmark);
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
