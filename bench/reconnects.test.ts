import { expect, test } from 'vitest';
import { reconnect } from './reconnects.js';

// `npm run soak` does it ten thousand times, in a process of its own, where memory, sockets and timers can be counted, too.
test('an informer that reconnects leaves nothing behind', async () => {
  // All ways in which watches end, twice before and twice after the first count.
  const { abortListeners, pendingTimers, openResponses } = await reconnect(32);
  expect({ abortListeners, pendingTimers, openResponses }).toEqual({
    abortListeners: 0,
    pendingTimers: 0,
    openResponses: 0,
  });
});
