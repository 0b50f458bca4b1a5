import { RateLimitingQueue } from '@client-ts/workqueue';
import { type Benchmark, contest } from './benchmark.js';

export const workqueue: Benchmark = {
  name: 'workqueue',
  title: 'keys through a work queue: all added, then each taken and done with',
  unit: 'key',
  size: 100_000,
  async prepare(size) {
    const keys = Array.from({ length: size }, (_, number) => `team-${number % 50}/pod-${number}`);
    return contest(
      {
        name: 'floor: an array and two Sets',
        run() {
          const ready: string[] = [];
          const dirty = new Set<string>();
          const processing = new Set<string>();
          for (const key of keys) {
            if (dirty.has(key)) continue;
            dirty.add(key);
            ready.push(key);
          }
          let units = 0;
          for (const key of ready) {
            dirty.delete(key);
            processing.add(key);
            if (processing.delete(key)) units++;
          }
          return { units };
        },
      },
      {
        name: 'get(), forget(), done()',
        async run() {
          const queue = new RateLimitingQueue();
          for (const key of keys) queue.add(key);
          queue.shutDown();
          let units = 0;
          for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
            queue.forget(key);
            queue.done(key);
            units++;
          }
          return { units };
        },
      },
      {
        name: 'for await (using work of queue)',
        async run() {
          const queue = new RateLimitingQueue();
          for (const key of keys) queue.add(key);
          queue.shutDown();
          let units = 0;
          for await (using work of queue) {
            queue.forget(work.item);
            units++;
          }
          return { units };
        },
      },
    );
  },
};
