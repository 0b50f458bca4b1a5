import { defineResource, type KubernetesObject, NamespaceAll, type Unstructured } from '@client-ts/apimachinery';
import { RequestError, type Transport, type TransportRequest } from '@client-ts/rest';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { DynamicClient, type DynamicResource } from './dynamic-client.js';

interface CronTab extends KubernetesObject {
  spec?: { cronSpec: string };
}

const crontabs = { group: 'stable.example.com', version: 'v1', resource: 'crontabs' };
const described = defineResource<CronTab>()({ ...crontabs, kind: 'CronTab', scope: 'Namespaced' });
const clusters = defineResource<CronTab>()({ ...crontabs, resource: 'clusters', kind: 'Cluster', scope: 'Cluster' });

/** Answers every request with `answer`, and keeps what was asked. */
function setUp(answer: object = { metadata: { name: 'a' } }) {
  const requests: string[] = [];
  const transport: Transport = {
    async request({ method, url, body }: TransportRequest) {
      requests.push([method, url.pathname + url.search, ...(typeof body === 'string' ? [body] : [])].join(' '));
      async function* bytes() {
        yield new TextEncoder().encode(JSON.stringify(answer));
      }
      return { status: 200, headers: {}, body: bytes(), discard: () => Promise.resolve() };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { dynamic: new DynamicClient({ host: 'https://server', transport }), requests };
}

const object = { apiVersion: 'stable.example.com/v1', kind: 'CronTab', metadata: { name: 'a' } };
const sent = JSON.stringify(object);
const deletion = '{"apiVersion":"v1","kind":"DeleteOptions"}';
const owner = { fieldManager: 'tests' };

describe('each verb becomes a request, without and with a namespace', () => {
  test.each<[string, (resource: DynamicResource<Unstructured, Unstructured>) => Promise<unknown>]>([
    ['GET …/a', (resource) => resource.get('a')],
    ['GET …/a/scale', (resource) => resource.get('a', { subresource: 'scale' })],
    ['GET …', (resource) => resource.list()],
    [`POST … ${sent}`, (resource) => resource.create(object)],
    [`POST …/a/eviction ${sent}`, (resource) => resource.create(object, { subresource: 'eviction' })],
    [`PUT …/a ${sent}`, (resource) => resource.update(object)],
    [`PUT …/a/status ${sent}`, (resource) => resource.updateStatus(object)],
    ['PATCH …/a {"x":1}', (resource) => resource.patch('a', { type: 'merge', patch: { x: 1 } })],
    [`PATCH …/a?fieldManager=tests ${sent}`, (resource) => resource.apply(object, owner)],
    [`PATCH …/a/status?fieldManager=tests ${sent}`, (resource) => resource.applyStatus(object, owner)],
    [`DELETE …/a ${deletion}`, (resource) => resource.delete('a')],
    [`DELETE … ${deletion}`, (resource) => resource.deleteCollection()],
  ])('%s', async (expected, call) => {
    const { dynamic, requests } = setUp();
    await call(dynamic.resource(crontabs));
    await call(dynamic.resource(crontabs).namespace('ns'));
    expect(requests).toEqual([
      expected.replace('…', '/apis/stable.example.com/v1/crontabs'),
      expected.replace('…', '/apis/stable.example.com/v1/namespaces/ns/crontabs'),
    ]);
  });

  test('resources of the core group are below /api', async () => {
    const { dynamic, requests } = setUp();
    await dynamic.resource({ group: '', version: 'v1', resource: 'pods' }).namespace('ns').get('a');
    expect(requests).toEqual(['GET /api/v1/namespaces/ns/pods/a']);
  });

  test('all namespaces are no namespace in the path', async () => {
    const { dynamic, requests } = setUp();
    await dynamic.resource(described).namespace(NamespaceAll).list();
    expect(requests).toEqual(['GET /apis/stable.example.com/v1/crontabs']);
  });
});

test('a descriptor types its objects, and a bare resource leaves them open', async () => {
  const { dynamic } = setUp();
  const typed = await dynamic.resource(described).namespace('ns').get('a');
  expectTypeOf(typed).toEqualTypeOf<CronTab>();
  expect(typed).toEqual(object);
  const untyped = await dynamic.resource(crontabs).namespace('ns').get('a');
  expectTypeOf(untyped).toEqualTypeOf<Unstructured>();
  expectTypeOf(untyped['spec']).toBeUnknown();
});

test('items of a list get their type from the list, also when nothing else is known', async () => {
  const { dynamic } = setUp({ apiVersion: 'stable.example.com/v1', kind: 'CronTabList', items: [{ new: 'field' }] });
  const { items } = await dynamic.resource(crontabs).list();
  expect(items).toEqual([{ apiVersion: 'stable.example.com/v1', kind: 'CronTab', new: 'field' }]);
});

test('the kind of a bare resource is not made up', async () => {
  const { dynamic, requests } = setUp();
  await dynamic
    .resource(crontabs)
    .namespace('ns')
    .create({ metadata: { name: 'a' } } as Unstructured);
  expect(requests).toEqual([
    'POST /apis/stable.example.com/v1/namespaces/ns/crontabs {"apiVersion":"stable.example.com/v1","metadata":{"name":"a"}}',
  ]);
});

describe('nothing is sent, and the error says why, for', () => {
  const unnamed = { ...object, metadata: {} };
  test.each<[string, (resource: DynamicResource<Unstructured, Unstructured>) => Promise<unknown>, RegExp]>([
    ['get', (resource) => resource.get(''), /name is required/],
    ['delete', (resource) => resource.delete(''), /name is required/],
    ['patch', (resource) => resource.patch('', { type: 'merge', patch: {} }), /name is required/],
    ['update', (resource) => resource.update(unnamed), /name is required/],
    ['updateStatus', (resource) => resource.updateStatus(unnamed), /name is required/],
    ['apply', (resource) => resource.apply(unnamed, owner), /name is required/],
    ['create of a subresource', (resource) => resource.create(unnamed, { subresource: 'x' }), /name is required/],
    ['a name that is a path', (resource) => resource.get('../a'), /may not contain "\/"/],
    ['a subresource that is a path', (resource) => resource.get('a', { subresource: '..' }), /may not be '\.\.'/],
    [
      'fields that are managed already',
      (resource) => resource.apply({ ...object, metadata: { name: 'a', managedFields: [] } }, owner),
      /metadata\.managedFields must not be set/,
    ],
  ])('%s', async (_, call, message) => {
    const { dynamic, requests } = setUp();
    const error: unknown = await call(dynamic.resource(crontabs).namespace('ns')).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RequestError);
    expect((error as Error).message).toMatch(message);
    expect(requests).toEqual([]);
  });

  test('a namespace of what has none', () => {
    expect(() => setUp().dynamic.resource(clusters).namespace('ns')).toThrow(
      'clusters are not namespaced, got namespace "ns"',
    );
  });
});
