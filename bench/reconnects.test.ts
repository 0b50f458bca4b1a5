import { expect, test } from 'vitest';
import { reconnect } from './reconnects.js';

// `npm run soak` does it ten thousand times.
test('an informer that reconnects leaves nothing behind', async () => {
  const { heapBytes, ...counts } = await reconnect(240);
  expect(counts).toEqual({ sockets: 0, timers: 0, abortListeners: 0, pendingTimers: 0 });
  // A response, its signal or its buffers, kept each time, would be more than this.
  expect(heapBytes).toBeLessThan(120 * 20_000);
});
