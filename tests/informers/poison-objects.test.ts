import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import {
  type EncodedObject,
  InitialEventsAnnotation,
  type KubernetesObject,
  NamespaceAll,
} from '@client-ts/apimachinery';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import {
  type CacheError,
  compactObject,
  type CompactObject,
  type DeletedObject,
  newCompactIndexer,
  SharedIndexInformer,
} from '@client-ts/cache';
import { encodedObjects, RestClient, type ResourceClient } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { BodyServer } from './body-server.js';
import { type EncodingName, encodings } from './encodings.js';

/** What stands in an object where it is going to be damaged: seven letters, so that what takes their place is as long. */
const Marker = 'POISON!';

function listOf(items: readonly KubernetesObject[], resourceVersion: string): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMapList', metadata: { resourceVersion }, items } as KubernetesObject;
}

/** Damages the text that starts at `at`, and nothing around its object. */
const damages: Readonly<Record<EncodingName, (bytes: Uint8Array, at: number) => void>> = {
  // The quotes become blanks.
  JSON: (bytes, at) => bytes.fill(0x20, at - 1, at).fill(0x20, at + Marker.length, at + Marker.length + 1),
  // An unknown tag, and six bytes.
  CBOR: (bytes, at) => bytes.set([0xc6, 0x46], at - 1),
  // The text is longer than what it is in.
  protobuf: (bytes, at) => (bytes[at - 1] = 0x7f),
};

function damaged(name: EncodingName, bytes: Uint8Array): Uint8Array {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(Marker); at >= 0; at = copy.indexOf(Marker, at + 1)) damages[name](copy, at);
  return new Uint8Array(copy);
}

function configMap(name: string, version: number, x: string, label?: string): ConfigMap {
  const metadata = {
    name,
    namespace: 'default',
    resourceVersion: String(version),
    ...(label && { labels: { label } }),
  };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { x } };
}

interface Setting extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly server: BodyServer;
  readonly rest: RestClient;
  readonly client: ResourceClient<ConfigMap, unknown>;
  readonly list: (items: readonly KubernetesObject[], version: string) => void;
  readonly send: (type: string, object: KubernetesObject) => Promise<void>;
}

function setUp(name: EncodingName): Setting {
  const { codec, object, event } = encodings[name];
  const clock = new FakeClock();
  const server = new BodyServer(codec);
  const codecs = codec ? [codec] : [];
  const rest = new RestClient({ host: 'http://server.test', transport: server, codecs }, clock);
  return {
    clock,
    server,
    rest,
    client: rest.resource(configMaps, NamespaceAll),
    list: (items, version) => void (server.list = damaged(name, object(listOf(items, version)))),
    send: async (type, object) => {
      server.send(damaged(name, event({ type, object })));
      await settle();
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

describe.each(Object.keys(damages) as EncodingName[])('with an object that cannot be decoded, in %s', (name) => {
  test('an informer reports it with its key, keeps what it has of it, and goes on', async () => {
    await using setting = setUp(name);
    const { client, clock, server, list, send } = setting;
    const errors: CacheError[] = [];
    const informer = new SharedIndexInformer<ConfigMap>(client, {
      name: 'things',
      clock,
      watchList: false,
      onError: (error) => errors.push(error),
    });
    const deleted: DeletedObject<ConfigMap>[] = [];
    informer.addEventHandler({ onDelete: (object) => deleted.push(object) });
    const reported = (): unknown[] => errors.splice(0).map(({ stage, key }) => [stage, key]);
    const cached = (): string[] =>
      informer.indexer.list().map(({ metadata, data }) => `${metadata?.name}=${data?.['x']}`);
    const stop = new AbortController();

    list([configMap('a', 1, 'one'), configMap('b', 2, Marker), configMap('c', 3, 'one')], '10');
    const running = informer.run({ signal: stop.signal });
    await settle();
    expect([informer.hasSynced(), cached(), reported()]).toEqual([true, ['a=one', 'c=one'], [['decode', 'default/b']]]);

    await send('MODIFIED', configMap('c', 11, Marker));
    await send('MODIFIED', configMap('a', 12, 'two'));
    await send('DELETED', configMap('a', 13, Marker));
    await send('ADDED', configMap('d', 14, 'one'));
    expect([cached(), reported(), informer.health().state]).toEqual([
      ['c=one', 'd=one'],
      [
        ['decode', 'default/c'],
        ['decode', 'default/a'],
      ],
      'watching',
    ]);
    expect(deleted).toMatchObject([{ key: 'default/a', finalStateUnknown: true, object: { data: { x: 'two' } } }]);

    // A new list does not say that it is gone.
    list([configMap('c', 15, Marker), configMap('e', 16, 'one')], '20');
    server.expire();
    await clock.advance(60_000);
    expect(cached().toSorted()).toEqual(['c=one', 'e=one']);
    expect(informer.health().undecodable).toBe(4);
    stop.abort();
    await running;
  });

  test('an informer that cannot read the key takes nothing for deleted by such a list, and lists after such a deletion', async () => {
    await using setting = setUp(name);
    const { client, clock, server, list, send } = setting;
    const errors: CacheError[] = [];
    const deleted: string[] = [];
    const informer = new SharedIndexInformer<ConfigMap>(client, {
      clock,
      watchList: false,
      onError: (error) => errors.push(error),
    });
    informer.addEventHandler({ onDelete: ({ key }) => deleted.push(key) });
    const reported = (): unknown[] => errors.splice(0).map(({ stage, key }) => [stage, key]);
    const stop = new AbortController();
    list([configMap('a', 1, 'one'), configMap('b', 2, 'one')], '10');
    const running = informer.run({ signal: stop.signal });
    await clock.advance(5000);

    list([configMap('a', 11, Marker, Marker), configMap('c', 12, 'one')], '20');
    server.expire();
    await clock.advance(60_000);
    expect([informer.indexer.listKeys().toSorted(), deleted, reported()]).toEqual([
      ['default/a', 'default/b', 'default/c'],
      [],
      [['decode', undefined]],
    ]);

    list([configMap('a', 21, 'two'), configMap('c', 12, 'one')], '30');
    await send('DELETED', configMap('b', 22, 'one', Marker));
    await clock.advance(60_000);
    expect([informer.indexer.listKeys().toSorted(), deleted, reported()]).toEqual([
      ['default/a', 'default/c'],
      ['default/b'],
      [
        ['decode', undefined],
        ['watch', undefined],
      ],
    ]);
    stop.abort();
    await running;
  });

  test('an informer syncs from a stream of initial events', async () => {
    await using setting = setUp(name);
    const { client, clock, send } = setting;
    const errors: CacheError[] = [];
    const informer = new SharedIndexInformer<ConfigMap>(client, { clock, onError: (error) => errors.push(error) });
    const stop = new AbortController();
    const running = informer.run({ signal: stop.signal });
    await settle();
    await send('ADDED', configMap('a', 1, 'one'));
    await send('ADDED', configMap('b', 2, Marker));
    await send('DELETED', configMap('a', 3, Marker));
    await send('ADDED', configMap('c', 4, 'one'));
    const annotations = { [InitialEventsAnnotation]: 'true' };
    await send('BOOKMARK', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { resourceVersion: '9', annotations } });
    expect([informer.hasSynced(), informer.health().mode, informer.indexer.listKeys()]).toEqual([
      true,
      'watchList',
      ['default/c'],
    ]);
    expect(errors.map(({ stage, key }) => [stage, key])).toEqual([
      ['decode', 'default/b'],
      ['decode', 'default/a'],
    ]);
    stop.abort();
    await running;
  });

  test('an informer that keeps bytes reports what it cannot read the metadata of', async () => {
    await using setting = setUp(name);
    const { rest, clock, list, send } = setting;
    const errors: CacheError[] = [];
    const informer = new SharedIndexInformer<CompactObject<ConfigMap>, never, EncodedObject<ConfigMap>>(
      encodedObjects(rest, configMaps, NamespaceAll),
      { clock, watchList: false, project: compactObject, indexer: newCompactIndexer, onError: (e) => errors.push(e) },
    );
    const stop = new AbortController();
    list([configMap('a', 1, 'one'), configMap('b', 2, 'one', Marker), configMap('c', 3, 'one')], '10');
    const running = informer.run({ signal: stop.signal });
    await settle();
    await send('ADDED', configMap('d', 11, 'one', Marker));
    await send('ADDED', configMap('e', 12, 'one'));
    expect(informer.indexer.list().map(({ key }) => key)).toEqual(['default/a', 'default/c', 'default/e']);
    expect(errors.map(({ stage, key }) => [stage, key])).toEqual([
      ['decode', undefined],
      ['decode', undefined],
    ]);
    stop.abort();
    await running;
  });
});
