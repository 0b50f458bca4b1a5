import { expect, test, vi } from 'vitest';
import { newConflict, newNotFound } from './errors/constructors.js';
import { DefaultBackoff, retryOnConflict, retryOnError } from './retry.js';
import { FakeClock } from './testing.js';

const pods = { group: '', resource: 'pods' };

/** Fails `failures` times with `error`, then gives `'done'`. */
function attemptAfter(failures: number, error: unknown) {
  let left = failures;
  return vi.fn<() => Promise<string>>(async () => {
    if (left-- > 0) throw error;
    return 'done';
  });
}

test.each([0, 1, 4])('%i conflicts take one more attempt', async (failures) => {
  const clock = new FakeClock(0);
  const attempt = attemptAfter(failures, newConflict(pods, 'web'));
  const result = retryOnConflict(attempt, { clock });
  await clock.advance(100);
  expect(await result).toBe('done');
  expect(attempt).toHaveBeenCalledTimes(failures + 1);
  expect(clock.pending).toBe(0);
});

test('attempts are 10 ms apart, a tenth more at the most', async () => {
  const clock = new FakeClock(0);
  const times: number[] = [];
  const result = retryOnConflict(
    async () => {
      times.push(clock.now());
      if (times.length < 5) throw newConflict(pods, 'web');
    },
    { clock },
  );
  await clock.advance(100);
  await result;
  for (const [index, time] of times.slice(1).entries()) {
    expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(10);
    expect(time - (times[index] ?? 0)).toBeLessThan(11);
  }
});

test('after five attempts the last conflict is thrown', async () => {
  const clock = new FakeClock();
  const errors = Array.from({ length: 6 }, (_, index) => newConflict(pods, `web-${index}`));
  let attempts = 0;
  const result = retryOnConflict(() => Promise.reject(errors[attempts++]), { clock });
  const outcome = result.catch((error: unknown) => error);
  await clock.advance(100);
  expect(await outcome).toBe(errors[4]);
  expect(attempts).toBe(5);
});

test.each([
  ['options', { durationMs: 0, steps: 3 }],
  ['pauses', [0, 0]],
])('TestRetryOnConflict, with %s', async (_, backoff) => {
  const clock = new FakeClock();
  const conflict = newConflict({ group: '', resource: 'test' }, 'other');
  const never = vi.fn<() => Promise<void>>(() => Promise.reject(conflict));
  const outcome = retryOnConflict(never, { backoff, clock }).catch((error: unknown) => error);
  await clock.advance(0);
  expect(await outcome).toBe(conflict);
  expect(never).toHaveBeenCalledTimes(3);
  const twice = attemptAfter(2, conflict);
  const result = retryOnConflict(twice, { backoff, clock });
  await clock.advance(0);
  expect(await result).toBe('done');
});

test('TestRetryOnConflictPreservesContextErrorWithoutLastError', async () => {
  const aborted = new DOMException('aborted', 'AbortError');
  const attempt = attemptAfter(9, aborted);
  await expect(retryOnConflict(attempt, { backoff: DefaultBackoff })).rejects.toBe(aborted);
  expect(attempt).toHaveBeenCalledOnce();
});

test('pauses that are given one by one are taken in turn', async () => {
  const clock = new FakeClock(0);
  const times: number[] = [];
  const failing = (): Promise<never> => {
    times.push(clock.now());
    return Promise.reject(newConflict(pods, 'web'));
  };
  const outcome = retryOnConflict(failing, { clock, backoff: [5, 0, 100] }).catch(() => 'given up');
  await clock.advance(1000);
  expect(await outcome).toBe('given up');
  expect(times).toEqual([0, 5, 5, 105]);
});

test('another error ends it at once', async () => {
  const error = newNotFound(pods, 'web');
  const attempt = attemptAfter(1, error);
  await expect(retryOnConflict(attempt, { clock: new FakeClock() })).rejects.toBe(error);
  expect(attempt).toHaveBeenCalledOnce();
});

test('without a limit of steps it goes on until the error is another one', async () => {
  const clock = new FakeClock();
  let attempts = 0;
  const result = retryOnError(
    (error) => error !== 'final',
    () => Promise.reject(++attempts === 50 ? 'final' : 'again'),
    { clock, backoff: { durationMs: 1 } },
  );
  const outcome = result.catch((error: unknown) => error);
  await clock.advance(100);
  expect(await outcome).toBe('final');
  expect(attempts).toBe(50);
});

test('aborting ends the waiting', async () => {
  const clock = new FakeClock();
  const controller = new AbortController();
  const attempt = attemptAfter(3, newConflict(pods, 'web'));
  const result = retryOnConflict(attempt, { clock, signal: controller.signal });
  const outcome = result.catch((error: unknown) => error);
  await clock.advance(0);
  controller.abort('enough');
  expect(await outcome).toBe('enough');
  expect(attempt).toHaveBeenCalledOnce();
  expect(clock.pending).toBe(0);
});

test('with a signal that was aborted before there is no attempt', async () => {
  const attempt = attemptAfter(0, undefined);
  await expect(retryOnConflict(attempt, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
  expect(attempt).not.toHaveBeenCalled();
});
