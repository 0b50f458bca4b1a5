import { expect, test } from 'vitest';
import { Backoff, type BackoffOptions } from './backoff.js';

// TestBackoff_Step, and more
test.each<[BackoffOptions, number[]]>([
  [{ durationMs: 1000, steps: -1 }, [1000, 1000, 1000]],
  [{ durationMs: 1000 }, [1000, 1000, 1000]],
  [{ durationMs: 1000, factor: 2, steps: 0 }, [1000, 1000, 1000]],
  [{ durationMs: 1000, factor: 1, steps: 1 }, [1000, 1000, 1000]],
  [{ durationMs: 1000, factor: 2, steps: 3 }, [1000, 2000, 4000, 8000, 8000]],
  [{ durationMs: 1000, factor: 2, capMs: 3000 }, [1000, 2000, 3000, 3000]],
  [{ durationMs: 1000, factor: 2, steps: 3, capMs: 3000 }, [1000, 2000, 3000, 3000]],
  [{ durationMs: 5000, capMs: 3000 }, [3000, 3000]],
  [{ durationMs: 1000, factor: 2, jitter: 0.5 }, [1250, 2500, 5000]],
  [{ durationMs: 1000, factor: 2, jitter: 4, capMs: 2000 }, [3000, 6000, 6000]],
  [{ durationMs: 0, factor: 2 }, [0, 0]],
])('%j gives the delays %j', (options, delays) => {
  const backoff = new Backoff(options, { random: () => 0.5 });
  expect(delays.map(() => backoff.step())).toEqual(delays);
  backoff.reset();
  expect(delays.map(() => backoff.step())).toEqual(delays);
});

test('a thousand steps stay at the cap', () => {
  const backoff = new Backoff({ durationMs: 800, factor: 2, capMs: 30_000 }, { random: () => 0 });
  const delays = Array.from({ length: 1000 }, () => backoff.step());
  expect(delays.at(-1)).toBe(30_000);
});
