import { expect, test } from 'vitest';
import { reconnect } from './reconnects.js';

// `npm run soak` does it ten thousand times.
test('an informer that reconnects leaves nothing behind', async () => {
  const { heapBytes, sockets, timers, ...counts } = await reconnect(240);
  expect(counts).toEqual({ abortListeners: 0, pendingTimers: 0 });
  // Some are on their way out, and the test runner has timers of its own. Left behind by one of the eight ways in which a watch
  // ends, there would be fifteen more after the second half.
  expect(Math.max(sockets, timers)).toBeLessThan(8);
  // A response, its signal or its buffers, kept each time, would be more than this.
  expect(heapBytes).toBeLessThan(120 * 20_000);
});
