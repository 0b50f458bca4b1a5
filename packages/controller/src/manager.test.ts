import { leases } from '@client-ts/api/coordination/v1';
import { type LeaderElectionConfig, leaseLock } from '@client-ts/leaderelection';
import { RestClient } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { deferred, Loop } from './loop.test.kit.js';
import { Manager } from './manager.js';

function election(loop: Loop, identity: string): Omit<LeaderElectionConfig, 'callbacks'> {
  const lock = leaseLock(loop.server.config(), { namespace: 'default', name: 'lock', identity, clock: loop.clock });
  return { lock, clock: loop.clock };
}

test('several controllers share informers, and end together', async () => {
  await using loop = new Loop();
  await loop.create('a');
  const seen: string[] = [];
  const manager = new Manager({
    controllers: ['one', 'two'].map((name) =>
      loop.controller({ name, reconcile: ({ key }) => void seen.push(`${name} ${key}`) }),
    ),
  });
  const stop = new AbortController();
  expect((await manager.readyz.check()).healthy).toBe(false);
  const running = manager.run({ signal: stop.signal });
  await loop.clock.advance(0);
  expect((await manager.readyz.check()).healthy).toBe(true);
  expect([seen, loop.factory.informers().length, manager.isLeader()]).toEqual([
    ['one default/a', 'two default/a'],
    1,
    true,
  ]);
  stop.abort();
  expect(await running).toBe('cancelled');
  await expect(manager.run({ signal: stop.signal })).rejects.toThrow('can be run once');
});

test('one that fails ends the others', async () => {
  await using loop = new Loop();
  const failing = loop.controller({
    name: 'failing',
    informers: { start: () => {}, waitForCacheSync: () => Promise.reject(new Error('no CRD')) },
    reconcile: () => {},
  });
  const manager = new Manager({ controllers: [loop.controller({ reconcile: () => {} }), failing] });
  await expect(manager.run({ signal: new AbortController().signal })).rejects.toThrow('no CRD');
});

test('it ends well before it has begun', async () => {
  await using loop = new Loop();
  const controllers = [loop.controller({ reconcile: () => {} })];
  const manager = new Manager({ controllers, leaderElection: election(loop, 'one') });
  expect(await manager.run({ signal: AbortSignal.abort() })).toBe('cancelled');
  expect(() => new Manager({ controllers: [...controllers, ...controllers] })).toThrow('there is one of that name');
});

describe('with an election', () => {
  test('who waits for his turn is warm, and works at once when the leader has ended all that it began', async () => {
    await using loop = new Loop();
    await loop.create('a', 'b');
    const log: string[] = [];
    const gate = deferred();
    const start = (name: string) => {
      const stop = new AbortController();
      const controller = loop.controller({
        name,
        reconcile: async ({ key }) => {
          log.push(`${name} begins ${key}`);
          if (name === 'one') await gate.promise;
          log.push(`${name} ends ${key}`);
        },
      });
      const manager = new Manager({
        controllers: [controller],
        leaderElection: election(loop, name),
        onLeading: ({ transitions }) => log.push(`${name} leads, term ${transitions}`),
      });
      return { stop, controller, manager, outcome: manager.run({ signal: stop.signal }) };
    };
    const one = start('one');
    await loop.clock.advance(0);
    const two = start('two');
    await loop.clock.advance(0);
    expect([two.controller.ready, two.manager.isLeader(), log]).toEqual([
      true,
      false,
      ['one leads, term 0', 'one begins default/a'],
    ]);
    one.stop.abort();
    await loop.clock.advance(25_000);
    expect([one.manager.isLeader(), log.length]).toEqual([true, 2]);
    gate.resolve();
    await loop.clock.advance(5000);
    expect(await one.outcome).toBe('cancelled');
    expect(log.slice(2)).toEqual([
      'one ends default/a',
      'two leads, term 1',
      'two begins default/a',
      'two ends default/a',
      'two begins default/b',
      'two ends default/b',
    ]);
    expect((await two.manager.healthz.check()).healthy).toBe(true);
    await two.manager[Symbol.asyncDispose]();
    expect(await two.outcome).toBe('cancelled');
  });

  test('leadership that is lost ends what runs at once', async () => {
    await using loop = new Loop();
    await loop.create('a', 'b');
    const log: string[] = [];
    const controller = loop.controller({
      reconcile: async ({ key }, { signal }) => {
        log.push(key);
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        log.push((signal.reason as Error).name);
      },
    });
    const manager = new Manager({ controllers: [controller], leaderElection: election(loop, 'one') });
    const outcome = manager.run({ signal: new AbortController().signal });
    await loop.clock.advance(0);
    const patch = { type: 'merge', patch: { spec: { holderIdentity: 'somebody else' } } } as const;
    await new RestClient(loop.server.config(), loop.clock).resource(leases, 'default').patch('lock', patch);
    await loop.clock.advance(2000);
    expect(await outcome).toBe('lost');
    expect(log).toEqual(['default/a', 'LeadershipLostError']);
  });

  test('one that is told to end while it waits for its turn does', async () => {
    await using loop = new Loop();
    const holder = new Manager({
      controllers: [loop.controller({ reconcile: () => {} })],
      leaderElection: election(loop, 'one'),
    });
    const holding = holder.run({ signal: new AbortController().signal });
    await loop.clock.advance(0);
    const stop = new AbortController();
    const manager = new Manager({
      controllers: [loop.controller({ reconcile: () => {} })],
      leaderElection: election(loop, 'two'),
    });
    const waiting = manager.run({ signal: stop.signal });
    await loop.clock.advance(3000);
    stop.abort();
    expect(await waiting).toBe('cancelled');
    await holder[Symbol.asyncDispose]();
    await holding;
  });
});
