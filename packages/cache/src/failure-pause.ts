import { Backoff, type BackoffOptions, type Clock, sleep } from '@client-ts/apimachinery';

/** As client-go's, where jitter also makes the longest pause 30 to 60 seconds. */
const DefaultBackoff: BackoffOptions = { durationMs: 800, factor: 2, capMs: 30_000, jitter: 1 };

/** After this long without a failure the next one is a first one again. */
const HealthyAfterMs = 2 * 60_000;

/** Pauses after failures, each longer than the last. */
export class FailurePause {
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  /** When the last pause ended. */
  #endedMs = -Infinity;

  constructor(clock: Clock, options: BackoffOptions = DefaultBackoff) {
    this.#clock = clock;
    this.#backoff = new Backoff(options, clock);
  }

  /** Waits, for `minDelayMs` at least; resolves early when `signal` aborts. */
  async wait(minDelayMs: number, signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    if (now - this.#endedMs > HealthyAfterMs) this.#backoff.reset();
    const delayMs = Math.max(this.#backoff.step(), minDelayMs);
    this.#endedMs = now + delayMs;
    try {
      await sleep(this.#clock, delayMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
