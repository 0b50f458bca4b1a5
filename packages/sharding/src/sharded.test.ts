import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import type { ListOptions, UndecodableObject } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { compact, SharedInformerFactory } from '@client-ts/informers';
import { readText, restClientFor, type Transport } from '@client-ts/rest';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sharded } from './sharded.js';
import { ShardedSource } from './sharded-source.js';
import { ShardLayout } from './shard-layout.js';
import type { ShardSet } from './shard-set.js';

const layout = new ShardLayout(4, 'uid');

/** Shards that a test changes. */
class Shards implements ShardSet {
  readonly layout: ShardLayout = layout;
  shards: ReadonlySet<number> = new Set();
  readonly #changed = new Set<() => void>();

  constructor(...shards: number[]) {
    this.shards = new Set(shards);
  }

  set(...shards: number[]): void {
    this.shards = new Set(shards);
    for (const each of this.#changed) each();
  }

  onShards(changed: () => void): () => void {
    this.#changed.add(changed);
    return () => void this.#changed.delete(changed);
  }
}

let clock: FakeClock;
let server: ApiServer;

beforeEach(() => {
  clock = new FakeClock();
  server = new ApiServer({ clock });
});

afterEach(() => server[Symbol.asyncDispose]());

function client() {
  return restClientFor(server.config()).resource(configMaps, 'default');
}

async function create(count: number, from = 0): Promise<ConfigMap[]> {
  const made: ConfigMap[] = [];
  for (let n = from; n < from + count; n++)
    made.push(await client().create({ metadata: { name: `object-${n}` }, data: { n: String(n) } }));
  return made;
}

/** The names of those in these shards. */
function namesIn(objects: readonly ConfigMap[], ...shards: number[]): string[] {
  return objects
    .filter(({ metadata }) => shards.includes(layout.shardOf(metadata)!))
    .map(({ metadata }) => metadata!.name!)
    .toSorted();
}

/** An informer of the config maps in these shards, and what its handlers were told. */
function follow(shards: Shards, { as = 'plain', watchList = true, config = server.config() } = {}) {
  const errors: unknown[] = [];
  const told: string[] = [];
  const filteredBy: string[] = [];
  const factory = new SharedInformerFactory(config, { clock, watchList, onError: (error) => errors.push(error) });
  const options = { onFilteredBy: (by: string) => filteredBy.push(by) };
  const informer =
    as === 'plain'
      ? factory.informer(sharded(configMaps, shards, options))
      : factory.informer(sharded(compact(configMaps), shards, options));
  informer.addEventHandler({
    onAdd: ({ metadata }) => told.push(`+${metadata!.name}`),
    onUpdate: (_, { metadata }) => told.push(`~${metadata!.name}`),
    onDelete: ({ key, object }) => {
      const whole = object && ('object' in object ? (object as { object(): ConfigMap }).object() : object);
      told.push(`-${key}: ${whole?.data?.['n']}`);
    },
  });
  factory.start();
  const names = (): string[] =>
    informer.indexer
      .list()
      .map(({ metadata }) => metadata!.name!)
      .toSorted();
  return { factory, informer, names, told, errors, filteredBy };
}

test.each([
  { as: 'plain', watchList: true },
  { as: 'plain', watchList: false },
  { as: 'compact', watchList: true },
])('what is in other shards is not kept: %j', async (how) => {
  const objects = await create(20);
  const { factory, names, filteredBy, errors } = follow(new Shards(0, 2), how);
  await clock.advance(0);
  expect(names()).toEqual(namesIn(objects, 0, 2));
  objects.push(...(await create(20, 20)));
  await clock.advance(0);
  expect(names()).toEqual(namesIn(objects, 0, 2));
  expect(filteredBy).toEqual(['client']);
  expect(errors).toEqual([]);
  await factory.shutdown();
});

test.each(['plain', 'compact'])(
  'objects come and go with their shards, and the rest is not told of again: %s',
  async (as) => {
    const objects = await create(30);
    const shards = new Shards(0, 1);
    const { factory, names, told, errors } = follow(shards, { as });
    await clock.advance(0);
    told.length = 0;
    shards.set(1, 2);
    await clock.advance(0);
    expect(names()).toEqual(namesIn(objects, 1, 2));
    const n = (name: string): string => name.slice('object-'.length);
    expect(told.toSorted()).toEqual(
      [
        ...namesIn(objects, 0).map((name) => `-default/${name}: ${n(name)}`),
        ...namesIn(objects, 2).map((name) => `+${name}`),
      ].toSorted(),
    );
    // The watch goes on where it was, with the new ones.
    objects.push(...(await create(20, 30)));
    await clock.advance(0);
    expect(names()).toEqual(namesIn(objects, 1, 2));
    shards.set();
    await clock.advance(0);
    expect(names()).toEqual([]);
    shards.set(3);
    await clock.advance(0);
    expect(names()).toEqual(namesIn(objects, 3));
    expect(errors).toEqual([]);
    await factory.shutdown();
  },
);

test('what happened to a gained object before it was listed is not told of after', async () => {
  const first = (await create(1)).at(0)!;
  const shard = layout.shardOf(first.metadata)!;
  const shards = new Shards((shard + 1) % 4);
  const { factory, informer, told } = follow(shards);
  await clock.advance(0);
  for (const data of ['a', 'b', 'c'])
    await client().update({ ...first, metadata: { name: 'object-0' }, data: { data } });
  shards.set(shard);
  await clock.advance(0);
  expect(told).toEqual(['+object-0']);
  expect(informer.indexer.getByKey('default/object-0')).toMatchObject({ data: { data: 'c' } });
  await client().delete('object-0');
  await clock.advance(0);
  expect(informer.indexer.list()).toEqual([]);
  await factory.shutdown();
});

test.each([
  { what: 'keeps its word', own: [0, 1, 2, 3], expected: ['server'] },
  { what: 'sends everything all the same', own: [0, 1], expected: ['client'] },
])('the server is asked for the shards; one that says that it knows of them, and $what', async ({ own, expected }) => {
  await create(8);
  const asked = new Set<string | null>();
  const inner = server.transport;
  const knowing: Transport = {
    async request(request) {
      const { searchParams } = new URL(request.url);
      const selector = searchParams.get('shardSelector');
      asked.add(selector);
      const response = await inner.request(request);
      if (searchParams.get('watch')) return response;
      const text = await readText(response.body);
      const shardInfo = `"shardInfo":${JSON.stringify({ selector })},`;
      const body = new TextEncoder().encode(text.replace('"metadata":{', `"metadata":{${shardInfo}`));
      return { ...response, body: once(body) };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const config = { ...server.config(), transport: knowing };
  const { factory, filteredBy } = follow(new Shards(...own), { watchList: false, config });
  await clock.advance(0);
  expect(asked).toEqual(new Set([layout.selectorOf(own)]));
  expect(filteredBy).toEqual(expected);
  await factory.shutdown();
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

test('what cannot be decoded of other shards is of no concern', () => {
  const uids = Array.from({ length: 40 }, (_, n) => `${n}-0000`);
  const own = uids.find((uid) => layout.shardOf({ uid }) === 1)!;
  const other = uids.find((uid) => layout.shardOf({ uid }) === 2)!;
  let options: ListOptions | undefined;
  const source = new ShardedSource(
    {
      list: (asked) => {
        options = asked;
        return Promise.reject(new Error('not here'));
      },
      watch: () => {
        throw new Error('not here');
      },
    },
    new Shards(1),
  );
  const told: (string | undefined)[] = [];
  const onUndecodable = ({ metadata }: UndecodableObject): void => void told.push(metadata?.uid);
  source.list({ onUndecodable }).catch(() => {});
  for (const uid of [own, other, undefined])
    options?.onUndecodable?.({ error: 1, ...(uid ? { metadata: { uid } } : {}) });
  expect(told).toEqual([own, undefined]);
});

type Step = { readonly do: 'create' | 'update' | 'delete' | 'shards' | 'wait' | 'compact'; readonly n: number };

test('whatever happens, the cache is what the server has of the shards', async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    do: fc.constantFrom('create', 'update', 'delete', 'shards', 'shards', 'wait', 'compact'),
    n: fc.nat(15),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30, size: 'max' }), async (steps) => {
      clock = new FakeClock();
      server = new ApiServer({ clock });
      const shards = new Shards(0, 1);
      const { factory, informer, errors } = follow(shards);
      for (const { do: what, n } of steps) {
        const name = `object-${n}`;
        // Not waited for: it may meet whatever goes on.
        if (what === 'create')
          await client()
            .create({ metadata: { name }, data: { n: String(n) } })
            .catch(() => {});
        if (what === 'update')
          await client()
            .update({ metadata: { name }, data: { n: String(clock.now()) } })
            .catch(() => {});
        if (what === 'delete')
          await client()
            .delete(name)
            .catch(() => {});
        if (what === 'shards') shards.set(...[0, 1, 2, 3].filter((shard) => n & (1 << shard)));
        if (what === 'compact') server.compact();
        if (what === 'wait') await clock.advance(n);
      }
      await clock.advance(5000);
      const { items } = await client().list();
      const expected = items.filter(({ metadata }) => shards.shards.has(layout.shardOf(metadata)!));
      const versions = (all: readonly ConfigMap[]): string[] =>
        all.map(({ metadata }) => `${metadata!.name} ${metadata!.resourceVersion}`).toSorted();
      expect(versions(informer.indexer.list() as ConfigMap[])).toEqual(versions(expected));
      expect(errors).toEqual([]);
      await factory.shutdown();
      await server[Symbol.asyncDispose]();
    }),
    { numRuns: 30 },
  );
});
