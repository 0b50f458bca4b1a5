import type { Clock } from './clock.js';

/** How delays between attempts grow. The names are those of apimachinery's `wait.Backoff`. */
export interface BackoffOptions {
  /** First delay, in milliseconds. */
  readonly durationMs: number;
  /** Each delay is the one before times this. Default: 1. */
  readonly factor?: number | undefined;
  /** Each delay is lengthened by a random share of itself, up to this. Default: 0. */
  readonly jitter?: number | undefined;
  /** How many delays grow; after them the delay stays. Default: no limit. */
  readonly steps?: number | undefined;
  /** No delay before jitter is longer, in milliseconds. Default: no limit. */
  readonly capMs?: number | undefined;
}

/** Successive delays. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #clock: Pick<Clock, 'random'>;
  #nextMs: number;
  #steps: number;

  constructor(options: BackoffOptions, clock: Pick<Clock, 'random'>) {
    this.#options = options;
    this.#clock = clock;
    this.#nextMs = options.durationMs;
    this.#steps = options.steps ?? Infinity;
  }

  /** The next delay in milliseconds, jitter included. */
  step(): number {
    const { factor = 1, jitter = 0, capMs = Infinity } = this.#options;
    const delay = Math.min(this.#nextMs, capMs);
    if (this.#steps > 0) {
      this.#steps--;
      this.#nextMs = Math.min(delay * factor, capMs);
    }
    return delay * (1 + jitter * this.#clock.random());
  }

  /** Start over with the first delay. */
  reset(): void {
    this.#nextMs = this.#options.durationMs;
    this.#steps = this.#options.steps ?? Infinity;
  }
}
