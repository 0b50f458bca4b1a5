import { expect, test } from 'vitest';
import { breakAfterEveryByte, breaks } from './every-byte.js';

// `npm run soak` tries every byte. The step is odd, so that no boundary of a frame is missed for being even.
test.each(breaks)('an informer bears a $purpose in $encoding that breaks: then comes $after', async (each) => {
  expect(await breakAfterEveryByte(each, 47)).toBeGreaterThanOrEqual(12);
});
