import {
  defineResource,
  type ListOptions,
  type PartialObjectMetadata,
  type UndecodableObject,
} from '@client-ts/apimachinery';
import { headerOf, RequestError, type Transport, type TransportRequest } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { MetadataClient } from './metadata-client.js';
import type { MetadataResource } from './metadata-resource.js';

const widgets = { group: 'example.com', version: 'v1', resource: 'widgets' };
const described = defineResource()({ ...widgets, kind: 'Widget', scope: 'Cluster' });

/** Answers every request with `answer`, and keeps what was asked. */
function setUp(answer: string) {
  const requests: string[] = [];
  const accepts = new Set<string | undefined>();
  const closed: string[] = [];
  const transport: Transport = {
    async request(request: TransportRequest) {
      const { method, url, body } = request;
      requests.push([method, url.pathname, ...(typeof body === 'string' ? [body] : [])].join(' '));
      accepts.add(headerOf(request, 'accept'));
      async function* bytes() {
        try {
          yield new TextEncoder().encode(answer);
        } finally {
          closed.push(url.pathname);
        }
      }
      return { status: 200, headers: {}, body: bytes(), discard: () => Promise.resolve() };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { client: new MetadataClient({ host: 'https://server', transport }), requests, accepts, closed };
}

const partial = {
  apiVersion: 'meta.k8s.io/v1',
  kind: 'PartialObjectMetadata',
  metadata: { name: 'a', labels: { l: '1' } },
};
const whole = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: partial.metadata, spec: { large: true } };
const accept = (kind: string): string =>
  kind === '' ? 'application/json' : `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json`;
const deletion = '{"apiVersion":"v1","kind":"DeleteOptions"}';
const merge = { type: 'merge', patch: { metadata: { labels: { l: '2' } } } } as const;

describe('each verb asks for metadata, and drops the rest where a server gives whole objects', () => {
  const listOf = (object: object): object => ({
    kind: 'SomeList',
    metadata: { resourceVersion: '7' },
    items: [object],
  });
  const partialList = {
    ...partial,
    kind: 'PartialObjectMetadataList',
    metadata: { resourceVersion: '7' },
    items: [partial],
  };

  test.each<[string, string, (object: object) => object, (resource: MetadataResource) => Promise<unknown>, unknown]>([
    ['GET …/a', 'PartialObjectMetadata', (object) => object, (resource) => resource.get('a'), partial],
    ['GET …', 'PartialObjectMetadataList', listOf, (resource) => resource.list(), partialList],
    [
      'GET …',
      'PartialObjectMetadataList',
      listOf,
      async (resource) => {
        const stream = resource.listItems();
        const items: PartialObjectMetadata[] = [];
        for await (const item of stream) items.push(item);
        return { ...stream.list, items };
      },
      partialList,
    ],
    [
      'GET …',
      'PartialObjectMetadata',
      (object) => ({ type: 'ADDED', object }),
      async (resource) => {
        for await (const event of resource.watch()) return event;
        return undefined;
      },
      { type: 'ADDED', object: partial },
    ],
    [
      'PATCH …/a {"metadata":{"labels":{"l":"2"}}}',
      'PartialObjectMetadata',
      (object) => object,
      (resource) => resource.patch('a', merge),
      partial,
    ],
    [`DELETE …/a ${deletion}`, '', () => ({ a: 1 }), (resource) => resource.delete('a'), { a: 1 }],
    [`DELETE … ${deletion}`, '', () => ({}), (resource) => resource.deleteCollection(), undefined],
  ])('%s as %j', async (expected, kind, answer, call, result) => {
    for (const object of [partial, whole]) {
      const { client, requests, accepts } = setUp(`${JSON.stringify(answer(object))}\n`);
      expect(await call(client.resource(widgets))).toEqual(result);
      expect(await call(client.resource(widgets).namespace('ns'))).toEqual(result);
      expect([...accepts]).toEqual([accept(kind)]);
      expect(requests).toEqual([
        expected.replace('…', '/apis/example.com/v1/widgets'),
        expected.replace('…', '/apis/example.com/v1/namespaces/ns/widgets'),
      ]);
    }
  });
});

test('bookmarks are as they came, and leaving a watch closes it', async () => {
  const bookmark = { type: 'BOOKMARK', object: { kind: 'Widget', metadata: { resourceVersion: '7' } } };
  const { client, closed } = setUp(
    `${JSON.stringify(bookmark)}\n${JSON.stringify({ type: 'ADDED', object: whole })}\n`,
  );
  for await (const event of client.resource(widgets).watch()) {
    expect(event).toEqual(bookmark);
    break;
  }
  expect(closed).toHaveLength(1);
  const watch = client.resource(widgets).watch();
  await watch[Symbol.asyncDispose]();
});

describe('what has no metadata', () => {
  const riddle = { kind: 'Riddle', apiVersion: 'example.com/v1' };
  const items = JSON.stringify({ kind: 'SomeList', metadata: { resourceVersion: '7' }, items: [riddle, whole] });
  const events = ['MODIFIED', 'ADDED'].map((type, at) => `${JSON.stringify({ type, object: [riddle, whole][at] })}\n`);

  const reads: Readonly<
    Record<string, [string, (verbs: MetadataResource, options?: ListOptions) => Promise<unknown[]>]>
  > = {
    list: [items, async (verbs, options) => [...(await verbs.list(options)).items]],
    listItems: [items, (verbs, options) => collect(verbs.listItems(options))],
    watch: [events.join(''), async (verbs, options) => (await collect(verbs.watch(options))).map(objectOf)],
  };

  test.each(Object.entries(reads))(
    'is refused by %s, unless somebody wants to be told',
    async (verb, [answer, read]) => {
      const verbs = setUp(answer).client.resource(widgets);
      const refusal = 'expected an object with metadata, and this has none';
      await expect(read(verbs)).rejects.toThrow(refusal);
      const told: UndecodableObject[] = [];
      expect(await read(verbs, { onUndecodable: (found) => told.push(found) })).toEqual([partial]);
      expect(told).toEqual([{ error: new TypeError(refusal), type: verb === 'watch' ? 'MODIFIED' : undefined }]);
    },
  );

  test('is refused where it is all there is', async () => {
    const { client } = setUp(JSON.stringify(riddle));
    await expect(client.resource(widgets).get('a')).rejects.toThrow('expected an object with metadata');
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

function objectOf({ object }: { readonly object: unknown }): unknown {
  return object;
}

test('what has no namespaces is given none', () => {
  const { client } = setUp('{}');
  expect(() => client.resource(described).namespace('ns')).toThrow(RequestError);
});
