import * as fc from 'fast-check';
import { test } from 'vitest';
import { shardStories, tellShardStory } from './shard-stories.test.kit.js';

test('whatever happens, nobody holds what another one holds, tokens count up, and in the end all is shared equally', async () => {
  await fc.assert(fc.asyncProperty(shardStories, tellShardStory), { numRuns: 6 });
});
