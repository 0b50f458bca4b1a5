import type { Clock } from '@client-ts/apimachinery';

/** Shorter periods would be a mistake in the unit. */
export const MinResyncPeriodMs = 1000;

/** Calls back every so often, while started. */
export class ResyncTimer {
  readonly #clock: Clock;
  readonly #periodMs: number;
  readonly #callback: () => void;
  #timer: unknown;

  /** @throws RangeError for a period below {@link MinResyncPeriodMs}. */
  constructor(clock: Clock, periodMs: number, callback: () => void) {
    if (!(periodMs >= MinResyncPeriodMs)) {
      throw new RangeError(`resyncPeriodMs must be at least ${MinResyncPeriodMs}, got ${periodMs}`);
    }
    this.#clock = clock;
    this.#periodMs = periodMs;
    this.#callback = callback;
  }

  start(): void {
    this.stop();
    this.#arm(this.#clock.now() + this.#periodMs);
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(at: number): void {
    this.#timer = this.#clock.setTimeout(() => {
      const now = this.#clock.now();
      if (now < at) return this.#arm(at);
      this.#arm(now + this.#periodMs);
      this.#callback();
    }, at - this.#clock.now());
  }
}
