import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import type { CacheError, Notification } from '@client-ts/cache';
import { RestClient } from '@client-ts/rest';
import { expect, test } from 'vitest';
import { SqliteIndexer } from './sqlite-indexer.js';
import { Stack } from './stack.js';

function describeChange(change: Notification<ConfigMap>): string {
  if (change.type === 'delete')
    return `delete ${change.deleted.key}${change.deleted.finalStateUnknown ? ' unseen' : ''}`;
  const { metadata } = change.type === 'add' ? change.object : change.newObject;
  return `${change.type} ${metadata?.namespace}/${metadata?.name}`;
}

test.each(['DeltaFIFO', 'RealFIFO'] as const)(
  'on %s the database is as the server, whatever happens',
  async (queue) => {
    const clock = new FakeClock();
    await using server = new ApiServer({ clock });
    const client = new RestClient(server.config(), clock).resource(configMaps, 'default');
    for (const name of ['a', 'b']) await client.create({ metadata: { name, labels: { app: 'web' } } });
    using indexer = new SqliteIndexer<ConfigMap, 'byApp'>({
      indexers: { byApp: ({ metadata }) => [metadata?.labels?.['app'] ?? ''] },
    });
    const changes: string[] = [];
    const stack = new Stack(client, indexer, {
      queue,
      clock,
      onChange: (change) => changes.push(describeChange(change)),
    });
    const stop = new AbortController();
    const running = stack.run({ signal: stop.signal });
    await clock.advance(0);
    expect(stack.hasSynced()).toBe(true);
    expect(changes.splice(0).toSorted()).toEqual(['add default/a', 'add default/b']);

    await client.patch('a', { type: 'merge', patch: { metadata: { labels: { app: 'db' } } } });
    await clock.advance(0);
    expect(changes.splice(0)).toEqual(['update default/a']);
    expect([indexer.indexKeys('byApp', 'web'), indexer.indexKeys('byApp', 'db')]).toEqual([
      ['default/b'],
      ['default/a'],
    ]);

    server.closeWatches('expired');
    await client.delete('b');
    await client.create({ metadata: { name: 'c' } });
    await clock.advance(60_000);
    expect(changes.splice(0).toSorted()).toEqual(['add default/c', 'delete default/b unseen']);
    expect(indexer.list()).toEqual((await client.list()).items);

    stop.abort();
    await running;
    expect(clock.pending).toBe(0);
  },
);

test('what the database refuses is brought again by a list', async () => {
  const clock = new FakeClock();
  await using server = new ApiServer({ clock });
  const client = new RestClient(server.config(), clock).resource(configMaps, 'default');
  using indexer = new SqliteIndexer<ConfigMap>();
  const stack = new Stack(client, indexer, { clock, onError: () => undefined });
  const stop = new AbortController();
  const running = stack.run({ signal: stop.signal });
  await clock.advance(0);
  const set = indexer.set.bind(indexer);
  indexer.set = () => {
    throw new Error('disk full');
  };
  await client.create({ metadata: { name: 'a' } });
  await clock.advance(0);
  indexer.set = set;
  expect(indexer.size).toBe(0);
  await clock.advance(60_000);
  expect(indexer.listKeys()).toEqual(['default/a']);
  stop.abort();
  await running;
});

test('a callback that throws is reported, and no trouble of the database', async () => {
  const clock = new FakeClock();
  await using server = new ApiServer({ clock });
  const client = new RestClient(server.config(), clock).resource(configMaps, 'default');
  await client.create({ metadata: { name: 'a' } });
  using indexer = new SqliteIndexer<ConfigMap>();
  const errors: CacheError[] = [];
  const stack = new Stack(client, indexer, {
    clock,
    onError: (error) => errors.push(error),
    onChange: () => {
      throw new Error('mine');
    },
  });
  const stop = new AbortController();
  const running = stack.run({ signal: stop.signal });
  await clock.advance(60_000);
  const lists = server.actions().filter(({ verb }) => verb === 'list').length;
  await client.create({ metadata: { name: 'b' } });
  await clock.advance(60_000);
  expect(indexer.listKeys()).toEqual(['default/a', 'default/b']);
  expect(errors.map(({ stage, message }) => [stage, message])).toEqual([
    ['handler', 'onChange threw: mine'],
    ['handler', 'onChange threw: mine'],
  ]);
  expect(server.actions().filter(({ verb }) => verb === 'list')).toHaveLength(lists);
  stop.abort();
  await running;
});

test('a long list is taken in slices', async () => {
  const clock = new FakeClock();
  await using server = new ApiServer({ clock });
  const client = new RestClient(server.config(), clock).resource(configMaps, 'default');
  for (let i = 0; i < 20; i++) await client.create({ metadata: { name: `o${i}` } });
  using indexer = new SqliteIndexer<ConfigMap>();
  let taken = 0;
  const stack = new Stack(client, indexer, { clock, onChange: () => taken++ });
  clock.now = () => taken * 3; // so long takes each change
  const stop = new AbortController();
  const running = stack.run({ signal: stop.signal });
  await settle();
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(20);
  for (let turn = 0; turn < 20; turn++) await clock.advance(0);
  expect([taken, stack.hasSynced()]).toEqual([20, true]);
  stop.abort();
  await running;
});
