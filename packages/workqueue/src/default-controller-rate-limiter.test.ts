import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { defaultControllerRateLimiter } from './default-controller-rate-limiter.js';

test('an item that goes on failing waits 5 ms, doubling to 1000 s', async () => {
  const clock = new FakeClock();
  const limiter = defaultControllerRateLimiter<string>(clock);
  for (let failures = 0; failures < 20; failures++) {
    const delayMs = limiter.when('one');
    expect(delayMs).toBe(Math.min(5 * 2 ** failures, 1_000_000));
    await clock.advance(delayMs);
  }
  expect(limiter.numRequeues('one')).toBe(20);
  limiter.forget('one');
  expect(limiter.when('one')).toBe(5);
});

test('a hundred items may fail at once; those after them come ten a second', () => {
  const limiter = defaultControllerRateLimiter<number>(new FakeClock());
  const delays = Array.from({ length: 103 }, (_, item) => limiter.when(item));
  expect(new Set(delays.slice(0, 100))).toEqual(new Set([5]));
  expect(delays.slice(100)).toEqual([100, 200, 300]);
});
