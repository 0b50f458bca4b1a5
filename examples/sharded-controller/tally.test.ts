import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { ApiServer } from '@client-ts/apiserver';
import { restClientFor } from '@client-ts/rest';
import type { ShardMember } from '@client-ts/sharding';
import { expect, test } from 'vitest';
import { runTally, TallyAnnotation, tallyOf, tokenOf } from './tally.js';

/** Nobody is to wait, nor to lose a Lease because the machine is busy. */
const Times = { leaseDurationMs: 60_000, renewDeadlineMs: 50_000, retryPeriodMs: 50 } as const;

test('two share the work, and one goes on alone', async () => {
  await using server = new ApiServer();
  const config = server.config();
  const client = restClientFor(config).resource(configMaps, 'default');
  const write = async (text: string): Promise<void> => {
    for (let n = 0; n < 40; n++)
      await client.apply({ metadata: { name: `object-${n}` }, data: { text } }, { fieldManager: 'test' });
  };
  /** Resolves with the members whose names are on the objects, when all tallies are right. */
  const tallied = async (): Promise<Set<string>> => {
    const seen = new Map<string, ConfigMap>();
    for await (const { type, object } of client.watch({ resourceVersion: '0' })) {
      if (type === 'BOOKMARK') continue;
      seen.set(object.metadata!.name!, object);
      const all = [...seen.values()];
      const right = all.filter((each) => each.metadata?.annotations?.[TallyAnnotation] === tallyOf(each));
      if (right.length === 40) return new Set(all.map((each) => tokenOf(each)!.holder));
    }
    throw new Error('the watch has ended');
  };
  const start = (identity: string) => {
    const stop = new AbortController();
    let member!: ShardMember;
    const ended = runTally(config, {
      ...Times,
      identity,
      namespace: 'default',
      signal: stop.signal,
      onMember: (it) => (member = it),
    });
    return { stop: () => stop.abort(), ended, member };
  };

  const one = start('one');
  const two = start('two');
  const halved = new Promise<void>((resolve) => {
    two.member.onShards(() => two.member.shards.size === 16 && one.member.shards.size === 16 && resolve());
    one.member.onShards(() => two.member.shards.size === 16 && one.member.shards.size === 16 && resolve());
  });
  await halved;
  await write('first');
  expect(await tallied()).toEqual(new Set(['one/0', 'two/0']));
  one.stop();
  await one.ended;
  await write('and second');
  await tallied();
  two.stop();
  await two.ended;
  // What one of them had done is counted once, and the other has written after it.
  const { items } = await client.list();
  expect(new Set(items.map((each) => tokenOf(each)?.holder))).toEqual(new Set(['two/0']));
});
