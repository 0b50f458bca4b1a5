import * as fc from 'fast-check';
import { test } from 'vitest';
import { electionStories, tellElectionStory } from './election-stories.test.kit.js';

test('whatever happens, one leads at most, terms count up, and in the end somebody leads', async () => {
  await fc.assert(fc.asyncProperty(electionStories, tellElectionStory), { numRuns: 12 });
});
