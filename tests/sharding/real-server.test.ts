import { Environment } from '@client-ts/envtest';
import { expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { overlaps } from './overlaps.js';
import { Scene } from './scene.js';

/** 10,000 of them are for `npm run soak`, which also tells what they take: see bench/sharding.ts. */
const Objects = 120;

describeReal('shards of a controller on a real server', ['etcd', 'kubeApiserver'], () => {
  // Side by side: most of the time they wait for Leases to run out.
  test.concurrent.each([
    ['knows of shards', true, 'server'],
    ['sends everything', false, 'client'],
  ] as const)(
    'a server that %s: every object is worked on, and never by two at once, whatever happens to processes',
    async (_, gate, filteredBy) => {
      const apiServerFlags = [`--feature-gates=ShardedListAndWatch=${gate}`];
      await using environment = await Environment.start({ apiServerFlags });
      await using scene = new Scene(environment, { objects: Objects, leaseDurationMs: 6000 });
      const four = ['a', 'b', 'c', 'd'].map((identity) => scene.start(identity));
      const [killed, stopped] = four;
      await scene.change();
      await scene.shares(8, 8, 8, 8);
      await scene.allDone();
      // Shares are told of before what was gained has been listed.
      const kept = async (): Promise<number> => {
        const usages = await Promise.all(four.map((each) => scene.usageOf(each)));
        return usages.reduce((sum, { objects }) => sum + objects, 0);
      };
      await expect.poll(kept).toBe(Objects);

      killed!.signal('SIGKILL');
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
      expect(scene.lateWrites).toEqual([]);
      expect(new Set(spans.map(({ uid }) => uid)).size).toBe(Objects);
      expect(added.spans().length).toBeGreaterThan(0);
      for (const { events } of scene.all.slice(1)) expect(events.at(-1)).toMatchObject({ event: 'ended' });
      for (const each of scene.all) expect(each.filteredBy).toEqual([filteredBy]);
      // A machine that is busy lets requests wait, and who was stopped finds that all of his have waited for too long.
      for (const each of scene.all)
        for (const { at, message } of each.failures)
          if (each !== stopped || at < stoppedAt) expect(message).toMatch(/^DeadlineExceededError: .* not done within/);
      // What it held before it stood still it has lost.
      const own = stopped!.spans();
      const before = new Set(own.filter(({ from }) => from < stoppedAt).map(({ holder }) => holder));
      const after = own.filter(({ from }) => from > continuedAt).map(({ holder }) => holder);
      expect(after.filter((holder) => before.has(holder))).toEqual([]);
    },
  );
});
