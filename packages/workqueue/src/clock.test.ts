import { afterEach, expect, test, vi } from 'vitest';
import { realClock } from './clock.js';

afterEach(() => vi.restoreAllMocks());

test.each([
  ['one that runtimes take', 7, 7],
  ['a negative one', -5, 0],
  ['one that runtimes would take for none', 2 ** 40, 2 ** 31 - 1],
  ['one that never ends', Infinity, 2 ** 31 - 1],
])('a delay: %s', (_, ms, expected) => {
  const setTimeout = vi.spyOn(globalThis, 'setTimeout').mockReturnThis();
  const callback = (): void => {};
  realClock.setTimeout(callback, ms);
  expect(setTimeout).toHaveBeenCalledExactlyOnceWith(callback, expected);
});

test('a timer that was cleared does not fire', () => {
  vi.useFakeTimers();
  try {
    const callback = vi.fn<() => void>();
    realClock.clearTimeout(realClock.setTimeout(callback, 5));
    realClock.clearTimeout(undefined);
    vi.advanceTimersByTime(10);
    expect(callback).not.toHaveBeenCalled();
  } finally {
    vi.useRealTimers();
  }
});

test('does not go backwards', () => {
  const first = realClock.now();
  expect(realClock.now()).toBeGreaterThanOrEqual(first);
});
