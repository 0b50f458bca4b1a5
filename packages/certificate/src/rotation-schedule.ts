import { Backoff, type Clock } from '@client-ts/apimachinery';

/** From when to when a certificate counts. */
export interface Lifetime {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** After a failure: 2 s, then twice as long each time up to 32 s, a tenth more at the most; about what client-go does. */
const RetryDelays = { durationMs: 2000, factor: 2, jitter: 0.1, capMs: 32_000 };

/**
 * When the next certificate is asked for: the rules, without a request. With client-go's formula, which spreads those of many
 * machines that were set up together: at 70 to 90 % of the lifetime of the one there is; at once when there is none.
 */
export class RotationSchedule {
  readonly #clock: Pick<Clock, 'random'>;
  readonly #delays: Backoff;
  #dueMs = -Infinity;

  constructor(clock: Pick<Clock, 'random'>) {
    this.#clock = clock;
    this.#delays = new Backoff(RetryDelays, clock);
  }

  /** When to ask, in milliseconds since the epoch. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** From now on, this is the certificate there is. */
  adopt({ notBeforeMs, notAfterMs }: Lifetime): void {
    this.#dueMs = notBeforeMs + (notAfterMs - notBeforeMs) * (0.7 + 0.2 * this.#clock.random());
  }

  /** The certificate there is will be replaced as soon as possible. */
  force(): void {
    this.#dueMs = -Infinity;
  }

  /** An attempt brought what was wanted. */
  succeeded(): void {
    this.#delays.reset();
  }

  /** An attempt did not. Returns how long to wait before the next one, in milliseconds. */
  failed(): number {
    return this.#delays.step();
  }
}
