import * as fc from 'fast-check';
import { test } from 'vitest';
import { followHistory, watchHistories } from './retry-watcher.test.kit.js';

test('whatever ends its watches, every event comes once, and in order', async () => {
  await fc.assert(fc.asyncProperty(watchHistories, followHistory), { numRuns: 100 });
});
