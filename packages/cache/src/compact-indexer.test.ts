import type { EncodedObject, KubernetesObject, ObjectDecoder, ObjectMeta } from '@client-ts/apimachinery';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { newCompactIndexer } from './compact-indexer.js';
import { type CompactObject, compactObject } from './compact-object.js';
import { metaNamespaceKey } from './key.js';
import { DeltaFIFO } from './delta-fifo.js';
import type { CacheError } from './error-handler.js';
import type { IndexError } from './map-indexer.js';
import { RealFIFO } from './real-fifo.js';
import type { SharedIndexInformerOptions } from './shared-informer-options.js';
import { SharedIndexInformer } from './shared-informer.js';
import { FakeSource } from './testing/fake-source.js';
import { indexerCases, type Thing } from './testing/indexer-cases.js';
import type { IndexFunc, Indexers, WritableIndexer } from './store.js';

interface Cat extends KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: { color?: string };
}

/** Counts what it decodes. */
class CountingDecoder<T extends KubernetesObject> implements ObjectDecoder<T> {
  objects = 0;
  metadata = 0;

  decode(bytes: Uint8Array): T {
    this.objects++;
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  }

  decodeMetadata(bytes: Uint8Array): ObjectMeta {
    this.metadata++;
    return (JSON.parse(new TextDecoder().decode(bytes)) as T).metadata!;
  }
}

function encode<T extends KubernetesObject>(object: T, decoder: ObjectDecoder<T>): EncodedObject<T> {
  const bytes = new TextEncoder().encode(JSON.stringify(object));
  return { apiVersion: 'v1', kind: 'Cat', metadata: structuredClone(object.metadata!), bytes, decoder };
}

function cat(name: string, color: string, resourceVersion = '1'): Cat {
  return {
    apiVersion: 'v1',
    kind: 'Cat',
    metadata: { name, namespace: 'ns', resourceVersion, labels: { color } },
    spec: { color },
  };
}

describe('newCompactIndexer', () => {
  type Holder = Thing & KubernetesObject;
  /** Things, as if they were kept as they are. */
  function ofThings(indexers: Indexers<Thing, string>): WritableIndexer<Thing, string> {
    const decoder = new CountingDecoder<Holder>();
    const ofHolder = (func: IndexFunc<Thing>) => (object: CompactObject<Holder>) => func(thingOf(object)!);
    const compact = newCompactIndexer<Holder, string>();
    const inCompact = ({ id, tags }: Thing): CompactObject<Holder> =>
      compactObject(encode({ metadata: { name: id }, id, tags }, decoder));
    const thingOf = (object: CompactObject<Holder> | undefined): Thing | undefined => {
      if (!object) return undefined;
      const { id, tags } = object.object();
      return { id, tags };
    };
    const addIndexers = <J extends string>(added: Indexers<Thing, J>): void => {
      const entries = Object.entries<IndexFunc<Thing>>(added).map(([name, func]) => [name, ofHolder(func)] as const);
      compact.addIndexers<string>(Object.fromEntries(entries));
    };
    addIndexers(indexers);
    return {
      get size() {
        return compact.size;
      },
      addIndexers,
      stats: () => compact.stats!(),
      set: (key, thing) => thingOf(compact.set(key, inCompact(thing))),
      delete: (key) => thingOf(compact.delete(key)),
      getByKey: (key) => thingOf(compact.getByKey(key)),
      list: () => compact.list().map((object) => thingOf(object)!),
      listKeys: () => compact.listKeys(),
      byIndex: (index, value) => compact.byIndex(index, value).map((object) => thingOf(object)!),
      indexKeys: (index, value) => compact.indexKeys(index, value),
      indexValues: (index) => compact.indexValues(index),
      replace: (things) => compact.replace(new Map([...things].map(([key, thing]) => [key, inCompact(thing)]))),
      startReplacement() {
        const replacement = compact.startReplacement!();
        return {
          set: (key, thing) => replacement.set(key, inCompact(thing)),
          commit: () => replacement.commit(),
        };
      },
    };
  }

  test.each(Object.entries(indexerCases))('%s', (_, run) => run(ofThings));
});

test('what is read is a new object each time, and the state of when it was read', () => {
  const decoder = new CountingDecoder<Cat>();
  const indexer = newCompactIndexer<Cat>();
  indexer.set('ns/a', compactObject(encode(cat('a', 'red', '1'), decoder)));
  const read = indexer.getByKey('ns/a')!;
  expectTypeOf(read.object()).toEqualTypeOf<Cat>();
  const mine = read.object();
  mine.spec!.color = 'mine';
  expect(read.object()).toEqual(cat('a', 'red', '1'));
  const before = indexer.set('ns/a', compactObject(encode(cat('a', 'blue', '2'), decoder)))!;
  for (let n = 0; n < 2000; n++) indexer.set('ns/a', compactObject(encode(cat('a', 'black', String(n)), decoder)));
  expect([read.object().spec, before.object().spec]).toEqual([{ color: 'red' }, { color: 'red' }]);
  expect([read.key, read.apiVersion, read.kind, read.metadata.name]).toEqual(['ns/a', 'v1', 'Cat', 'a']);
  expect(JSON.parse(JSON.stringify(read))).toEqual(cat('a', 'red', '1'));
});

test('what one store has can be put into another, or once more into the same', () => {
  const decoder = new CountingDecoder<Cat>();
  const [one, other] = [newCompactIndexer<Cat>(), newCompactIndexer<Cat>()];
  one.set('ns/a', compactObject(encode(cat('a', 'red'), decoder)));
  other.set('ns/a', one.getByKey('ns/a')!);
  one.set('ns/a', one.getByKey('ns/a')!);
  const bytes = encode(cat('a', 'red'), decoder).bytes.length;
  one.delete('ns/a');
  expect(other.getByKey('ns/a')?.object()).toEqual(cat('a', 'red'));
  expect([one.size, other.size, bytes < other.stats!().bytes]).toEqual([0, 1, true]);
});

test('a decoder that fails on an object is an error that names it', () => {
  const broken: ObjectDecoder<Cat> = {
    decode: () => {
      throw new RangeError('offset 3');
    },
    decodeMetadata: () => {
      throw new RangeError('offset 4');
    },
  };
  const errors: IndexError[] = [];
  const indexer = newCompactIndexer<Cat, 'byColor' | 'byName'>({
    indexers: {
      byColor: (object) => [object.object().spec?.color ?? ''],
      byName: ({ metadata }) => [metadata.name ?? ''],
    },
    onError: (error) => errors.push(error),
  });
  indexer.set('ns/a', compactObject(encode(cat('a', 'red'), broken)));
  expect(errors.map(({ index, key }) => [index, key])).toEqual([['byColor', 'ns/a']]);
  expect(indexer.byIndex('byName', 'a')).toHaveLength(1);
  const read = indexer.getByKey('ns/a')!;
  expect(() => read.object()).toThrow('cannot decode "ns/a": offset 3');
  expect(() => read.metadata).toThrow('cannot decode the metadata of "ns/a": offset 4');
  expect(() => read.object()).toThrow(expect.objectContaining({ name: 'CacheError', stage: 'decode', key: 'ns/a' }));
});

type NewQueue = SharedIndexInformerOptions<CompactObject<Cat>, string, EncodedObject<Cat>>['newQueue'];

test.each<[string, NewQueue]>([
  ['RealFIFO', (options) => new RealFIFO(options)],
  ['DeltaFIFO', (options, knownObjects) => new DeltaFIFO({ ...options, knownObjects })],
])('an informer on %s keeps bytes, and decodes no more than it is asked for', async (_, newQueue) => {
  const decoder = new CountingDecoder<Cat>();
  const clock = new FakeClock(0);
  const source = new FakeSource<EncodedObject<Cat>>();
  const set = (object: Cat): void => void source.set(encode(object, decoder));
  set(cat('a', 'red'));
  set(cat('b', 'blue'));
  const errors: CacheError[] = [];
  const informer = new SharedIndexInformer<CompactObject<Cat>, 'byColor', EncodedObject<Cat>>(source, {
    project: compactObject,
    indexer: newCompactIndexer,
    indexers: {
      byColor: ({ metadata, key }) => {
        if (key === 'ns/b') throw new Error('poison');
        return [metadata.labels?.['color'] ?? ''];
      },
    },
    clock,
    newQueue,
    freeze: true,
    onError: (error) => errors.push(error),
  });
  expectTypeOf(informer.indexer.list()).toEqualTypeOf<readonly CompactObject<Cat>[]>();
  const told: string[] = [];
  informer.addEventHandler({
    onAdd: ({ metadata, key }) => told.push(`add ${metadata.namespace} ${key}`),
    onUpdate: (before, after) => told.push(`update ${metaNamespaceKey(before)} ${metaNamespaceKey(after)}`),
    onDelete: ({ key }) => told.push(`delete ${key}`),
  });
  void informer.run({ signal: new AbortController().signal });
  await settle();
  set(cat('a', 'green'));
  source.delete('ns/b');
  await settle();
  expect(told).toEqual(['add ns ns/a', 'add ns ns/b', 'update ns/a ns/a', 'delete ns/b']);
  expect(informer.indexer.byIndex('byColor', 'green')).toHaveLength(1);
  const late: string[] = [];
  informer.addEventHandler({ onAdd: (object) => late.push(metaNamespaceKey(object)) });
  await settle();
  expect(late).toEqual(['ns/a']);
  informer.addEventHandler({ onUpdate: (_, object) => late.push(object.key) }, { resyncPeriodMs: 1000 });
  await clock.advance(1500);
  expect(late).toEqual(['ns/a', 'ns/a']);
  expect([decoder.objects, decoder.metadata]).toEqual([0, 0]);
  expect(errors.map(({ stage, key }) => [stage, key])).toEqual([['index', 'ns/b']]);
  expect(informer.indexer.getByKey('ns/a')?.object().spec).toEqual({ color: 'green' });
  expect([decoder.objects, decoder.metadata]).toEqual([1, 0]);
});
