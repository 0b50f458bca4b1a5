import { defineResource, type GroupVersionKind, type KubernetesObject } from '@client-ts/apimachinery';
import {
  isConflict,
  isNotAcceptable,
  isNotFound,
  isUnknownFieldsError,
  isUnsupportedMediaType,
} from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import type { Config } from './config.js';
import { encodedObjects } from './encoded-objects.js';
import { framedCodec, frames } from './framed-codec.test.kit.js';
import { metadataOnly } from './representation.js';
import type { RequestEvent } from './request-event.js';
import type { ResourceClient } from './resource-client.js';
import { RestClient } from './rest-client.js';
import { type Answer, Script } from './script.test.kit.js';

interface Thing extends KubernetesObject {
  newer?: boolean;
}

const group = { group: 'example.com', version: 'v1' };
const things = defineResource<Thing>()({ ...group, resource: 'things', kind: 'Thing', scope: 'Namespaced' });
const others = defineResource<Thing>()({ ...group, resource: 'others', kind: 'Other', scope: 'Namespaced' });

const Framed = 'application/vnd.example.framed';
const Json = 'application/json';
const thing = (name: string, fields: object = {}): Thing => ({
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name },
  ...fields,
});
const framed = (...values: readonly unknown[]): Answer => ({
  headers: { 'content-type': Framed },
  body: frames(...values),
});
const json = (value: unknown): Answer => ({ headers: { 'content-type': Json }, body: JSON.stringify(value) });
const list = { apiVersion: 'example.com/v1', kind: 'ThingList', metadata: { resourceVersion: '7' } };
const added = (object: Thing): object => ({ type: 'ADDED', object });
const newer = thing('b', { newer: true });

function setUp(answers: Answer[], config: Partial<Config> = {}) {
  const script = new Script(...answers);
  const events: RequestEvent[] = [];
  const rest = new RestClient({
    host: 'https://server',
    transport: script,
    codecs: [framedCodec({ knows: ({ kind }) => kind === 'Thing' || kind === 'Other' })],
    observer: (event) => events.push(event),
    ...config,
  });
  /** What each request asked for, and what its body was. */
  const asked = (): unknown[] => script.requests.map(({ headers }) => headers['accept']);
  const sent = (): unknown[] => script.requests.map(({ headers }) => headers['content-type']);
  return { script, rest, client: rest.resource(things, 'ns'), events, asked, sent };
}

async function collect<V>(values: AsyncIterable<V>): Promise<V[]> {
  const collected: V[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

describe('what is asked for', () => {
  test('is each codec that knows the kind, in order, and then JSON', async () => {
    const second = { ...framedCodec(), mediaType: 'application/second', watchMediaType: 'application/second-seq' };
    const never = { ...framedCodec({ knows: () => false }), mediaType: 'application/never' };
    const codecs = [never, framedCodec(), second];
    const { client, asked } = setUp([json(thing('a')), json(added(thing('a')))], { codecs });
    await client.get('a');
    await collect(client.watch());
    const asItIs = `${Framed},application/second,${Json}`;
    expect(asked()).toEqual([asItIs, asItIs]);
  });

  test.each<[string, (client: ResourceClient<Thing, Thing>) => Promise<unknown>, string]>([
    ['get', (client) => client.get('a'), `${Framed},${Json}`],
    ['get of the status', (client) => client.get('a', { subresource: 'status' }), `${Framed},${Json}`],
    ['get of what may be of another kind', (client) => client.get('a', { subresource: 'scale' }), Json],
    ['create', (client) => client.create(thing('a')), Json],
    ['patch', (client) => client.patch('a', { type: 'merge', patch: {} }), Json],
    ['delete', (client) => client.delete('a'), Json],
  ])('%s', async (_, call, accept) => {
    const { client, asked } = setUp([json(thing('a'))]);
    await call(client);
    expect(asked()).toEqual([accept]);
  });

  test('is JSON only when there is no codec', async () => {
    const without = setUp([json(thing('a'))], { codecs: undefined });
    await without.client.get('a');
    expect(without.asked()).toEqual([Json]);
  });
});

describe('metadata only', () => {
  const as = 'as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
  const partial = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: { name: 'a' } };
  const knows = ({ kind }: GroupVersionKind): boolean => kind === 'PartialObjectMetadata';
  const setUpMetadata = (...answers: Answer[]) => {
    const { rest, ...more } = setUp(answers, { codecs: [framedCodec({ knows })] });
    return { ...more, client: metadataOnly(rest, things, 'ns') };
  };

  test('is asked for with each codec that knows it, and then with JSON', async () => {
    const { client, asked } = setUpMetadata(framed(partial), framed(list, partial));
    expect(await client.get('a')).toEqual(partial);
    expect((await client.list()).items).toEqual([partial]);
    expect(asked()).toEqual([
      `${Framed};${as},${Json};${as},${Json}`,
      `${Framed};${as},${Json};${as},${Json}`.replaceAll('Metadata;', 'MetadataList;'),
    ]);
  });

  test('is JSON after a failure, and when it answers a write', async () => {
    const { client, asked, sent } = setUpMetadata({ status: 406 }, json(partial));
    await client.get('a');
    await client.create({ metadata: { name: 'a' } });
    expect(asked()).toEqual([
      `${Framed};${as},${Json};${as},${Json}`,
      `${Json};${as},${Json}`,
      `${Json};${as},${Json}`,
    ]);
    expect(sent().at(-1)).toBe(Json);
  });
});

describe('what is answered is read by its content type', () => {
  test.each([Framed, `${Framed}; charset=utf-8`, 'Application/VND.example.Framed;stream=watch'])('%s', async (type) => {
    const { client } = setUp([{ headers: { 'content-type': type }, body: frames(thing('a')) }]);
    expect(await client.get('a')).toEqual(thing('a'));
  });

  test('an object', async () => {
    expect(await setUp([framed(thing('a'))]).client.get('a')).toEqual(thing('a'));
    expect(await setUp([json(thing('a'))]).client.get('a')).toEqual(thing('a'));
  });

  test('a list, whole and item by item', async () => {
    for (const answer of [framed(list, thing('a'), thing('b')), json({ ...list, items: [thing('a'), thing('b')] })]) {
      const { client } = setUp([answer, { ...answer }]);
      expect(await client.list()).toEqual({ ...list, items: [thing('a'), thing('b')] });
      const items = client.listItems();
      expect(await collect(items)).toEqual([thing('a'), thing('b')]);
      expect(items.list).toEqual({ ...list, items: [] });
    }
  });

  test('a watch', async () => {
    const event = added(thing('a'));
    expect(await collect(setUp([framed(event, event)]).client.watch())).toEqual([event, event]);
    expect(await collect(setUp([json(event)]).client.watch())).toEqual([event]);
  });

  test('objects that stay bytes', async () => {
    const { rest } = setUp([framed(list, thing('a'))]);
    const { items } = await encodedObjects(rest, things, 'ns').list();
    expect(items.map(({ metadata, bytes, decoder }) => [metadata, bytes, decoder.decode(bytes)])).toEqual([
      [{ name: 'a' }, frames(thing('a')), thing('a')],
    ]);
  });

  test('a failure', async () => {
    const status = { kind: 'Status', status: 'Failure', reason: 'NotFound', message: 'no such thing' };
    const { client } = setUp([{ status: 404, ...framed(status) }]);
    await expect(client.get('a')).rejects.toSatisfy(isNotFound);
    await expect(client.get('a')).rejects.toMatchObject({ code: 404, message: 'no such thing' });
  });

  test('a failure that is damaged is known by its code', async () => {
    const { client } = setUp([{ status: 409, headers: { 'content-type': Framed }, body: '9:{' }]);
    await expect(client.update(thing('a'))).rejects.toSatisfy(isConflict);
  });
});

describe('a body', () => {
  test('is written with the codec, but for patches and what else is no object of this kind', async () => {
    const { client, script, sent } = setUp([json(thing('a'))]);
    await client.create(thing('a'));
    await client.update(thing('a'));
    await client.updateStatus(thing('a'));
    await client.patch('a', { type: 'merge', patch: { a: 1 } });
    await client.apply(thing('a'), { fieldManager: 'tests' });
    await client.create(thing('a'), { subresource: 'copy' });
    await client.create({ ...thing('a'), kind: 'Stranger' });
    await client.delete('a');
    expect(sent()).toEqual([
      Framed,
      Framed,
      Framed,
      'application/merge-patch+json',
      'application/apply-patch+yaml',
      Json,
      Json,
      Json,
    ]);
    expect(script.requests[0]).toHaveProperty('body', frames(thing('a')));
    expect(script.requests[3]).toHaveProperty('body', '{"a":1}');
  });

  test('is JSON when it has a field that the codec has no place for; the next one is not', async () => {
    const { client, sent, events } = setUp([json(thing('a'))]);
    await client.create(newer);
    await client.create(thing('a'));
    expect(sent()).toEqual([Json, Framed]);
    expect(events).toEqual([]);
  });
});

describe('a refusal', () => {
  test('415 makes bodies of the group version JSON, and nothing else', async () => {
    const { client, rest, asked, sent, events } = setUp([{ status: 415 }, json(thing('a'))]);
    expect(await client.create(thing('a'))).toEqual(thing('a'));
    await rest.resource(others, 'ns').update({ metadata: { name: 'a' } });
    await client.get('a');
    expect(sent()).toEqual([Framed, Json, Json, undefined]);
    expect(asked().at(-1)).toBe(`${Framed},${Json}`);
    expect(events).toEqual([
      {
        type: 'fellBackToJson',
        request: { method: 'POST', target: { ...group, resource: 'things', namespace: 'ns' } },
        error: expect.toSatisfy(isUnsupportedMediaType) as unknown,
      },
    ]);
  });

  test('406 makes answers of the group version JSON, and nothing else', async () => {
    const { client, rest, asked, sent, events } = setUp([{ status: 406 }, json(thing('a'))]);
    expect(await client.get('a')).toEqual(thing('a'));
    await rest.resource(others, 'ns').get('a');
    await client.listItems()[Symbol.asyncIterator]().next();
    await client.update(thing('a'));
    expect(asked()).toEqual([`${Framed},${Json}`, Json, Json, Json, Json]);
    expect(sent().at(-1)).toBe(Framed);
    expect(events).toHaveLength(1);
  });

  test('of a watch is one too', async () => {
    const { client, asked } = setUp([{ status: 406 }, json(added(thing('a')))]);
    expect(await collect(client.watch())).toHaveLength(1);
    expect(asked()).toEqual([`${Framed},${Json}`, Json]);
  });

  test('of JSON stands', async () => {
    const { client, script, events } = setUp([{ status: 415 }]);
    await expect(client.create(thing('a'))).rejects.toSatisfy(isUnsupportedMediaType);
    expect(script.requests).toHaveLength(2);
    await expect(client.patch('a', { type: 'strategic', patch: {} })).rejects.toSatisfy(isUnsupportedMediaType);
    expect(script.requests).toHaveLength(3);
    const reading = setUp([{ status: 406 }]);
    await expect(reading.client.get('a')).rejects.toSatisfy(isNotAcceptable);
    expect(reading.script.requests).toHaveLength(2);
    expect(events).toHaveLength(1);
  });
});

describe('fields that the codec does not know', () => {
  test('are read again as JSON, and so is the kind from then on; that is told once', async () => {
    const { client, rest, asked, sent, events } = setUp([framed(newer), json(newer)]);
    expect(await client.get('b')).toEqual(newer);
    expect(await client.get('b')).toEqual(newer);
    await client.update(newer);
    await rest.resource(others, 'ns').get('b');
    expect(asked()).toEqual([`${Framed},${Json}`, Json, Json, Json, `${Framed},${Json}`]);
    expect(sent()[3]).toBe(Json);
    expect(events).toMatchObject([{ type: 'fellBackToJson', request: { method: 'GET' } }]);
    expect(events[0]).toHaveProperty(
      'error.message',
      'GET things.example.com "b": example.com/v1 Thing has the unknown field newer',
    );
  });

  test('are not noticed by who lists', async () => {
    const { client, asked } = setUp([framed(list, thing('a'), newer), json({ ...list, items: [thing('a'), newer] })]);
    expect(await client.list()).toEqual({ ...list, items: [thing('a'), newer] });
    expect(asked()).toEqual([`${Framed},${Json}`, Json]);
  });

  test('are not noticed in the first value of a stream', async () => {
    const items = setUp([framed(list, newer), json({ ...list, items: [newer] })]).client.listItems();
    expect(await collect(items)).toEqual([newer]);
    expect(items.list).toEqual({ ...list, items: [] });
    const event = added(newer);
    expect(await collect(setUp([framed(event), json(event)]).client.watch())).toEqual([event]);
  });

  test.each([
    ['list', (client: ResourceClient<Thing, Thing>) => client.listItems(), [list, thing('a'), newer], [thing('a')]],
    [
      'watch',
      (client: ResourceClient<Thing, Thing>) => client.watch(),
      [added(thing('a')), added(newer)],
      [added(thing('a'))],
    ],
  ])('end a %s that is under way; the next one is JSON', async (_, open, values, given) => {
    const { client, asked } = setUp([framed(...values), json({ ...list, items: [] }), json({})]);
    const seen: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const value of open(client)) seen.push(value);
    };
    await expect(read()).rejects.toSatisfy(isUnknownFieldsError);
    expect(seen).toEqual(given);
    await client.list();
    expect(asked().at(-1)).toBe(Json);
  });

  test('are noticed by all who asked at the same time', async () => {
    const { client, events } = setUp([framed(newer), framed(newer), json(newer)]);
    expect(await Promise.all([client.get('b'), client.get('b')])).toEqual([newer, newer]);
    expect(events).toHaveLength(1);
  });

  test('do not keep a server busy that sends them whatever it is asked for', async () => {
    const one = setUp([framed(newer)]);
    await expect(one.client.get('b')).rejects.toSatisfy(isUnknownFieldsError);
    expect(one.script.requests).toHaveLength(2);
    const stream = setUp([framed(added(newer))]);
    await expect(collect(stream.client.watch())).rejects.toSatisfy(isUnknownFieldsError);
    expect(stream.script.requests).toHaveLength(2);
  });

  test('do not send again what was written', async () => {
    const { client, script } = setUp([framed(newer)]);
    await expect(client.create(thing('b'))).rejects.toSatisfy(isUnknownFieldsError);
    expect(script.requests).toHaveLength(1);
  });
});
