import { Backoff, type BackoffOptions } from './backoff.js';

/**
 * The pauses between attempts, in milliseconds, jitter included; one less than there are `steps`, for ever without. A pure value:
 * nothing waits.
 *
 * ```ts
 * [...backoffDelays({ durationMs: 10, factor: 5, steps: 4 })]; // [10, 50, 250]
 * ```
 *
 * Unlike those of apimachinery's `ExponentialBackoff`, attempts do not end when the cap is reached.
 */
export function* backoffDelays(
  { steps = Infinity, ...growth }: BackoffOptions,
  random: () => number = Math.random,
): Generator<number, void, void> {
  const backoff = new Backoff(growth, { random });
  for (let attempts = 1; attempts < steps; attempts++) yield backoff.step();
}
