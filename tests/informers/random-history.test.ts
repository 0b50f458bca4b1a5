import * as fc from 'fast-check';
import { test } from 'vitest';
import { failingStreams, syncDespite } from './failing-streams.js';
import { histories, runHistory } from './random-history.js';

// A failure shows its seed, and the shortest history that was found to fail. `npm run soak` goes on with other seeds.
test('whatever happens to an informer, its cache and its handlers end up right', async () => {
  await fc.assert(fc.asyncProperty(histories, runHistory), { numRuns: 300 });
});

test('whatever becomes of streams of initial events, an informer of a server that lists syncs in time', async () => {
  await fc.assert(fc.asyncProperty(failingStreams, syncDespite), { numRuns: 60 });
});
