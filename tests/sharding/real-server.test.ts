import { Environment } from '@client-ts/envtest';
import { expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { overlaps } from './overlaps.js';
import { Scene } from './scene.js';

const Objects = 120;

const ShardedListAndWatch = '--feature-gates=ShardedListAndWatch=true';

describeReal('shards of a controller on a real server', ['etcd', 'kubeApiserver'], () => {
  test(
    'every object is worked on, and never by two at once, whatever happens to processes',
    { timeout: 240_000 },
    async () => {
      await using environment = await Environment.start({ apiServerFlags: [ShardedListAndWatch] });
      await using scene = new Scene(environment, { objects: Objects, leaseDurationMs: 6000 });
      const [killed, stopped] = ['a', 'b', 'c', 'd'].map((identity) => scene.start(identity));
      await scene.change();
      await scene.shares(8, 8, 8, 8);
      await scene.allDone();

      killed!.signal('SIGKILL');
      await scene.change();
      await scene.allDone();

      const stoppedAt = stopped!.signal('SIGSTOP');
      const added = scene.start('e');
      await scene.change();
      await scene.allDone();
      const continuedAt = stopped!.signal('SIGCONT');
      await scene.shares(8, 8, 8, 8);
      await scene.change();
      await scene.allDone();

      await scene.stop();
      const spans = scene.spans();
      expect(overlaps(spans)).toEqual([]);
      expect(new Set(spans.map(({ uid }) => uid)).size).toBe(Objects);
      expect(added.spans().length).toBeGreaterThan(0);
      for (const { events } of scene.workers.slice(1)) expect(events.at(-1)).toMatchObject({ event: 'ended' });
      for (const each of scene.workers) expect(each.filteredBy).toEqual(['server']);
      // What it held before it stood still it has lost.
      const own = stopped!.spans();
      const before = new Set(own.filter(({ from }) => from < stoppedAt).map(({ holder }) => holder));
      const after = own.filter(({ from }) => from > continuedAt).map(({ holder }) => holder);
      expect(after.filter((holder) => before.has(holder))).toEqual([]);
    },
  );

  test('each process keeps its share of the objects alone, also when the server sends it all of them', async () => {
    await using environment = await Environment.start();
    await using scene = new Scene(environment, { objects: Objects, leaseDurationMs: 60_000 });
    const [one, two] = ['a', 'b'].map((identity) => scene.start(identity));
    await scene.change();
    await scene.shares(16, 16);
    await scene.allDone();
    // Shares are told of before what was gained has been listed.
    const kept = async (): Promise<number> => {
      const usages = await Promise.all([one!, two!].map((each) => scene.usageOf(each)));
      return usages.reduce((sum, { objects }) => sum + objects, 0);
    };
    await expect.poll(kept).toBe(Objects);
    await scene.stop();
    expect(overlaps(scene.spans())).toEqual([]);
    expect([one!.filteredBy, two!.filteredBy]).toEqual([['client'], ['client']]);
  });
});
