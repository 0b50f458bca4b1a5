import { configMaps } from '@client-ts/api/core/v1';
import { leases } from '@client-ts/api/coordination/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { RestClient } from '@client-ts/rest';
import { expect, test } from 'vitest';
import { runCounter } from './counter.js';
import { FencedConfigMap, FencedOffError, TokenAnnotation, tokenOf } from './fenced-config-map.js';

test('one counts, and another one goes on', async () => {
  const clock = new FakeClock();
  await using server = new ApiServer({ clock });
  const config = server.config();
  const log: string[] = [];
  const start = (identity: string) => {
    const stop = new AbortController();
    const outcome = runCounter(config, { identity, clock, signal: stop.signal, log: (message) => log.push(message) });
    return { stop: () => stop.abort(), outcome };
  };
  const one = start('one');
  await clock.advance(0);
  const two = start('two');
  await clock.advance(1500);
  one.stop();
  await clock.advance(4400);
  expect(await one.outcome).toBe('cancelled');
  expect(log.slice(0, 6)).toEqual([
    'one leads, term 0',
    'one counts 1',
    'one counts 2',
    'one no longer leads',
    'two leads, term 1',
    'two counts 3',
  ]);
  // Somebody gives the lease to somebody else.
  const patch = { type: 'merge', patch: { spec: { holderIdentity: 'three' } } } as const;
  await new RestClient(config, clock).resource(leases, 'default').patch('counter', patch);
  await clock.advance(2000);
  expect(await two.outcome).toBe('lost');
  expect(log.at(-1)).toBe('two no longer leads');
  expect(clock.pending).toBe(0);
});

test('what a former leader writes late is refused', async () => {
  await using server = new ApiServer();
  const client = new RestClient(server.config()).resource(configMaps, 'default');
  const fenced = new FencedConfigMap(client, 'fenced');
  const { signal } = new AbortController();
  const write = (transitions: number, holder: string) =>
    fenced.write({ lock: 'default/lock', transitions, holder }, () => ({ by: holder }), { signal });
  await write(1, 'one');
  expect(tokenOf(await write(2, 'two'))).toEqual({ lock: 'default/lock', transitions: 2, holder: 'two' });
  await expect(write(1, 'one')).rejects.toThrow(new FencedOffError('term 1 of one is over: term 2 has written'));
  expect((await client.get('fenced')).data).toEqual({ by: 'two' });
  // Both begin at the same time: one of them has to look again.
  await Promise.allSettled([write(3, 'three'), write(4, 'four')]);
  expect((await client.get('fenced')).data).toEqual({ by: 'four' });
  await client.patch('fenced', { type: 'merge', patch: { metadata: { annotations: { [TokenAnnotation]: '{}' } } } });
  await expect(write(5, 'five')).rejects.toThrow(`${TokenAnnotation}: expected a fencing token, got "{}"`);
});
