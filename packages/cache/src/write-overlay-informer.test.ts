import * as fc from 'fast-check';
import { test } from 'vitest';
import { overlayStories, tellStory } from './write-overlay.test.kit.js';

test('over informers readers find what they wrote, through outages and lists, and in the end what there is', async () => {
  await fc.assert(fc.asyncProperty(overlayStories, tellStory), { numRuns: 160 });
});
