import * as fc from 'fast-check';
import { test } from 'vitest';
import { queueStories, tellQueueStory } from './queue-model.test.kit.js';

test('whatever is done to a queue, it does what a naive one does', async () => {
  await fc.assert(fc.asyncProperty(queueStories, tellQueueStory), { numRuns: 100 });
});
