import { newForbidden, newInternalError } from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import { LogCluster } from './log-cluster.test.kit.js';

const unselected = { type: 'merge', patch: { metadata: { labels: { app: null } } } } as const;
const none: string[] = [];

describe('followed logs of many containers', () => {
  test('come from Pods that are there, and from those that join when they have started', async () => {
    await using cluster = new LogCluster();
    await cluster.run('a', 'main', 'side');
    cluster.follow({ allContainers: true });
    expect(await cluster.told()).toEqual({ seen: ['a/main hello', 'a/side hello'], errors: none });
    await cluster.create('b', 'main');
    cluster.write('b/main', 'early');
    expect(await cluster.told(60_000)).toEqual({ seen: none, errors: none });
    await cluster.become('b', { running: {} });
    expect((await cluster.told()).seen).toEqual(['b/main early']);
    cluster.write('a/side', 'more');
    cluster.write('b/main', 'more');
    expect((await cluster.told()).seen.toSorted()).toEqual(['a/side more', 'b/main more']);
  });

  test('end for a Pod that is not selected any more, and go on for others', async () => {
    await using cluster = new LogCluster();
    await cluster.run('a', 'main');
    await cluster.run('b', 'main');
    cluster.follow();
    await cluster.told();
    await cluster.pods.patch('a', unselected);
    await cluster.told();
    expect(cluster.open).toBe(1);
    cluster.write('a/main', 'unheard');
    cluster.write('b/main', 'heard');
    expect(await cluster.told()).toEqual({ seen: ['b/main heard'], errors: none });
  });

  test('are read to the end for a Pod that is deleted, and anew for one of its name', async () => {
    await using cluster = new LogCluster();
    await cluster.run('a', 'main');
    cluster.follow();
    await cluster.told();
    cluster.write('a/main', 'the last');
    await cluster.delete('a');
    expect(await cluster.told(60_000)).toEqual({ seen: ['a/main the last'], errors: none });
    expect(cluster.open).toBe(0);
    await cluster.run('a', 'other');
    expect(await cluster.told()).toEqual({ seen: ['a/other hello'], errors: none });
  });

  test('of a Pod of which nobody knows whether it was deleted end, and somebody is told', async () => {
    await using cluster = new LogCluster();
    await cluster.run('a', 'main');
    cluster.follow();
    await cluster.told();
    // One that follows a log does not ask for its Pod meanwhile.
    using _ = cluster.server.intercept(({ verb }) => {
      if (verb === 'get') throw newForbidden({ group: '', resource: 'pods' }, 'a', 'not you');
    });
    await cluster.pods.delete('a', { gracePeriodSeconds: 0 });
    expect((await cluster.told()).errors).toEqual([expect.stringContaining('not you')]);
    expect(cluster.open).toBe(0);
  });

  test('wait for one another when there are too many, of which somebody is told once', async () => {
    await using cluster = new LogCluster();
    for (const name of ['a', 'b', 'c', 'd']) await cluster.run(name, 'main');
    cluster.follow({ maxLogRequests: 2 });
    const why = 'container main: waits until one of 2 others has ended (maxLogRequests)';
    expect(await cluster.told()).toEqual({
      seen: ['a/main hello', 'b/main hello'],
      errors: [`logs of default/c, ${why}`, `logs of default/d, ${why}`],
    });
    await cluster.pods.patch('c', unselected);
    expect(await cluster.told()).toEqual({ seen: none, errors: none });
    await cluster.end('a');
    expect(await cluster.told()).toEqual({ seen: ['d/main hello'], errors: none });
    expect(cluster.open).toBe(2);
  });

  test('outlive that nobody may see which Pods there are, of which somebody is told', async () => {
    await using cluster = new LogCluster();
    const refuse = (): Disposable =>
      cluster.server.intercept(({ verb }) => {
        if (verb === 'list' || verb === 'watch') throw newInternalError('no etcd');
      });
    await cluster.run('a', 'main');
    const first = refuse();
    cluster.follow();
    const { seen, errors } = await cluster.told(10_000);
    expect(seen).toEqual([]);
    expect(errors.length).toBeGreaterThan(1);
    expect(errors[0]).toContain('no etcd');
    first[Symbol.dispose]();
    expect((await cluster.told(120_000)).seen).toEqual(['a/main hello']);
    const second = refuse();
    cluster.server.closeWatches('expired');
    cluster.write('a/main', 'more');
    const meanwhile = await cluster.told(60_000);
    expect(meanwhile.seen).toEqual(['a/main more']);
    expect(meanwhile.errors[0]).toContain('no etcd');
    await cluster.run('b', 'main');
    second[Symbol.dispose]();
    expect((await cluster.told(120_000)).seen).toEqual(['b/main hello']);
  });

  test('end with what throws whoever is told, and with the reason of an abort; nothing is left open', async () => {
    const reason = new Error('enough');
    for (const fails of [true, false]) {
      await using cluster = new LogCluster();
      await cluster.run('a', 'main');
      const onError = (): never => {
        throw reason;
      };
      cluster.follow({ maxLogRequests: 1, onError });
      expect((await cluster.told()).seen).toEqual(['a/main hello']);
      if (fails) await cluster.run('b', 'main');
      else cluster.stop(reason);
      expect((await cluster.told()).seen).toEqual(['Error: enough']);
      expect([cluster.open, cluster.clock.pending]).toEqual([0, 0]);
    }
  });

  test('never end by themselves', async () => {
    await using cluster = new LogCluster();
    await cluster.run('a', 'main');
    cluster.follow();
    await cluster.told();
    await cluster.end('a');
    expect(await cluster.told(3_600_000)).toEqual({ seen: none, errors: none });
    await cluster.run('b', 'main');
    expect((await cluster.told()).seen).toEqual(['b/main hello']);
  });
});

describe('followed logs with untilEnded', () => {
  test('end when all have, also those of Pods that joined, and that had not started yet', async () => {
    await using cluster = new LogCluster();
    await cluster.run('a', 'main');
    cluster.follow({ untilEnded: true });
    await cluster.told();
    await cluster.create('b', 'main');
    await cluster.end('a');
    expect((await cluster.told(3_600_000)).seen).toEqual([]);
    await cluster.become('b', { running: {} });
    cluster.write('b/main', 'late');
    expect((await cluster.told(3_600_000)).seen).toEqual(['b/main late']);
    await cluster.end('b');
    expect((await cluster.told(60_000)).seen).toEqual(['end']);
    expect([cluster.open, cluster.clock.pending]).toEqual([0, 0]);
  });

  test('end at once when there are none, and not before that is known', async () => {
    await using cluster = new LogCluster();
    const refusal = cluster.server.intercept(() => {
      throw newInternalError('no etcd');
    });
    cluster.follow({ untilEnded: true });
    expect((await cluster.told(10_000)).seen).toEqual([]);
    refusal[Symbol.dispose]();
    expect((await cluster.told(120_000)).seen).toEqual(['end']);
  });

  test.each([
    ['is over', (cluster: LogCluster): Promise<void> => cluster.end('b')],
    ['is deleted', (cluster: LogCluster): Promise<void> => cluster.delete('b')],
    [
      'is not selected any more',
      async (cluster: LogCluster): Promise<void> => void (await cluster.pods.patch('b', unselected)),
    ],
  ])('do not wait for a Pod that never started, and %s', async (_, happens) => {
    await using cluster = new LogCluster();
    await cluster.create('b', 'main');
    cluster.follow({ untilEnded: true });
    expect((await cluster.told(60_000)).seen).toEqual([]);
    await happens(cluster);
    expect((await cluster.told(60_000)).seen).toEqual(['end']);
  });

  test('wait for those that wait for others', async () => {
    await using cluster = new LogCluster();
    for (const name of ['a', 'b']) {
      await cluster.run(name, 'main');
      await cluster.end(name);
    }
    cluster.follow({ untilEnded: true, maxLogRequests: 1 });
    expect((await cluster.told(60_000)).seen).toEqual(['a/main hello', 'b/main hello', 'end']);
  });
});

test('there is nothing to follow in previous logs: they are listed', async () => {
  await using cluster = new LogCluster();
  await cluster.run('a', 'main');
  cluster.follow({ previous: true });
  expect(await cluster.told(60_000)).toEqual({
    seen: ['end'],
    errors: ['logs of default/a, container main: previous terminated container not found'],
  });
  expect(cluster.server.actions().map(({ verb }) => verb)).not.toContain('watch');
});
