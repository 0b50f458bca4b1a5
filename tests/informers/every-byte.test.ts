import { expect, test } from 'vitest';
import { earlyEnds, endAfterEveryByte } from './every-byte.js';

// `npm run soak` tries every byte. The step is odd, so that no boundary of a frame is missed for being even.
test.each(earlyEnds)('an informer recovers when a $purpose ends in the middle, by $end', async (earlyEnd) => {
  expect(await endAfterEveryByte(earlyEnd, 17)).toBe(48);
});
